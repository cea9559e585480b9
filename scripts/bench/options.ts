/** The command line of `npm run bench`. Pure. */
import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** How often each figure but the cold start is measured. */
  readonly rounds: number;
  /** Leaves the cold start out. */
  readonly quick: boolean;
  /** Nothing but this part; absent: everything. */
  readonly only?: 'reach';
  readonly json: boolean;
  /** Puts the table into both READMEs. */
  readonly write: boolean;
  readonly help: boolean;
}

export const HELP = `npm run bench -- [options]

Measures a lab of the example on this machine: start, stop, memory, requests, throughput,
and how long it takes to work out who reaches whom in regions of up to 10,000 interfaces.
Needs root. Takes about 7 minutes, 3 with --quick. It starts labs of its own (bench,
bench-cold, bench-gates, bench-plain), aims at nothing but them, and removes them.
It asserts nothing: targets are printed beside what was measured.

  --rounds <n>  how often each figure is measured, 1 to 9 (3), throughput at least 5 times;
                medians are printed
  --quick       leave out the cold start, which is measured once
  --only reach  only who reaches whom: no root, no lab, under a minute
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
  if (only !== 'reach') {
    throw new BenchUsageError(`--only ${JSON.stringify(only)} is no part: there is --only reach.`);
  }
  if (flags.write) {
    throw new BenchUsageError('--write puts every figure into the READMEs: leave --only out.');
  }
  return { rounds: Number(rounds), only, ...flags };
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
