/** The end of the way back: does the one who asked get what it waits for? */
import type { Port } from '../model.ts';
import { asymmetric, otherAddress } from './middlebox.ts';
import {
  ends,
  looksAsSent,
  type Outcome,
  passed,
  type State,
  shown,
  translated,
  withSourcePorts,
} from './state.ts';

/** At an interface that has the address which the reply goes to. */
export function returnedTo(
  state: State,
  to: Port,
  send: (state: State, from: Port) => readonly Outcome[],
): readonly Outcome[] {
  const last = state.translations.at(-1);
  if (last?.networkInterfaceId === to.id && isTranslated(state, to)) {
    const undone = withSourcePorts(translated(state, 'destination', last.before), last.portsBefore);
    const address = shown(undone, 'destination')[0]?.first ?? 0;
    const seen = { side: 'destination', after: state.model.space.textOf(address) } as const;
    const hop =
      to.service?.kind === 'nat-gateway'
        ? ({ kind: 'nat-gateway', natGatewayId: to.service.id, ...seen } as const)
        : ({ kind: 'nat-instance', networkInterfaceId: to.id, ...seen } as const);
    const there = {
      ...passed(undone, hop),
      translations: state.translations.slice(0, -1),
      returned: [...state.returned, to.id],
    };
    return send(there, to);
  }
  if (state.origin?.id !== to.id || !looksAsSent(state)) return [otherAddress(state, to)];
  return finish(passed(state, { kind: 'network-interface', id: to.id, does: 'receives' }));
}

function isTranslated(state: State, { primary }: Port): boolean {
  return shown(state, 'destination').every(({ first, last }) =>
    [first, last].every((address) => address === primary),
  );
}

/** At the one outside who asked. */
export function returnedOutside(state: State): readonly Outcome[] {
  const answering = state.forward.findLast(({ kind }) => kind === 'network-interface');
  const from =
    answering?.kind === 'network-interface' ? state.model.ports.get(answering.id) : undefined;
  if (from !== undefined && (state.origin !== undefined || !looksAsSent(state))) {
    return [otherAddress(state, from)];
  }
  return finish(passed(state, { kind: 'internet' }));
}

/** The reply must have passed the middleboxes that the request passed, the other way round. */
function finish(state: State): readonly Outcome[] {
  const { middleboxes, returned } = state;
  const same =
    middleboxes.length === returned.length &&
    middleboxes.toReversed().every((id, index) => id === returned[index]);
  return [same ? ends(state, { kind: 'reachable' }) : asymmetric(state)];
}
