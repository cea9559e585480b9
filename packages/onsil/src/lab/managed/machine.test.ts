import { describe, expect, test } from 'vitest';
import { inVpc, stackOf } from '../../cloudformation/testing.ts';
import { fileChanges, type ManagedMachine, planManaged } from './machine.ts';

const { region } = stackOf(inVpc(''));
const [vpcId = ''] = Object.keys(region.vpcs).filter(
  (id) => region.vpcs[id]?.cidrs[0] === '10.0.0.0/16',
);

const MACHINE: ManagedMachine = {
  ...{ id: 'elb-0123', name: 'Web', type: 'Application Load Balancer', vpcId },
  networkInterfaceIds: ['eni-a', 'eni-b'],
  files: [{ path: 'etc/haproxy/haproxy.cfg', content: 'global\n' }],
  units: ['haproxy.service'],
};

test('it boots as other machines do, with its own files and the resolver of its VPC', () => {
  const plan = planManaged('shop', region, MACHINE);
  expect(plan).toMatchObject({
    ...{ lab: 'shop', instanceId: 'elb-0123', cgroup: 'onsil/shop/elb-0123' },
    disk: '/var/lib/onsil/shop/disks/elb-0123',
    root: '/run/onsil/shop/machines/elb-0123/root',
    ...{ networkInterfaceIds: ['eni-a', 'eni-b'], volumes: [] },
  });
  expect(plan.command).toEqual(
    expect.arrayContaining(['--private-network', '--private-users=1330511872:65536']),
  );
  expect(plan.files).toEqual([
    {
      path: 'etc/resolv.conf',
      content: 'nameserver 10.0.0.2\nsearch ap-northeast-2.compute.internal\n',
    },
    ...MACHINE.files,
  ]);
});

describe('changes of files', () => {
  const a = { path: 'a', content: '1' };
  const b = { path: 'b', content: '2', mode: 0o600 };
  test.each([
    ['none', [a, b], [b, a], { written: [], removed: [] }],
    [
      'a content',
      [a, b],
      [{ ...a, content: '3' }, b],
      { written: [{ ...a, content: '3' }], removed: [] },
    ],
    ['a mode', [b], [{ ...b, mode: 0o640 }], { written: [{ ...b, mode: 0o640 }], removed: [] }],
    ['one more', [a], [a, b], { written: [b], removed: [] }],
    ['one less', [a, b], [b], { written: [], removed: ['a'] }],
  ])('%s', (_what, before, after, expected) => {
    expect(fileChanges(before, after)).toEqual(expected);
  });
});
