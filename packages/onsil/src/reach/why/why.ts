/** One question, its answer, and, where the answer is no, all that would have to change. */
import type { Region } from '../../region/region.ts';
import { compile, type Model } from '../model.ts';
import type { NotModelled } from '../not-modelled.ts';
import type { Packet } from '../packet-set/packet.ts';
import { sample } from '../packet-set/packet-set.ts';
import type { Outcome } from '../trace/state.ts';
import { type Question, trace } from '../trace/trace.ts';
import { apply, type Change } from './change.ts';
import { repair } from './repair.ts';

export interface Answer {
  /**
   * `reachable`: every packet asked about gets there, and its reply back. `partly`: some do.
   * Of the others: what stops the first of them.
   */
  readonly verdict: 'reachable' | 'partly' | 'blocked' | 'ambiguous' | 'not-modelled';
  /** Disjoint; together every packet asked about. */
  readonly outcomes: readonly Outcome[];
}

export function ask(model: Model, question: Question): Answer {
  const outcomes = trace(model, question);
  const kinds = outcomes.map(({ verdict }) => verdict.kind);
  const [refused] = kinds.filter((kind) => kind !== 'reachable');
  // Nothing asked about is no way through either.
  if (kinds.length === 0) return { verdict: 'blocked', outcomes };
  if (refused === undefined) return { verdict: 'reachable', outcomes };
  return { verdict: kinds.includes('reachable') ? 'partly' : refused, outcomes };
}

/** Changes that together, made in this order, give every packet its way: proved by asking again. */
export interface Way {
  readonly changes: readonly Change[];
  /** Whether the region with all changes made lets every packet through. */
  readonly proved: boolean;
}

/** Each change must bring the packets further; more than this many is no way but a wandering. */
const MOST_CHANGES = 32;

/**
 * The complete list of what would have to change along one way, not only the first blocker: each
 * change is made on a copy, and the question asked again, until the answer is yes.
 */
export function wayThrough(
  region: Region,
  questionOf: (model: Model) => Question,
  notModelled: readonly NotModelled[] = [],
): Way {
  const changes: Change[] = [];
  let copy = region;
  while (changes.length < MOST_CHANGES) {
    const model = compile(copy, notModelled);
    const { verdict, outcomes } = ask(model, questionOf(model));
    if (verdict === 'reachable') return { changes, proved: true };
    const refused = outcomes.find((each) => each.verdict.kind !== 'reachable');
    const change = refused === undefined ? undefined : changeFor(copy, refused);
    if (change === undefined || changes.some((each) => equal(each, change))) break;
    changes.push(change);
    copy = apply(copy, change);
  }
  return { changes, proved: false };
}

const equal = (a: Change, b: Change): boolean => JSON.stringify(a) === JSON.stringify(b);

function changeFor(
  region: Region,
  { verdict, packets, forward, back }: Outcome,
): Change | undefined {
  const packet = sample(packets);
  if (verdict.kind !== 'blocked' || packet === undefined) return undefined;
  const there = seenAfter(packet, forward);
  const seen = verdict.way === 'forward' ? there : seenAfter(turned(there), back);
  return repair(region, verdict.by, seen, verdict.way);
}

/** The header as the last hop left it. */
function seenAfter(packet: Packet, hops: Outcome['forward']): Packet {
  let seen = packet;
  for (const hop of hops) {
    if (hop.kind === 'internet-gateway' || hop.kind === 'nat-instance') {
      seen = { ...seen, [hop.side]: hop.after };
    }
  }
  return seen;
}

function turned({ protocol, source, destination, detail: [one, two] }: Packet): Packet {
  const reply = { protocol, source: destination, destination: source };
  // Only queries have replies that something can stop: echo, and kin, answered by the next type.
  if (protocol === 1) return { ...reply, detail: [one === 8 ? 0 : one + 1, two] };
  return { ...reply, detail: [two, one] };
}
