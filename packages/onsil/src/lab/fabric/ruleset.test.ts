import { expect, test } from 'vitest';
import { countersOf, decide, loadText, rulesetText } from './ruleset.ts';

const ACL = {
  kind: 'network-acl',
  direction: 'egress',
  networkAclId: 'acl-1',
  entry: 100,
} as const;
const RULESET = {
  lookups: [],
  chains: [
    {
      name: 'some',
      rules: [decide(ACL, 'return', 'tcp dport 80'), decide({ kind: 'address' }, 'drop')],
    },
  ],
  counters: ['route-table rtb-1 local'],
};

test('a table is replaced in one transaction, and its counters go on', () => {
  const counts = new Map([
    ['address', { packets: 5, bytes: 60 }],
    ['of a rule that is gone', { packets: 1, bytes: 1 }],
  ]);
  expect(loadText(rulesetText(RULESET), countersOf(RULESET), counts).split('\n')).toEqual([
    'add table ip onsil',
    'delete table ip onsil',
    'table ip onsil {',
    '  counter address {',
    '    comment "address"',
    '    packets 5 bytes 60',
    '  }',
    '  counter network-acl/egress/acl-1/100 {',
    '    comment "network-acl egress acl-1 100"',
    '    packets 0 bytes 0',
    '  }',
    '  counter route-table/rtb-1/local {',
    '    comment "route-table rtb-1 local"',
    '    packets 0 bytes 0',
    '  }',
    '}',
    'table ip onsil {',
    '  chain some {',
    '    tcp dport 80 counter name network-acl/egress/acl-1/100 return',
    '    counter name address log prefix "address" group 1 snaplen 64 drop',
    '  }',
    '}',
    '',
  ]);
});
