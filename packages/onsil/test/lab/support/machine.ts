/** One real machine of the lab's image, with a network of its own, and what it leaves behind. */
import { access, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { debianMirror } from '../../../src/lab/host/mirror.ts';
import { ensureImage } from '../../../src/lab/image/build.ts';
import { aptSources, imageRecipe } from '../../../src/lab/image/recipe.ts';
import { cacheFolders } from '../../../src/lab/layout.ts';
import { hierarchies } from '../../../src/lab/machine/cgroup.ts';
import { runInGuest } from '../../../src/lab/machine/guest.ts';
import { type MachinePlan, planMachine } from '../../../src/lab/machine/plan.ts';
import { startMachine } from '../../../src/lab/machine/start.ts';
import { run } from '../../../src/lab/process.ts';
import { ensureAuthority } from '../../../src/lab/services/authority.ts';
import { put } from '../../../src/region/region.ts';
import { RegionBuilder } from '../../../src/region/testing.ts';

export const LAB = 'test-machine';
/** Not named like a lab's own: the machine's other end of the link. */
const NETWORK = 'test-machine-network';

/** The image that `up` would take; it is built (about 40 s) where the cache has none. */
export async function imageFolder(): Promise<string> {
  const authority = await ensureAuthority(cacheFolders.authority);
  const recipe = imageRecipe(authority.rootPem, aptSources(debianMirror()));
  return (await ensureImage(recipe)).folder;
}

/** An instance `box` with a data volume of 1 GiB. */
export function planBox(): MachinePlan {
  const { region } = new RegionBuilder()
    .vpc('vpc-1', '10.0.0.0/16')
    .subnet('subnet-1', 'vpc-1', '10.0.0.0/24')
    .instance('box', { subnet: 'subnet-1', ip: '10.0.0.10', groups: [] });
  const withVolume = put(region, 'volumes', 'vol-0data', {
    ...{ id: 'vol-0data', size: 1, type: 'gp3', encrypted: true, zone: 'ap-northeast-2a' },
    ...{ root: false, attachment: { instanceId: 'i-box', device: '/dev/sdf' }, tags: {} },
  });
  const [instance] = Object.values(withVolume.instances);
  if (instance === undefined) throw new Error('The region has no instance.');
  const plan = planMachine(LAB, withVolume, instance);
  // No metadata service here: cloud-init would look for it for a minute.
  const off = { path: 'etc/cloud/cloud-init.disabled', content: '' };
  return { ...plan, files: [...plan.files, off] };
}

/** Boots the machine on layers, the topmost first, and waits for nothing. */
export async function boot(plan: MachinePlan, ...layers: readonly string[]) {
  const machine = await startMachine(plan, layers, plugIn);
  const guest = async (script: string): Promise<string> =>
    (await runInGuest(machine.leader, ['/bin/sh', '-ec', script])).stdout.trim();
  return { ...machine, guest };
}
export type Box = Awaited<ReturnType<typeof boot>>;

async function plugIn(pid: number): Promise<void> {
  await removeNetwork();
  await run('ip', ['netns', 'add', NETWORK]);
  await run('ip', ['-n', NETWORK, '-batch', '-'], {
    input: `link add name box0 type veth peer name ens5 netns ${pid}\nlink set dev box0 up\n`,
  });
  const inside = ['link set dev ens5 up', 'addr add 10.0.0.10/24 dev ens5'];
  await run('nsenter', [`--net=/proc/${pid}/ns/net`, 'ip', '-batch', '-'], {
    input: `${[...inside, 'route add default via 10.0.0.1 dev ens5'].join('\n')}\n`,
  });
}

export async function removeNetwork(): Promise<void> {
  const there = await exists(`/run/netns/${NETWORK}`);
  if (there) await run('ip', ['netns', 'del', NETWORK]);
}

/** Everything that a machine may leave on the host, in words. */
export async function leftOf(plan: MachinePlan): Promise<readonly string[]> {
  const mounts = (await readFile('/proc/self/mountinfo', 'utf8')).split('\n');
  const { stdout } = await run('losetup', ['--list', '--noheadings', '--output', 'BACK-FILE']);
  const files = plan.volumes.map(({ file }) => file);
  const groups = (await hierarchies()).map((root) => join(root, plan.cgroup));
  const traces = `/run/systemd/nspawn/propagate/${plan.instanceId}`;
  return [
    ...mounts.filter((line) => line.includes(dirname(plan.root))),
    ...stdout.split('\n').filter((file) => files.includes(file.trim())),
    ...(
      await Promise.all([...groups, traces].map(async (p) => ((await exists(p)) ? [p] : [])))
    ).flat(),
  ];
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
