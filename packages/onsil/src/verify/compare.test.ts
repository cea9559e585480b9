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
const blocked = said({ kind: 'blocked', way: 'forward', by }, undefined);
const noReply = said({ kind: 'blocked', way: 'return', by }, 'web');
const open = said(
  {
    ...{ kind: 'ambiguous', way: 'return' },
    reason: { code: 'ASYMMETRIC_ROUTE', forward: [], return: [] },
  },
  'web',
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
  ['it came by way of the host', { ...reachable, forwardedBy: ['nat'] }, boxed(returned), 'agreed'],
  ['it missed the host', { ...reachable, forwardedBy: ['nat'] }, returned, 'disagreed'],
  ['a refusal was lost', reachable, { ...lost, refused: true }, 'disagreed'],
  [
    'a refusal was lost behind a host',
    { ...reachable, forwardedBy: ['nat'] },
    boxed({ ...lost, refused: true }),
    'not-conclusive',
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
  ['open, and came back', open, returned, 'open'],
  ['open, and was lost', open, lost, 'open'],
  ['open is only the answer', open, NOTHING, 'disagreed'],
  ['not modelled', unknown, returned, 'not-conclusive'],
  ['not sent', blocked, { ...NOTHING, notSent: 'EPERM' }, 'not-conclusive'],
])('%s', (_name, prediction, fate, kind) => {
  expect(compare(prediction, fate).kind).toBe(kind);
});

test('a disagreement says both answers', () => {
  expect(compare({ ...blocked, forwardedBy: ['nat'] }, boxed(lost))).toEqual({
    kind: 'disagreed',
    expected: 'does not arrive by way of nat (network-interface, BAD_STATE_ATTACHMENT)',
    seen: 'arrived at web by way of nat, and the answer did not come back',
  });
});
