/** The command line of `npm run bench`. Pure. */
import { parseArgs } from 'node:util';

export const PARTS = ['reach', 'load'] as const;

export interface BenchOptions {
  /** How often each figure but the cold start is measured. */
  readonly rounds: number;
  /** Leaves the cold start and the hundred instances out. */
  readonly quick: boolean;
  /** Nothing but this part; absent: everything. */
  readonly only?: (typeof PARTS)[number];
  readonly json: boolean;
  /** Puts the table into both READMEs. */
  readonly write: boolean;
  readonly help: boolean;
}

export const HELP = `npm run bench -- [options]

Measures a lab of the example on this machine: start, stop, memory, requests, throughput,
how long it takes to work out who reaches whom in regions of up to 10,000 interfaces,
a lab of a hundred instances, and an update of 500 security groups.
Needs root. Takes about 20 minutes, 4 with --quick. It starts labs of its own (bench and
those whose names begin with bench-), aims at nothing but them, and removes them.
It asserts nothing: targets are printed beside what was measured.

  --rounds <n>  how often each figure is measured, 1 to 9 (3), throughput at least 5 times;
                medians are printed
  --quick       leave out the cold start and the hundred instances
  --only reach  only who reaches whom: no root, no lab, under a minute
  --only load   only the hundred instances and the security groups
  --json        print JSON: machine, figures with every round, what each one means
  --write       put the table into README.md and README.ko.md, between the bench markers
  --help        this text
`;

/** A command line that cannot be understood. */
export class BenchUsageError extends Error {
  override readonly name = 'BenchUsageError';
}

/** @throws BenchUsageError */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { rounds, only, ...flags } = parse(args);
  if (!/^[1-9]$/.test(rounds)) {
    throw new BenchUsageError(
      `--rounds ${JSON.stringify(rounds)} is not a whole number from 1 to 9.`,
    );
  }
  if (only === undefined) return { rounds: Number(rounds), ...flags };
  const part = PARTS.find((each) => each === only);
  if (part === undefined) {
    const there = PARTS.map((each) => `--only ${each}`).join(' and ');
    throw new BenchUsageError(`--only ${JSON.stringify(only)} is no part: there are ${there}.`);
  }
  if (flags.write) {
    throw new BenchUsageError('--write puts every figure into the READMEs: leave --only out.');
  }
  return { rounds: Number(rounds), only: part, ...flags };
}

function parse(args: readonly string[]) {
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        rounds: { type: 'string', default: '3' },
        only: { type: 'string' },
        quick: flag,
        json: flag,
        write: flag,
        help: flag,
      },
    }).values;
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new BenchUsageError(what, { cause });
  }
}
