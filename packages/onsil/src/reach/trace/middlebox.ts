/**
 * Interfaces without source/destination check, which get packets that are not for them and send
 * them on: unchanged, or, where they belong to a NAT instance (see natInstances), masqueraded.
 * https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html (middlebox appliance)
 */
import { EVERYWHERE, withoutRanges } from '../addresses.ts';
import type { Port } from '../model.ts';
import {
  ends,
  type Outcome,
  passed,
  remaining,
  type State,
  translated,
  withAddress,
} from './state.ts';

type Send = (state: State, from: Port) => readonly Outcome[];

export function forward(state: State, box: Port, send: Send): readonly Outcome[] {
  return state.way === 'forward'
    ? forwardRequest(state, box, send)
    : forwardReply(state, box, send);
}

function forwardRequest(state: State, box: Port, send: Send): readonly Outcome[] {
  if (state.middleboxes.includes(box.id)) return [loops(state, box)];
  const there = { ...state, middleboxes: [...state.middleboxes, box.id] };
  const abroad = box.nat
    ? withAddress(there, 'destination', withoutRanges([EVERYWHERE], box.vpcRanges))
    : undefined;
  const unchanged = remaining(there, abroad);
  return [
    ...(abroad === undefined ? [] : send(masqueraded(abroad, box), box)),
    ...(unchanged === undefined ? [] : send(unchanged, box)),
  ];
}

function masqueraded(state: State, { id, primary }: Port): State {
  if (primary === undefined) throw new TypeError(`NAT instance interface ${id} has no address.`);
  const hop = {
    kind: 'nat-instance',
    networkInterfaceId: id,
    side: 'source',
    after: state.model.space.textOf(primary),
  } as const;
  const before = { before: state.source, portsBefore: state.sourcePorts };
  return {
    ...passed(translated(state, 'source', primary), hop),
    translations: [...state.translations, { networkInterfaceId: id, ...before }],
  };
}

/** It has sent these packets on before. */
export function loops(state: State, { id }: Port): Outcome {
  const code = 'FORWARDING_LOOP';
  const by = { component: 'network-interface', code, networkInterfaceId: id } as const;
  return ends(state, { kind: 'blocked', way: state.way, by });
}

/** Not addressed to the box: it forwards, as it did with the request, or gets in between. */
function forwardReply(state: State, box: Port, send: Send): readonly Outcome[] {
  const there = { ...state, returned: [...state.returned, box.id] };
  const expected = state.middleboxes.at(-1 - state.returned.length);
  if (expected === box.id) return send(there, box);
  const abroad = box.nat
    ? withAddress(there, 'destination', withoutRanges([EVERYWHERE], box.vpcRanges))
    : undefined;
  const rest = remaining(there, abroad);
  return [
    ...(abroad === undefined ? [] : [otherAddress(abroad, box)]),
    ...(rest === undefined ? [] : [asymmetric(rest)]),
  ];
}

/** A reply that comes from another address than the one that was asked belongs to nothing. */
export function otherAddress(state: State, { id }: Port): Outcome {
  const code = 'ASYMMETRIC_TRANSLATION';
  const by = { component: 'translation', code, networkInterfaceId: id } as const;
  return ends(state, { kind: 'blocked', way: state.way, by });
}

export function asymmetric(state: State): Outcome {
  const { way, middleboxes, returned } = state;
  const code = 'ASYMMETRIC_ROUTE';
  return ends(state, {
    kind: 'ambiguous',
    way,
    reason: { code, forward: middleboxes, return: returned },
  });
}
