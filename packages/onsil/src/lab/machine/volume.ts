/**
 * Volumes of a machine: a sparse file behind a loop device. The guest sees the block device and
 * formats it; it is mounted from outside (see the mount helper of the image) and appears below
 * the folder that the machine shares with its hypervisor.
 */
import { chmod, chown, lstat, mkdir, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { exists } from '../files.ts';
import { UID_BASE } from '../layout.ts';
import { run } from '../process.ts';
import type { MachinePlan, MachineVolume } from './plan.ts';

/** Makes the file unless it exists, and the device node that the guest will see. */
export async function prepareVolume(plan: MachinePlan, volume: MachineVolume): Promise<void> {
  if (!(await exists(volume.file))) {
    const file = await open(volume.file, 'w', 0o600);
    await file.truncate(volume.size * 1024 ** 3);
    await file.close();
  }
  const { stdout } = await run('losetup', ['--find', '--show', volume.file]);
  const { rdev } = await stat(stdout.trim());
  const node = nodeOf(plan, volume.device);
  await rm(node, { force: true });
  // https://man7.org/linux/man-pages/man3/major.3.html, for the numbers that Linux gives out.
  const major = (rdev >>> 8) & 0xfff;
  const minor = (rdev & 0xff) | ((rdev >>> 12) & 0xfff00);
  await run('mknod', [node, 'b', String(major), String(minor)]);
  await chown(node, UID_BASE, UID_BASE);
  await chmod(node, 0o660);
}

/**
 * Mounts the file system of a device of the machine where the machine can see it, once.
 * Throws what mount(8) said, e.g. for a device without a file system.
 */
export async function mountVolume(plan: MachinePlan, device: string): Promise<void> {
  const volume = plan.volumes.find((candidate) => candidate.device === device);
  if (volume === undefined) throw new Error(`/dev/${device} is no volume of ${plan.name}.`);
  const target = mountPointOf(plan, device);
  await mkdir(target, { recursive: true });
  const [here, above] = await Promise.all([stat(target), stat(join(target, '..'))]);
  if (here.dev !== above.dev) return;
  await run('mount', ['-o', 'nosuid,nodev', nodeOf(plan, device), target]);
  // mkfs made it for an unshifted root.
  for (const path of [target, join(target, 'lost+found')]) {
    const owner = await lstat(path).catch(() => undefined);
    if (owner !== undefined && owner.uid < 65536) {
      await chown(path, UID_BASE + owner.uid, UID_BASE + owner.gid);
    }
  }
}

export function mountPointOf(plan: MachinePlan, device: string): string {
  return join(plan.hypervisor, 'volumes', device);
}

function nodeOf(plan: MachinePlan, device: string): string {
  return join(plan.hypervisor, 'devices', device);
}
