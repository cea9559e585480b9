/** Connections that make something happen, chosen from the proof of who reaches whom. */
import type { Arrow, Question, State } from '../../../api.ts';

export interface Example extends Question {
  readonly port: number;
  /** What the model expects of it. */
  readonly accepted: boolean;
}

/** One that is accepted, from the Internet where that reaches anything; and one that is not. */
export function examplesOf({ arrows, machines }: Pick<State, 'arrows' | 'machines'>): Example[] {
  const names = new Set(machines.map(({ name }) => name));
  const open = arrows.filter(
    ({ to, family, sources }) => names.has(to) && family === 'ipv4' && sources === undefined,
  );
  const good = open.find(({ from }) => from === 'internet') ?? open[0];
  return [
    ...(good === undefined ? [] : exampleOf(good.from, good, true)),
    ...rejectedOf(open, [...names]),
  ];
}

/** A port that some may use, asked for by somebody who may not: the last machine is the innermost. */
function rejectedOf(open: readonly Arrow[], names: readonly string[]): readonly Example[] {
  for (const to of names.toReversed()) {
    const arrows = open.filter((each) => each.to === to && portOf(each, 22) !== undefined);
    const stranger = names.find(
      (name) => name !== to && !open.some((each) => each.from === name && each.to === to),
    );
    const [arrow] = arrows;
    if (arrow !== undefined && stranger !== undefined) return exampleOf(stranger, arrow, false, 22);
  }
  return [];
}

function exampleOf(from: string, arrow: Arrow, accepted: boolean, not?: number): Example[] {
  const port = portOf(arrow, not);
  return port === undefined ? [] : [{ from, to: arrow.to, port, accepted }];
}

/** The first TCP port that `tcp 22, 80–90, 3306; udp 53` names by itself, but for one. */
function portOf({ services }: Arrow, not?: number): number | undefined {
  const [, ports = ''] = /^tcp (.+)$/.exec(services.split('; ')[0] ?? '') ?? [];
  return ports
    .split(', ')
    .filter((each) => /^\d+$/.test(each))
    .map(Number)
    .find((port) => port !== not);
}
