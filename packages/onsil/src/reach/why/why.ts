/** One question, its answer, and, where the answer is no, all that would have to change. */
import type { Region } from '../../region/region.ts';
import { compile, type Model } from '../model.ts';
import { type Packet, replyTo } from '../packet-set/packet.ts';
import { sample } from '../packet-set/packet-set.ts';
import type { Outcome } from '../trace/state.ts';
import { type Question, trace } from '../trace/trace.ts';
import type { Verdict } from '../verdict.ts';
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
 * @param modelOf the family of addresses that the question is about; IPv4 where absent
 */
export function wayThrough(
  region: Region,
  questionOf: (model: Model) => Question,
  modelOf: (region: Region) => Model = compile,
): Way {
  const changes: Change[] = [];
  let copy = region;
  while (changes.length < MOST_CHANGES) {
    const model = modelOf(copy);
    const { verdict, outcomes } = ask(model, questionOf(model));
    if (verdict === 'reachable') return { changes, proved: true };
    const refused = outcomes.find((each) => each.verdict.kind !== 'reachable');
    const change = refused === undefined ? undefined : changeFor(model, refused);
    if (change === undefined || changes.some((each) => equal(each, change))) break;
    changes.push(change);
    copy = apply(copy, change);
  }
  return { changes, proved: false };
}

const equal = (a: Change, b: Change): boolean => JSON.stringify(a) === JSON.stringify(b);

function changeFor(model: Model, { verdict, packets, forward, back }: Outcome): Change | undefined {
  const packet = sample(packets);
  const refusal = refusalOf(verdict);
  if (refusal === undefined || packet === undefined) return undefined;
  const there = seenAfter(model, packet, forward);
  const seen = refusal.way === 'forward' ? there : seenAfter(model, replyTo(there) ?? there, back);
  return repair(model, refusal.by, seen, refusal.way);
}

/** What stops packets; of those that get through by luck only, what stops the others. */
function refusalOf(verdict: Verdict): (Verdict & { readonly kind: 'blocked' }) | undefined {
  if (verdict.kind === 'blocked') return verdict;
  return verdict.kind === 'ambiguous' && verdict.reason.code === 'REMAP_EPHEMERAL_PORT'
    ? refusalOf(verdict.reason.otherwise)
    : undefined;
}

/** The addresses as the last hop left them; ports are changed by what no rule asks them of. */
function seenAfter({ space }: Model, packet: Packet, hops: Outcome['forward']): Packet {
  let seen = packet;
  for (const hop of hops) {
    if ('side' in hop) seen = { ...seen, [hop.side]: space.addressOf(hop.after) };
  }
  return seen;
}
