/** Who reaches whom, as a table of text: one cell per pair, one letter per port. */
import { ask } from '../../../src/lab/daemon/client.ts';
import type { ProbeAnswer } from '../../../src/lab/daemon/probes.ts';
import type { Outcome } from '../../../src/lab/probe/connect.ts';

const LETTERS: Readonly<Record<Outcome, string>> = {
  connected: 'C',
  refused: 'r',
  timeout: '·',
  unreachable: 'u',
};

export interface Matrix {
  readonly senders: readonly string[];
  readonly receivers: readonly string[];
  readonly ports: readonly number[];
}

/** Opens every connection of a matrix, all senders at once. @returns answers by sender */
export async function probeMatrix(
  lab: string,
  { senders, receivers, ports }: Matrix,
  timeoutMs: number,
): Promise<ReadonlyMap<string, readonly ProbeAnswer[]>> {
  const targets = receivers.flatMap((to) => ports.map((port) => ({ to, port })));
  const answers = await Promise.all(
    senders.map((from) =>
      ask<readonly ProbeAnswer[]>(lab, 'POST /probe', { from, targets, timeoutMs }),
    ),
  );
  return new Map(senders.map((sender, index) => [sender, answers[index] ?? []]));
}

/** A row per sender: its name, then a cell per receiver. */
export function renderMatrix(
  { senders, receivers, ports }: Matrix,
  answers: ReadonlyMap<string, readonly ProbeAnswer[]>,
): readonly string[] {
  return senders.map((sender) => {
    const cells = receivers.map((receiver) =>
      ports.map((port) => letterOf(answers.get(sender) ?? [], receiver, port)).join(''),
    );
    return [sender.padEnd(9), ...cells].join(' ');
  });
}

function letterOf(answers: readonly ProbeAnswer[], to: string, port: number): string {
  const answer = answers.find((each) => each.to === to && each.port === port);
  return answer === undefined ? '?' : LETTERS[answer.outcome];
}
