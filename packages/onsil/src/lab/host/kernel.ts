/** Checks of what the lab asks of the kernel: each tries the thing itself, and leaves nothing. */
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../process.ts';
import { type Finding, failed, ok, reason, warning } from './check.ts';
import { nearestFolder } from './disk.ts';
import { INOTIFY_INSTANCES } from './inotify.ts';

export type CgroupLayout = 'unified' | 'hybrid' | 'legacy' | 'none';

/** systemd-nspawn needs network, mount, process id and user namespaces. */
export async function namespaces(): Promise<Finding> {
  if (Number(sysctl('user/max_user_namespaces') ?? 1) === 0) {
    return failed('user namespaces are turned off', 'sysctl -w user.max_user_namespaces=15000');
  }
  try {
    await run('unshare', [
      '--user',
      '--net',
      '--mount',
      '--uts',
      '--ipc',
      '--pid',
      '--fork',
      'true',
    ]);
    return ok('user, network, mount, process id, host name and IPC namespaces');
  } catch (error) {
    return failed(
      reason(error),
      'use a kernel with namespaces, outside of a locked-down container',
    );
  }
}

/** What the lab's rules are made of, checked by the kernel in a namespace of its own. */
const RULES = `table inet onsil_doctor {
  map gates { type ifname : verdict; }
  map public { type ipv4_addr : ipv4_addr; }
  chain forward {
    type filter hook forward priority 0; policy drop;
    ct state established,related accept
    iifname vmap @gates
  }
  chain nat {
    type nat hook postrouting priority 100;
    snat ip to ip saddr map @public
  }
}
`;

export async function nftables(): Promise<Finding> {
  try {
    await run('unshare', ['--net', 'nft', '-f', '-'], { input: RULES });
    return ok('filter, NAT, connection tracking and maps work in a network namespace');
  } catch (error) {
    return failed(reason(error), 'modprobe -a nf_tables nft_ct nft_chain_nat nft_nat');
  }
}

export async function virtualInterfaces(): Promise<Finding> {
  try {
    await run('unshare', [
      '--net',
      'ip',
      'link',
      'add',
      'name',
      'veth-a',
      'type',
      'veth',
      'peer',
      'name',
      'veth-b',
    ]);
    return ok('veth pairs');
  } catch (error) {
    return failed(reason(error), 'modprobe veth');
  }
}

/** Mounts a real overlay where the lab would have its own: some file systems cannot carry one. */
export async function overlay(cacheFolder: string): Promise<Finding> {
  let folder: string | undefined;
  try {
    folder = await mkdtemp(join(nearestFolder(cacheFolder), '.onsil-doctor-'));
    const at = (name: string) => join(folder ?? '', name);
    for (const name of ['lower', 'upper', 'work', 'merged']) await mkdir(at(name));
    const options = `lowerdir=${at('lower')},upperdir=${at('upper')},workdir=${at('work')}`;
    const mount = ['mount', '-t', 'overlay', 'overlay', '-o', options, at('merged')];
    await run('unshare', ['--mount', ...mount]);
    return ok(`works on the file system of ${cacheFolder}`);
  } catch (error) {
    return failed(
      reason(error),
      'modprobe overlay, or set ONSIL_CACHE to a folder on ext4, xfs or btrfs',
    );
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
}

/** slirp4netns, the lab's way out, is behind a tun device. */
export function tunDevice(): Finding {
  return opens('/dev/net/tun', 'modprobe tun');
}

/** Volumes are files behind loop devices. */
export function loopDevices(): Finding {
  return opens('/dev/loop-control', 'modprobe loop');
}

function opens(path: string, fix: string): Finding {
  try {
    closeSync(openSync(path, 'r+'));
    return ok(path);
  } catch (error) {
    return failed(reason(error), fix);
  }
}

/**
 * Each instance needs a cgroup of its own: in the unified hierarchy and, where it is mounted
 * beside it, in systemd's.
 */
export function cgroups(mounts: string = readFileSync('/proc/mounts', 'utf8')): Finding {
  const layout = cgroupLayout(mounts);
  switch (layout) {
    case 'unified':
      return ok('version 2 only');
    case 'hybrid':
      return ok('version 1 with a unified hierarchy beside it');
    case 'legacy':
    case 'none':
      return failed(
        layout === 'legacy' ? 'version 1 only' : 'no cgroups are mounted',
        'mount -t cgroup2 cgroup2 /sys/fs/cgroup (or boot with systemd.unified_cgroup_hierarchy=1)',
      );
  }
}

/** @param mounts the text of /proc/mounts */
export function cgroupLayout(mounts: string): CgroupLayout {
  const types = mounts
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, path]) => path === '/sys/fs/cgroup' || path?.startsWith('/sys/fs/cgroup/'))
    .map(([, path, type]) => ({ path, type }));
  if (types.some(({ path, type }) => type === 'cgroup2' && path === '/sys/fs/cgroup')) {
    return 'unified';
  }
  if (types.some(({ type }) => type === 'cgroup2')) return 'hybrid';
  return types.some(({ type }) => type === 'cgroup') ? 'legacy' : 'none';
}

/** @param value what the kernel has now; by default read from it */
export function inotify(value = Number(sysctl('fs/inotify/max_user_instances'))): Finding {
  if (value >= INOTIFY_INSTANCES) return ok(`fs.inotify.max_user_instances is ${value}`);
  return warning(
    `fs.inotify.max_user_instances is ${value}; onsil up raises it to ${INOTIFY_INSTANCES}, ` +
      'the only setting of the host that it changes',
    `sysctl -w fs.inotify.max_user_instances=${INOTIFY_INSTANCES}`,
  );
}

function sysctl(name: string): string | undefined {
  try {
    return readFileSync(join('/proc/sys', name), 'utf8').trim();
  } catch {
    return undefined;
  }
}
