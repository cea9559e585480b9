import { expect, test } from 'vitest';
import type { Fate } from '../lab/probe/exchange.ts';
import type { Blocker, Verdict } from '../reach/verdict.ts';
import { compare } from './compare.ts';
import type { Prediction } from './predict.ts';

const NOTHING: Fate = {
  ...{ passed: [], sentOn: [] },
  ...{ answered: false, refused: false, returned: false },
};
const probe = {
  ...{ protocol: 6, source: '10.0.1.4', destination: '10.0.2.5' },
  ...{ sourcePort: 1024, destinationPort: 80 },
};
const arrived: Fate = { ...NOTHING, arrived: { host: 'web', probe } };
const lost: Fate = { ...arrived, answered: true };
const returned: Fate = { ...lost, returned: true };
const boxed = (fate: Fate): Fate => ({ ...fate, passed: ['nat'], sentOn: ['nat'] });

const by: Blocker = {
  component: 'network-interface',
  code: 'BAD_STATE_ATTACHMENT',
  networkInterfaceId: 'eni-1',
};
const reachable = said({ kind: 'reachable' }, 'web');
const behindNat: Prediction = { ...reachable, forwardedBy: ['nat'] };
const blocked = said({ kind: 'blocked', way: 'forward', by }, undefined);
const noReply = said({ kind: 'blocked', way: 'return', by }, 'web');
const open = said(
  {
    ...{ kind: 'ambiguous', way: 'return' },
    reason: { code: 'ASYMMETRIC_ROUTE', forward: [], return: [] },
  },
  'web',
);
const openWay = said(
  {
    ...{ kind: 'ambiguous', way: 'forward' },
    reason: { code: 'ASYMMETRIC_ROUTE', forward: [], return: [] },
  },
  undefined,
);
const unknown = said({ kind: 'not-modelled', way: 'forward', resource: 'Tgw' }, undefined);

function said(verdict: Verdict, arrivesAt: string | undefined): Prediction {
  return {
    outcome: { packets: [], verdict, forward: [], back: [] },
    ...(arrivesAt === undefined ? {} : { arrivesAt }),
    forwardedBy: [],
  };
}

test.each<readonly [string, Prediction, Fate, string]>([
  ['the answer came back', reachable, returned, 'agreed'],
  ['the answer was lost', reachable, lost, 'disagreed'],
  ['it was lost', reachable, NOTHING, 'disagreed'],
  ['it came to another host', { ...reachable, arrivesAt: 'api' }, returned, 'disagreed'],
  ['it came by way of a host', reachable, boxed(returned), 'disagreed'],
  ['it came by way of the host', behindNat, boxed(returned), 'agreed'],
  ['it missed the host', behindNat, returned, 'disagreed'],
  ['a refusal was lost', reachable, { ...lost, refused: true }, 'disagreed'],
  [
    'a refusal was lost behind a host',
    behindNat,
    boxed({ ...lost, refused: true }),
    'not-conclusive',
  ],
  ['an answer was lost behind a host', behindNat, boxed(lost), 'disagreed'],
  [
    'it came by way of another host',
    { ...reachable, forwardedBy: ['box'] },
    boxed(returned),
    'disagreed',
  ],
  ['the host does not answer', reachable, arrived, 'not-conclusive'],
  ['a host keeps it', reachable, { ...NOTHING, passed: ['nat'] }, 'not-conclusive'],
  ['it was sent on and lost', reachable, boxed(NOTHING), 'disagreed'],
  ['blocked and lost', blocked, NOTHING, 'agreed'],
  ['blocked and arrived', blocked, arrived, 'disagreed'],
  ['blocked and returned', blocked, returned, 'disagreed'],
  ['the answer is blocked and lost', noReply, lost, 'agreed'],
  ['the answer is blocked and came back', noReply, returned, 'disagreed'],
  ['the answer is blocked and nothing arrived', noReply, NOTHING, 'disagreed'],
  ['its own services pass it', reachable, { ...returned, passed: ['services'] }, 'agreed'],
  ['its own services keep it', reachable, { ...NOTHING, passed: ['services'] }, 'disagreed'],
  [
    'nobody is to get it, and a host keeps it',
    blocked,
    { ...NOTHING, passed: ['nat'] },
    'disagreed',
  ],
  ['a host keeps another copy', reachable, { ...returned, passed: ['nat'] }, 'disagreed'],
  ['it came back of itself', reachable, { ...arrived, returned: true }, 'agreed'],
  ['a refusal came back', behindNat, boxed({ ...returned, refused: true }), 'agreed'],
  ['open is where it goes, and it arrived', openWay, arrived, 'open'],
  ['open is where it goes, and it was lost', openWay, NOTHING, 'open'],
  ['open, and came back', open, returned, 'open'],
  ['open, and was lost', open, lost, 'open'],
  ['open is only the answer', open, NOTHING, 'disagreed'],
  ['not modelled', unknown, returned, 'not-conclusive'],
  ['not sent', blocked, { ...NOTHING, notSent: 'EPERM' }, 'not-conclusive'],
])('%s', (_name, prediction, fate, kind) => {
  expect(compare(prediction, fate).kind).toBe(kind);
});

const BLOCKER = '(network-interface, BAD_STATE_ATTACHMENT)';
test.each<readonly [string, string, Prediction, Fate]>([
  [
    `does not arrive by way of nat ${BLOCKER}`,
    'arrived at web by way of nat, and the answer did not come back',
    { ...blocked, forwardedBy: ['nat'] },
    boxed(lost),
  ],
  [`does not arrive ${BLOCKER}`, 'arrived at web, which did not answer', blocked, arrived],
  ['arrives at web, and the answer comes back', 'did not arrive', reachable, NOTHING],
  [
    'arrives at web by way of nat, and the answer comes back',
    'did not arrive by way of nat',
    behindNat,
    boxed(NOTHING),
  ],
  [
    `arrives at web, and the answer does not come back ${BLOCKER}`,
    'arrived at web, and the answer came back',
    noReply,
    returned,
  ],
  ['arrives at web; whether the answer comes back is open', 'did not arrive', open, NOTHING],
])('a disagreement says both answers: %s', (expected, seen, prediction, fate) => {
  expect(compare(prediction, fate)).toEqual({ kind: 'disagreed', expected, seen });
});

test.each<readonly [Prediction, Fate, string]>([
  [blocked, { ...NOTHING, notSent: 'EPERM' }, "the sender's own system does not send it (EPERM)"],
  [unknown, returned, 'depends on Tgw, which is not modelled'],
  [reachable, { ...NOTHING, passed: ['nat'] }, 'nat gets it and does not send it on'],
  [reachable, arrived, 'web gets it and does not answer'],
  [
    behindNat,
    boxed({ ...lost, refused: true }),
    'a closed port is behind an appliance: the lab loses its refusal',
  ],
])('what is not conclusive says why: %#', (prediction, fate, reason) => {
  expect(compare(prediction, fate)).toEqual({ kind: 'not-conclusive', reason });
});
