import { describe, expect, test } from 'vitest';
import { inVpc, stackOf } from '../../cloudformation/testing.ts';
import type { Instance } from '../../region/instance.ts';
import { put, type Region } from '../../region/region.ts';
import { guestCommand } from './guest.ts';
import { planMachine } from './plan.ts';
import { mountsBelow } from './stop.ts';

const BOX = `
Box: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-0a, InstanceType: t4g.nano, SubnetId: !Ref Private, PrivateIpAddress: 10.0.2.7}}
Other: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-0a, InstanceType: t4g.nano, SubnetId: !Ref Private}}
`;
const { region } = stackOf(inVpc(BOX));
const box = named(region, 'Box');

function named(where: Region, name: string): Instance {
  const found = Object.values(where.instances).find((instance) => instance.name === name);
  if (found === undefined) throw new Error(`no instance ${name}`);
  return found;
}

function withVolumes(...devices: readonly string[]): Region {
  return devices.reduce((grown, device, index) => {
    const id = `vol-0${index}`;
    return put(grown, 'volumes', id, {
      ...{ id, size: 8 + index, type: 'gp3', encrypted: true, zone: 'ap-northeast-2a' },
      ...{ root: false, attachment: { instanceId: box.id, device }, tags: {} },
    });
  }, region);
}

test('everything of a machine carries the name of its lab and its id', () => {
  const { command: _command, files: _files, ...rest } = planMachine('shop', region, box);
  expect(rest).toEqual({
    lab: 'shop',
    instanceId: box.id,
    name: 'Box',
    disk: `/var/lib/onsil/shop/disks/${box.id}`,
    root: `/run/onsil/shop/machines/${box.id}/root`,
    hypervisor: `/run/onsil/shop/machines/${box.id}/hypervisor`,
    console: `/run/onsil/shop/machines/${box.id}/console.log`,
    cgroup: `onsil/shop/${box.id}`,
    networkInterfaceIds: box.networkInterfaceIds,
    volumes: [],
    uuid: expect.stringMatching(/^ec2[0-9a-f]{5}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/),
  });
});

test('its command boots it with nobody as root and without a network', () => {
  const { command } = planMachine('shop', region, box);
  const run = `/run/onsil/shop/machines/${box.id}`;
  expect(command).toEqual([
    'systemd-nspawn',
    ...['--quiet', '--boot', '--register=no', '--keep-unit', '--kill-signal=SIGRTMIN+3'],
    ...['--private-users=1330511872:65536', '--private-users-ownership=off', '--private-network'],
    ...['--link-journal=no', '--resolv-conf=off', '--timezone=off', '--console=read-only'],
    `--machine=${box.id}`,
    '--hostname=ip-10-0-2-7',
    `--bind=${run}/hypervisor:/run/hypervisor`,
    `--bind-ro=${run}/hypervisor/uuid:/sys/hypervisor/uuid`,
    `--directory=${run}/root`,
  ]);
});

test('each machine has a uuid of its own, the same each time', () => {
  const plans = ['Box', 'Other'].map((name) => planMachine('a', region, named(region, name)).uuid);
  expect(new Set(plans).size).toBe(2);
  expect(planMachine('b', region, box).uuid).toBe(plans[0]);
});

test("it asks its VPC's resolver: the base of the first block plus two", () => {
  const { files } = planMachine('shop', region, box);
  expect(files.find(({ path }) => path === 'etc/resolv.conf')?.content).toBe(
    'nameserver 10.0.0.2\nsearch ap-northeast-2.compute.internal\n',
  );
});

describe('volumes', () => {
  test('are devices in the order of their names, with links by their ids', () => {
    const plan = planMachine('shop', withVolumes('/dev/sdg', '/dev/sdf'), box);
    expect(plan.volumes).toEqual([
      { id: 'vol-01', size: 9, device: 'nvme1n1', file: '/var/lib/onsil/shop/volumes/vol-01.img' },
      { id: 'vol-00', size: 8, device: 'nvme2n1', file: '/var/lib/onsil/shop/volumes/vol-00.img' },
    ]);
    const devices = `${plan.hypervisor}/devices`;
    expect(plan.command.filter((word) => word.includes('/dev/'))).toEqual([
      `--bind=${devices}/nvme1n1:/dev/nvme1n1`,
      `--bind=${devices}/nvme2n1:/dev/nvme2n1`,
    ]);
    const link = 'L /dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_';
    expect(plan.files.find(({ path }) => path.endsWith('volumes.conf'))?.content).toBe(
      `${link}vol01 - - - - ../../nvme1n1\n${link}vol00 - - - - ../../nvme2n1\n`,
    );
  });
  test('neither its root nor those of others are among them', () => {
    const roots = Object.values(region.volumes).filter(({ root }) => root);
    expect(roots).toHaveLength(2);
    expect(planMachine('shop', withVolumes('/dev/sdf'), named(region, 'Other')).volumes).toEqual(
      [],
    );
    expect(planMachine('shop', withVolumes('/dev/sdf'), box).volumes).toHaveLength(1);
  });
});

test('a command in a machine enters all its namespaces as its root, with its own environment', () => {
  const words = guestCommand(42, ['ls', '-l', 'a b']);
  const end = words.indexOf('/usr/bin/env');
  expect(words[0]).toBe('nsenter');
  const options = words.slice(1, words.indexOf('--'));
  expect(options).toEqual([
    '--target=42',
    ...['--user', '--mount', '--uts', '--ipc', '--net', '--pid', '--cgroup', '--root', '--wd'],
    ...['--setuid=0', '--setgid=0'],
  ]);
  const environment = words.slice(end + 1, -3);
  expect(environment).toEqual([
    '-i',
    'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    ...['HOME=/root', 'LANG=C.UTF-8', 'TERM=dumb'],
  ]);
  expect(words.slice(-3)).toEqual(['ls', '-l', 'a b']);
});

describe('mounts below a folder', () => {
  const line = (path: string) => `36 25 0:31 / ${path} rw,relatime shared:1 - overlay onsil:a rw`;
  test.each([
    ['the innermost first', ['/run/a', '/run/a/b', '/run/a/b/c'], ['/run/a/b/c', '/run/a/b']],
    ['not the folder itself', ['/run/a'], []],
    ['none that is called alike', ['/run/ab', '/run/a-b/c', '/x/run/a/b'], []],
    ['with a blank in its name', ['/run/a/b\\040c'], ['/run/a/b c']],
    ['mounted over twice', ['/run/a/b', '/run/a/b'], ['/run/a/b', '/run/a/b']],
    ['none at all', [], []],
  ])('%s', (_what, paths, expected) => {
    expect(mountsBelow(`${paths.map(line).join('\n')}\n`, '/run/a')).toEqual(expected);
  });
});
