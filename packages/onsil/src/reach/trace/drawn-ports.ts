/**
 * A NAT gateway draws the source port of what it sends on. Where a filter behind it lets some of
 * these ports pass and others not, the way splits: each draw is followed to its end, and then the
 * ends are one answer again.
 * https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
 */
import {
  boxesOf,
  equals,
  intersect,
  isEmpty,
  type PacketSet,
  type Range,
} from '../packet-set/packet-set.ts';
import { portInto } from '../packet-set/rewrite.ts';
import type { Verdict } from '../verdict.ts';
import { type Outcome, type State, turnedFor, withSourcePorts } from './state.ts';

export const DRAWN_PORTS: readonly Range[] = [{ first: 1024, last: 65535 }];

/** Goes on for each kind of port that the filters tell apart, and brings the ends together. */
export function overDrawnPorts(
  state: State,
  filters: readonly PacketSet[],
  go: (state: State) => readonly Outcome[],
): readonly Outcome[] {
  const kinds = byDrawnPort(state, filters);
  const [only] = kinds;
  if (only === undefined || kinds.length === 1) return go(only ?? state);
  return together(kinds.map((each) => ({ ports: each.sourcePorts ?? [], outcomes: go(each) })));
}

/** Each with ports that are alike to all filters, by the least one. */
function byDrawnPort(state: State, filters: readonly PacketSet[]): readonly State[] {
  const { sourcePorts } = state;
  // Filters name destination ports: on the way forward the source port is of no matter.
  if (sourcePorts === undefined || state.way === 'forward') return [state];
  const sets = filters.map((filter) => turnedFor(state, filter));
  const kinds: { readonly images: readonly PacketSet[]; readonly ports: Range[] }[] = [];
  for (const ports of cut(sourcePorts, sets)) {
    const images = sets.map((set) => portInto(set, ports.first));
    const known = kinds.find((kind) =>
      kind.images.every((set, at) => equals(set, images[at] ?? [])),
    );
    if (known === undefined) kinds.push({ images, ports: [ports] });
    else known.ports.push(ports);
  }
  return kinds.map(({ ports }) => withSourcePorts(state, ports));
}

/** At every port where some set begins or ends. */
function cut(ports: readonly Range[], sets: readonly PacketSet[]): readonly Range[] {
  const firsts = new Set(
    sets.flatMap((set) => [...boxesOf(set)].flatMap(([, , , one]) => [one.first, one.last + 1])),
  );
  const sorted = [...firsts].toSorted((a, b) => a - b);
  return ports.flatMap(({ first, last }) => {
    const inner = sorted.filter((port) => port > first && port <= last);
    const starts = [first, ...inner];
    return starts.map((start, index) => ({
      first: start,
      last: (starts[index + 1] ?? last + 1) - 1,
    }));
  });
}

interface Kind {
  readonly ports: readonly Range[];
  readonly outcomes: readonly Outcome[];
}

/** What becomes of the same packets, by the port drawn. */
interface Fates {
  readonly packets: PacketSet;
  readonly each: readonly { readonly ports: readonly Range[]; readonly outcome: Outcome }[];
}

function together(kinds: readonly Kind[]): readonly Outcome[] {
  const [first, ...others] = kinds;
  if (first === undefined) return [];
  const { ports } = first;
  let parts: readonly Fates[] = first.outcomes.map((outcome) => ({
    ...{ packets: outcome.packets, each: [{ ports, outcome }] },
  }));
  for (const kind of others) {
    parts = parts.flatMap((part) =>
      kind.outcomes.flatMap((outcome): readonly Fates[] => {
        const packets = intersect(part.packets, outcome.packets);
        const each = [...part.each, { ports: kind.ports, outcome }];
        return isEmpty(packets) ? [] : [{ packets, each }];
      }),
    );
  }
  return parts.map(fateOf);
}

function fateOf({ packets, each }: Fates): Outcome {
  const [first] = each;
  if (first === undefined) throw new TypeError('There is at least one kind of port.');
  const passing = each.filter(({ outcome }) => passesSome(outcome.verdict));
  const otherwise = each.find(({ outcome }) => outcome.verdict.kind !== 'reachable');
  // The same end whatever is drawn; of several refusals that of the least port.
  if (otherwise === undefined || passing.length === 0) return { ...first.outcome, packets };
  const { outcome } = otherwise;
  if (isByPort(outcome.verdict)) return { ...outcome, packets };
  const reason = {
    code: 'REMAP_EPHEMERAL_PORT',
    ports: passing.flatMap(({ ports }) => ports),
    otherwise: outcome.verdict,
  } as const;
  return { ...outcome, packets, verdict: { kind: 'ambiguous', way: 'return', reason } };
}

const isByPort = (verdict: Verdict): boolean =>
  verdict.kind === 'ambiguous' && verdict.reason.code === 'REMAP_EPHEMERAL_PORT';

const passesSome = (verdict: Verdict): boolean => verdict.kind === 'reachable' || isByPort(verdict);
