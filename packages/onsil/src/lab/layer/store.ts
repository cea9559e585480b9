/** Keeps the disks of provisioned machines: the overlay's upper directory, and volumes. */
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { exists } from '../files.ts';
import { cacheFolders } from '../layout.ts';
import { freeze } from '../machine/cgroup.ts';
import type { MachinePlan } from '../machine/plan.ts';
import { mountPointOf } from '../machine/volume.ts';
import { run } from '../process.ts';

export interface Layer {
  readonly key: string;
  /** A read-only layer for the overlay. */
  readonly disk: string;
  /** Contents of volumes by file name. */
  readonly volumes: string;
}

/** Certificates and passwords in a layer should not get older than this. */
const MAX_AGE_MS = 30 * 24 * 3600 * 1000;
/** Keep this many layers; the least recently used ones go first. */
const KEEP = 64;
/** One lab may have more machines than that: what was used just now is kept, however much it is. */
const IN_USE_MS = 3600 * 1000;

const layerAt = (key: string): Layer => {
  const folder = join(cacheFolders.layers, key);
  return { key, disk: join(folder, 'disk'), volumes: join(folder, 'volumes') };
};

/** The layer of that key, unless there is none or it is too old. `now`: ms since 1970. */
export async function findLayer(key: string, now: number): Promise<Layer | undefined> {
  const layer = layerAt(key);
  const folder = await stat(dirname(layer.disk)).catch(() => undefined);
  if (folder === undefined || now - folder.birthtimeMs > MAX_AGE_MS) return undefined;
  // When it was used last decides what goes first.
  await utimes(dirname(layer.disk), now / 1000, now / 1000);
  return layer;
}

/** Puts the volumes of a layer in the place of the machine's own, empty ones. */
export async function restoreVolumes(layer: Layer, plan: MachinePlan): Promise<void> {
  for (const volume of plan.volumes) {
    const kept = join(layer.volumes, basename(volume.file));
    if (!(await exists(kept))) continue;
    await mkdir(dirname(volume.file), { recursive: true });
    await run('cp', ['--reflink=auto', '--sparse=always', kept, volume.file]);
  }
}

/**
 * Keeps what a machine's set-up made, while the machine stands still for a moment. Later boots
 * do not run the set-up again.
 */
export async function captureLayer(key: string, plan: MachinePlan): Promise<void> {
  const layer = layerAt(key);
  const partial = `${dirname(layer.disk)}.partial-${process.pid}`;
  await mkdir(join(partial, 'volumes'), { recursive: true, mode: 0o700 });
  const mounted = await mountedVolumes(plan);
  try {
    const frozen: string[] = [];
    await freeze(plan.cgroup, true);
    try {
      for (const point of mounted) {
        await run('fsfreeze', ['--freeze', point]);
        frozen.push(point);
      }
      await copy(join(plan.disk, 'upper'), join(partial, 'disk'));
      for (const { file } of plan.volumes)
        await copy(file, join(partial, 'volumes', basename(file)));
    } finally {
      for (const point of frozen) await run('fsfreeze', ['--unfreeze', point]);
      await freeze(plan.cgroup, false);
    }
    await settle(join(partial, 'disk'));
    await rm(dirname(layer.disk), { recursive: true, force: true });
    await rename(partial, dirname(layer.disk));
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  await prune(Date.now());
}

const copy = (from: string, to: string) =>
  run('cp', ['--archive', '--reflink=auto', '--sparse=always', from, to]);

async function mountedVolumes(plan: MachinePlan): Promise<readonly string[]> {
  const points = plan.volumes.map(({ device }) => mountPointOf(plan, device));
  const there = await Promise.all(points.map(exists));
  return points.filter((_, index) => there[index]);
}

/** What must differ between a first boot and a later one. */
async function settle(disk: string): Promise<void> {
  await mkdir(join(disk, 'etc/cloud'), { recursive: true });
  // https://docs.cloud-init.io/en/22.4.2/howto/disable_cloud_init.html
  await writeFile(join(disk, 'etc/cloud/cloud-init.disabled'), '');
}

async function prune(now: number): Promise<void> {
  const names = await readdir(cacheFolders.layers);
  const found = await Promise.all(
    names.map(async (name) => {
      // Another machine's capture may put its layer in place, under another name, at this moment.
      const info = await stat(join(cacheFolders.layers, name)).catch(() => undefined);
      return info === undefined ? [] : [{ name, usedAt: info.mtimeMs }];
    }),
  );
  const layers = found.flat();
  await Promise.all(
    outdated(layers, now).map((name) =>
      rm(join(cacheFolders.layers, name), { recursive: true, force: true }),
    ),
  );
}

/** Names of the layers that go. Times are milliseconds since 1970. */
export function outdated(
  layers: readonly { readonly name: string; readonly usedAt: number }[],
  now: number,
): readonly string[] {
  return layers
    .toSorted((a, b) => b.usedAt - a.usedAt)
    .slice(KEEP)
    .filter(({ usedAt }) => usedAt < now - IN_USE_MS)
    .map(({ name }) => name);
}
