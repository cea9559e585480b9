/** Are what `reach` says of a packet and what was seen of it the same? */
import type { Fate } from '../lab/probe/exchange.ts';
import { SERVICES_HOST } from './hosts.ts';
import type { Prediction } from './predict.ts';

export type Comparison =
  | { readonly kind: 'agreed' }
  | { readonly kind: 'disagreed'; readonly expected: string; readonly seen: string }
  /** Both answers would be right: AWS leaves the outcome open. */
  | { readonly kind: 'open' }
  | { readonly kind: 'not-conclusive'; readonly reason: string };

/**
 * Linux's connection tracking forgets a connection at once whose only answer is a reset, and the
 * lab's router sees that reset twice where it passes an appliance: the second time, it belongs to
 * nothing. On AWS it would pass.
 */
export const REFUSAL_LOST = 'a closed port is behind an appliance: the lab loses its refusal';

export function compare(prediction: Prediction, fate: Fate): Comparison {
  const { verdict } = prediction.outcome;
  if (fate.notSent !== undefined) {
    return notConclusive(`the sender's own system does not send it (${fate.notSent})`);
  }
  if (verdict.kind === 'not-modelled') {
    return notConclusive(`depends on ${verdict.resource}, which is not modelled`);
  }
  // Which of two routes is taken is open, and with it where the packet arrives.
  if (verdict.kind === 'ambiguous' && verdict.way === 'forward') return { kind: 'open' };
  const expected = expectedWords(prediction);
  const seen = seenWords(fate);
  if (fate.arrived === undefined && prediction.arrivesAt !== undefined) {
    // The lab's Internet sends on what goes outside: it is no host of the region.
    const keeper = fate.passed.find((name) => !fate.sentOn.includes(name));
    if (keeper !== undefined && keeper !== SERVICES_HOST) {
      return notConclusive(`${keeper} gets it and does not send it on`);
    }
  }
  if (fate.arrived?.host !== prediction.arrivesAt || !sameWay(prediction, fate)) {
    return { kind: 'disagreed', expected, seen };
  }
  if (verdict.kind === 'blocked' && verdict.way === 'forward') return { kind: 'agreed' };
  if (verdict.kind === 'ambiguous') return { kind: 'open' };
  if (!fate.answered && !fate.returned) {
    return notConclusive(`${fate.arrived?.host} gets it and does not answer`);
  }
  if (fate.refused && !fate.returned && fate.passed.some((name) => name !== SERVICES_HOST)) {
    return notConclusive(REFUSAL_LOST);
  }
  const isSame = fate.returned === (verdict.kind === 'reachable');
  return isSame ? { kind: 'agreed' } : { kind: 'disagreed', expected, seen };
}

const notConclusive = (reason: string): Comparison => ({ kind: 'not-conclusive', reason });

/** The same hosts sent it on: the way matters, not only where it ends. */
function sameWay({ forwardedBy }: Prediction, { passed }: Fate): boolean {
  const expected = new Set(forwardedBy);
  const seen = new Set(passed.filter((name) => name !== SERVICES_HOST));
  return expected.size === seen.size && [...expected].every((name) => seen.has(name));
}

function expectedWords({ outcome: { verdict }, arrivesAt, forwardedBy }: Prediction): string {
  const by = forwardedBy.length === 0 ? '' : ` by way of ${forwardedBy.join(', ')}`;
  const arrives = `arrives at ${arrivesAt}${by}`;
  switch (verdict.kind) {
    case 'reachable':
      return `${arrives}, and the answer comes back`;
    case 'blocked': {
      const what = `${verdict.by.component}, ${verdict.by.code}`;
      return verdict.way === 'forward'
        ? `does not arrive${by} (${what})`
        : `${arrives}, and the answer does not come back (${what})`;
    }
    case 'ambiguous':
      return `${arrives}; whether the answer comes back is open`;
    case 'not-modelled':
      return `depends on ${verdict.resource}`;
  }
}

function seenWords({ passed, arrived, answered, returned }: Fate): string {
  const by = passed.length === 0 ? '' : ` by way of ${passed.join(', ')}`;
  if (arrived === undefined) return `did not arrive${by}`;
  const arrives = `arrived at ${arrived.host}${by}`;
  if (returned) return `${arrives}, and the answer came back`;
  return `${arrives}, ${answered ? 'and the answer did not come back' : 'which did not answer'}`;
}
