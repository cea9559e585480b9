/**
 * Packets under way, always remembered as their sender sends them. What a filter sees is a view
 * of them: addresses translated so far, and turned round on the way back. A filter's set is
 * pulled back through the view, so that every answer is about the packets as sent, exactly.
 */
import { commonRanges, equalRanges, isIn } from '../addresses.ts';
import type { Hop } from '../hop.ts';
import type { Model, Port } from '../model.ts';
import {
  box,
  EMPTY,
  intersect,
  type PacketSet,
  type Range,
  subtract,
} from '../packet-set/packet-set.ts';
import { addressesOf, portInto, type Side, translatedInto } from '../packet-set/rewrite.ts';
import type { Verdict, Way } from '../verdict.ts';

export interface State {
  readonly model: Model;
  readonly way: Way;
  /** As sent by the one who opened the conversation. Never empty. */
  readonly packets: PacketSet;
  /** Addresses in place of the sent ones, said for the way forward. */
  readonly source?: number;
  readonly destination?: number;
  /** Of tcp and udp: what a NAT gateway may have drawn in place of the sent source port. */
  readonly sourcePorts?: readonly Range[];
  /** The interface that opened the conversation; absent: somebody outside. */
  readonly origin?: Port;
  readonly forward: readonly Hop[];
  readonly back: readonly Hop[];
  /** Interfaces of middleboxes that each way passed, in order. */
  readonly middleboxes: readonly string[];
  readonly returned: readonly string[];
  /** What NAT instances and gateways translated, to be undone by the same ones. */
  readonly translations: readonly Translation[];
  /** VPCs that the request left by an egress-only gateway, which lets its reply in again. */
  readonly leftBy: readonly string[];
}

interface Translation {
  readonly networkInterfaceId: string;
  /** Absent: the address as sent. */
  readonly before: number | undefined;
  /** Absent: the ports as sent. */
  readonly portsBefore: readonly Range[] | undefined;
}

/** Some of the packets that were asked about, and what becomes of them. */
export interface Outcome {
  /** As the sender sends them. Outcomes of one question are disjoint. */
  readonly packets: PacketSet;
  readonly verdict: Verdict;
  readonly forward: readonly Hop[];
  /** Of the replies; empty where there are none, or where nothing arrives. */
  readonly back: readonly Hop[];
}

/** A part of a state, or nothing where no packet is left. */
export type Part = State | undefined;

/** The sent side that shows as `side` now. */
function sentSide(state: State, side: Side): Side {
  if (state.way === 'forward') return side;
  return side === 'source' ? 'destination' : 'source';
}

/** The addresses that a side shows now. */
export function shown(state: State, side: Side): readonly Range[] {
  const sent = sentSide(state, side);
  const translated = state[sent];
  return translated === undefined
    ? addressesOf(state.packets, sent)
    : [{ first: translated, last: translated }];
}

/** The packets whose side shows one of the addresses now. */
export function withAddress(state: State, side: Side, ranges: readonly Range[]): Part {
  const sent = sentSide(state, side);
  const translated = state[sent];
  if (translated !== undefined) return isIn(translated, ranges) ? state : undefined;
  const all = addressesOf(state.packets, sent);
  const common = commonRanges(all, ranges);
  if (common.length === 0) return undefined;
  if (equalRanges(common, all)) return state;
  const name = sent === 'source' ? 'sources' : 'destinations';
  return withPackets(state, intersect(state.packets, box({ [name]: ranges })));
}

/** The packets that show as one of `filter` now. */
export function passing(state: State, filter: PacketSet): Part {
  return withPackets(state, intersect(state.packets, pulledBack(state, filter)));
}

function pulledBack(state: State, filter: PacketSet): PacketSet {
  const { source, destination, sourcePorts } = state;
  const turned = turnedFor(state, filter);
  // All of them are alike to the filter: see byDrawnPort.
  const [port] = sourcePorts ?? [];
  const drawn = port === undefined ? turned : portInto(turned, port.first);
  const first = source === undefined ? drawn : translatedInto(drawn, 'source', source);
  return destination === undefined ? first : translatedInto(first, 'destination', destination);
}

/** A filter of packets as the way forward says them. */
export function turnedFor({ way, model }: State, filter: PacketSet): PacketSet {
  return way === 'return' ? model.repliedBy(filter) : filter;
}

/** What of the state is not in the part. */
export function remaining(state: State, part: Part): Part {
  return withPackets(state, subtract(state.packets, part?.packets ?? EMPTY));
}

export function withPackets(state: State, packets: PacketSet): Part {
  return packets.length === 0 ? undefined : { ...state, packets };
}

export function translated(state: State, side: Side, address: number | undefined): State {
  const sent = sentSide(state, side);
  const { [sent]: _before, ...rest } = state;
  return address === undefined ? rest : { ...rest, [sent]: address };
}

export function withSourcePorts(state: State, ports: readonly Range[] | undefined): State {
  const { sourcePorts: _before, ...rest } = state;
  return ports === undefined ? rest : { ...rest, sourcePorts: ports };
}

/** Whether the packets look as sent (or, on the way back, as the exact reply). */
export function looksAsSent(state: State): boolean {
  if (state.sourcePorts !== undefined) return false;
  return (['source', 'destination'] as const).every((side) => {
    const address = state[side];
    if (address === undefined) return true;
    return addressesOf(state.packets, side).every(
      ({ first, last }) => first === address && last === address,
    );
  });
}

export function passed(state: State, hop: Hop): State {
  return state.way === 'forward'
    ? { ...state, forward: [...state.forward, hop] }
    : { ...state, back: [...state.back, hop] };
}

export function ends({ packets, forward, back }: State, verdict: Verdict): Outcome {
  return { packets, verdict, forward, back };
}
