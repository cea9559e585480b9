import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { booted } from '../../../src/lab/daemon/setup.ts';
import { captureLayer, findLayer, restoreVolumes } from '../../../src/lab/layer/store.ts';
import { cacheFolders, labFolders, UID_BASE } from '../../../src/lab/layout.ts';
import { endCgroup, freeze, processes } from '../../../src/lab/machine/cgroup.ts';
import { runInGuest } from '../../../src/lab/machine/guest.ts';
import { cutPower, labsWithMachines, removeMachines } from '../../../src/lab/machine/stop.ts';
import { mountPointOf } from '../../../src/lab/machine/volume.ts';
import { CommandError, run } from '../../../src/lab/process.ts';
import {
  type Box,
  boot,
  imageFolder,
  LAB,
  leftOf,
  planBox,
  removeNetwork,
} from '../support/machine.ts';

// Layers of this test alone: the cache keeps a limited number of them.
const layers = await mkdtemp(join(tmpdir(), 'onsil-test-layers-'));
vi.mock('../../../src/lab/layout.ts', async (original) => {
  const layout = await original<typeof import('../../../src/lab/layout.ts')>();
  const folders = { ...layout.cacheFolders };
  return { ...layout, cacheFolders: folders };
});
Object.assign(cacheFolders, { layers });

const BY_ID = '/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0data';
const plan = planBox();
let image = '';
let box: Box;

/** What a command in the machine said when it failed. */
async function refusal(script: string): Promise<string> {
  const error: unknown = await box.guest(script).catch((thrown: unknown) => thrown);
  if (error instanceof CommandError) return error.output.stderr;
  throw new Error(`It did not fail: ${script}`, { cause: error });
}

/** As the lab does it: the power goes, then what is left of the machine. */
async function end(): Promise<void> {
  await endCgroup(plan.cgroup);
  await box.ended;
  await box.release();
  await cutPower(plan);
}

beforeAll(async () => {
  await removeMachines(LAB);
  image = await imageFolder();
  box = await boot(plan, image);
  expect(await booted(box)).toBe('running');
});
afterAll(async () => {
  await removeMachines(LAB);
  await rm(labFolders(LAB).run, { recursive: true, force: true });
  await rm(layers, { recursive: true, force: true });
  await removeNetwork();
});

describe('a machine', () => {
  test('is what user data expects: an instance with its address, resolver and uuid', async () => {
    expect(await box.guest('ip -4 -brief address show dev ens5')).toContain('10.0.0.10/24');
    expect(await box.guest('cat /etc/resolv.conf')).toMatch(/^nameserver 10\.0\.0\.2\n/);
    expect(await box.guest('cat /sys/hypervisor/uuid')).toBe(plan.uuid);
    expect(await box.guest('cat /proc/1/comm')).toBe('systemd');
  });
  test('has a root that is nobody outside', async () => {
    expect(await box.guest('id -u')).toBe('0');
    const status = await readFile(`/proc/${box.leader}/status`, 'utf8');
    const ids = Array(4).fill(String(UID_BASE)).join('\t');
    expect(status).toContain(`\nUid:\t${ids}\n`);
    expect(status).toContain(`\nGid:\t${ids}\n`);
    await box.guest('touch /root/mine');
    expect((await stat(join(plan.root, 'root/mine'))).uid).toBe(UID_BASE);
  });
  test("sees neither the host's processes nor other cgroups, and cannot write to the kernel's settings", async () => {
    const seen = (await box.guest("ls /proc | grep '^[0-9]*$'")).split('\n').length;
    const own = (await processes(plan.cgroup)).length;
    expect(own).toBeGreaterThan(3);
    // Its own, and the shell, ls and grep of this very question; not systemd-nspawn outside.
    expect(seen).toBeLessThanOrEqual(own + 4);
    expect(await box.guest('cat /proc/1/cgroup')).not.toContain('onsil');
    expect(await refusal('echo 1 > /proc/sys/kernel/panic')).toMatch(/Read-only|denied/);
    expect(await refusal('dmesg --clear')).toMatch(/not permitted|denied/);
  });
  test("cannot open the host's disks", async () => {
    const { stdout } = await run('findmnt', [
      '--noheadings',
      '--output',
      'MAJ:MIN',
      '--target',
      '/',
    ]);
    const [major, minor] = stdout.trim().split(':');
    expect(await refusal(`mknod /root/disk b ${major} ${minor}`)).toContain('not permitted');
  });
  test('holds still while it is frozen', async () => {
    const ticks = () => box.guest('wc -l < /var/ticks').then(Number);
    const tick = 'while :; do echo >> /var/ticks; sleep 0.005; done';
    await box.guest(`systemd-run --quiet --unit=ticker /bin/sh -c '${tick}'`);
    const file = join(plan.disk, 'upper/var/ticks');
    const size = async () => (await stat(file)).size;
    await until(async () => (await ticks()) > 0);
    await freeze(plan.cgroup, true);
    const before = await size();
    await sleep(100);
    expect(await size()).toBe(before);
    await freeze(plan.cgroup, false);
    await until(async () => (await size()) > before);
    await box.guest('systemctl stop ticker');
  });
});

describe('a volume', () => {
  test('is a block device by its id, of its size, and empty', async () => {
    expect(await box.guest(`readlink -f ${BY_ID}`)).toBe('/dev/nvme1n1');
    expect(await box.guest(`blockdev --getsize64 ${BY_ID}`)).toBe(String(1024 ** 3));
    expect(await refusal(`blkid ${BY_ID}`)).toBe('');
  });
  test('without a file system is not mounted, and the hypervisor says why', async () => {
    expect(await refusal(`mkdir -p /data; mount -t ext4 ${BY_ID} /data`)).toMatch(
      /wrong fs type|bad superblock/,
    );
  });
  test('is formatted inside, and mounted by the name in fstab', async () => {
    await box.guest(`mkfs.ext4 -q ${BY_ID}`);
    await box.guest(`echo '${BY_ID} /data ext4 defaults,noexec 0 2' >> /etc/fstab; mount /data`);
    expect(await box.guest('stat --format=%u:%g /data')).toBe('0:0');
    const options = await box.guest('findmnt --noheadings --output OPTIONS /data');
    expect(options.split(',')).toEqual(expect.arrayContaining(['rw', 'nosuid', 'nodev', 'noexec']));
    await box.guest('echo kept > /data/file; chown 33:33 /data/file; cp /bin/true /data/program');
    expect(await box.guest('stat --format=%u:%g /data/file')).toBe('33:33');
    expect(await refusal('/data/program')).toContain('denied');
    const point = mountPointOf(plan, 'nvme1n1');
    const { stdout } = await run('findmnt', ['--noheadings', '--output', 'OPTIONS', point]);
    expect(stdout.split(',')).toEqual(expect.arrayContaining(['nosuid', 'nodev']));
    const outside = await stat(join(point, 'file'));
    expect(outside.uid).toBe(UID_BASE + 33);
  });
  test('is not mounted by the machine itself, nor any other device by the hypervisor', async () => {
    expect(await refusal(`mkdir -p /own; mount -i -t ext4 ${BY_ID} /own`)).toMatch(
      /permission denied|not permitted/,
    );
    const ask = (path: string) =>
      box.guest(
        `curl -s -w ' %{http_code}' -X POST --unix-socket /run/hypervisor/socket --path-as-is http://h/${path}`,
      );
    expect(await ask('volumes/nvme2n1')).toBe('/dev/nvme2n1 is no volume of box.\n 409');
    expect(await ask('volumes/../../etc')).toMatch(/ 404$/);
    expect(await ask('volumes/..')).toMatch(/ 404$/);
  });
});

describe('the power', () => {
  test('a layer is taken while the machine runs on, and another machine boots from it', async () => {
    await box.guest('echo set-up > /etc/made-by-set-up; rm /etc/motd; ln -s /nowhere /etc/link');
    await captureLayer('test', plan);
    expect(await box.guest('cat /data/file')).toBe('kept');
    await box.guest('echo later > /etc/later; echo later > /data/later');
    await end();
    expect(await leftOf(plan)).toEqual([]);
    await removeMachines(LAB);
    const layer = await findLayer('test', Date.now());
    if (layer === undefined) throw new Error('There is no layer.');
    await restoreVolumes(layer, plan);
    box = await boot(plan, layer.disk, image);
    expect(await booted(box)).toBe('running');
    expect(await box.guest('cat /etc/made-by-set-up; readlink /etc/link')).toBe('set-up\n/nowhere');
    expect(await refusal('ls /etc/motd')).toContain('No such file');
    expect(await refusal('ls /etc/later')).toContain('No such file');
    // The volume came along, and systemd mounted it by fstab.
    expect(await box.guest('cat /data/file; stat --format=%u /data/file')).toBe('kept\n33');
    expect(await refusal('ls /data/later')).toContain('No such file');
  });
  test('a cut leaves nothing but the disk, and what was written is there after the next start', async () => {
    await box.guest('echo written > /etc/written; echo written > /data/written');
    expect((await leftOf(plan)).length).toBeGreaterThan(4);
    await end();
    expect(await leftOf(plan)).toEqual([]);
    expect(await processes(plan.cgroup)).toEqual([]);
    const layer = await findLayer('test', Date.now());
    box = await boot(plan, layer?.disk ?? '', image);
    expect(await booted(box)).toBe('running');
    expect(await box.guest('cat /etc/written /data/written')).toBe('written\nwritten');
  });
  test('a volume is let go of only when nobody has it open any more', async () => {
    // As a machine that starts at that moment: it has a copy of all mounts for a while.
    const copy = ['--mount', '--propagation', 'private'];
    const other = spawn('unshare', [...copy, 'sh', '-c', 'echo ready; sleep 0.3']);
    await once(other.stdout, 'data');
    const gone = once(other, 'close');
    await end();
    expect(await leftOf(plan)).toEqual([]);
    await gone;
    box = await boot(plan, image);
    expect(await booted(box)).toBe('running');
  });
  test('a machine that shuts itself down is noticed', async () => {
    let over = false;
    const ended = box.ended.then(() => {
      over = true;
    });
    expect(over).toBe(false);
    await runInGuest(box.leader, ['systemctl', '--no-block', 'poweroff']);
    await ended;
    await end();
    expect(await leftOf(plan)).toEqual([]);
  });
  test('one that cannot start says what systemd-nspawn said', async () => {
    await removeMachines(LAB);
    const broken = { ...plan, command: [...plan.command.slice(0, -1), '--directory=/nowhere'] };
    await expect(boot(broken, image)).rejects.toThrow(
      /The machine box did not start\. systemd-nspawn said:\n.*nowhere/,
    );
    await removeMachines(LAB);
    expect(await leftOf(plan)).toEqual([]);
    expect(await labsWithMachines()).not.toContain(LAB);
  });
});

async function until(done: () => Promise<boolean>): Promise<void> {
  while (!(await done())) await sleep(5);
}
