import { describe, expect, test } from 'vitest';
import { counterName, type Decider, labelOf, parseLabel } from './label.ts';

const ID = '0123456789abcdef0';
const DECIDERS: readonly [Decider, string][] = [
  [
    {
      kind: 'security-group',
      direction: 'egress',
      rule: { groupId: `sg-${ID}`, ruleId: `sgr-${ID}` },
    },
    `security-group egress sg-${ID} sgr-${ID}`,
  ],
  [
    {
      kind: 'security-group',
      direction: 'ingress',
      rule: { groupId: 'sg-app', ruleId: 'sgr-tcp 80-sg-web' },
    },
    'security-group ingress sg-app sgr-tcp 80-sg-web',
  ],
  [{ kind: 'security-group', direction: 'ingress' }, 'security-group ingress none'],
  [
    { kind: 'network-acl', direction: 'ingress', networkAclId: `acl-${ID}`, entry: 100 },
    `network-acl ingress acl-${ID} 100`,
  ],
  [
    { kind: 'network-acl', direction: 'egress', networkAclId: `acl-${ID}`, entry: 32767 },
    `network-acl egress acl-${ID} *`,
  ],
  [
    { kind: 'route-table', routeTableId: `rtb-${ID}`, destination: '0.0.0.0/0' },
    `route-table rtb-${ID} 0.0.0.0/0`,
  ],
  [
    { kind: 'route-table', routeTableId: `rtb-${ID}`, destination: 'local' },
    `route-table rtb-${ID} local`,
  ],
  [{ kind: 'route-table', routeTableId: `rtb-${ID}` }, `route-table rtb-${ID} none`],
  [
    { kind: 'internet-gateway', direction: 'egress', address: 'source' },
    'internet-gateway egress source',
  ],
  [
    { kind: 'internet-gateway', direction: 'ingress', address: 'destination' },
    'internet-gateway ingress destination',
  ],
  [{ kind: 'source-check' }, 'source-check'],
  [{ kind: 'destination-check' }, 'destination-check'],
  [{ kind: 'address' }, 'address'],
  [{ kind: 'link-local' }, 'link-local'],
  [{ kind: 'connection-tracking' }, 'connection-tracking'],
];

describe('a decider', () => {
  test.each(DECIDERS)('%o is called by its label, and known by it', (decider, label) => {
    expect(labelOf(decider)).toBe(label);
    expect(parseLabel(label)).toEqual(decider);
  });

  test('has a counter of its own, whose name nftables allows', () => {
    const names = DECIDERS.map(([, label]) => counterName(label));
    expect(new Set(names).size).toBe(DECIDERS.length);
    for (const name of names) expect(name).toMatch(/^[a-z][\w/.-]+$/);
    expect(counterName('network-acl egress acl-1 *')).toBe('network-acl/egress/acl-1/_2a');
    expect(counterName('security-group ingress sg-a sgr_1')).not.toBe(
      counterName('security-group ingress sg-a sgr-1'),
    );
  });

  test('whose ids are too long for the kernel is refused', () => {
    expect(() => labelOf({ kind: 'route-table', routeTableId: 'x'.repeat(120) })).toThrow(
      /at most 127 bytes/,
    );
  });
});

test.each([
  '',
  'security-group',
  'security-group sideways none',
  'security-group egress sg-1',
  'network-acl ingress acl-1 first',
  'route-table rtb-1',
  'internet-gateway egress nothing',
  'source-check 1',
  'something else',
])('%o is no label', (text) => {
  expect(parseLabel(text)).toBeUndefined();
});
