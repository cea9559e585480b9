/** Puts into a root file system what a machine of a lab needs. */
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { UID_BASE } from '../layout.ts';
import { run } from '../process.ts';
import type { ImageRecipe } from './recipe.ts';

/** The owner ids of the files become those of the machines. */
export async function shiftOwners(folder: string): Promise<void> {
  await inside(folder, ['true'], ['--private-users-ownership=chown']);
}

/**
 * Copies files, masks units and makes the system trust the lab's authority. All of it happens
 * inside the root file system: links of a foreign one lead nowhere else.
 */
export async function furnish(
  recipe: Omit<ImageRecipe, 'suite' | 'packages'>,
  folder: string,
): Promise<void> {
  const staging = await mkdtemp(join(tmpdir(), 'onsil-image-'));
  try {
    await chmod(staging, 0o755);
    for (const { path, content, mode } of recipe.files) {
      const target = join(staging, path);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, content);
      await chmod(target, mode ?? 0o644);
    }
    await inside(
      folder,
      ['/bin/sh', '-euc', script(recipe)],
      ['--private-users-ownership=off', `--bind-ro=${staging}:/mnt`],
    );
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

function script(recipe: Omit<ImageRecipe, 'suite' | 'packages'>): string {
  const units = '/etc/systemd/system';
  const copies = recipe.files.map(({ path, mode }) => {
    const bits = (mode ?? 0o644).toString(8);
    return `mkdir -p '/${dirname(path)}'; rm -f '/${path}'; cat '/mnt/${path}' > '/${path}'; chmod ${bits} '/${path}'`;
  });
  return [
    'umask 022',
    ...copies,
    ...recipe.removed.map((path) => `rm -f '/${path}'`),
    ...recipe.folders.map((path) => `mkdir -p '/${path}'`),
    `mkdir -p ${units}/sysinit.target.wants`,
    ...recipe.masked.map((unit) => `ln -sf /dev/null ${units}/${unit}`),
    ...recipe.early.map((unit) => `ln -sf ${units}/${unit} ${units}/sysinit.target.wants/${unit}`),
    // Red Hat's kin keep authorities elsewhere.
    'if command -v update-ca-trust >/dev/null; then',
    'cp /usr/local/share/ca-certificates/onsil-lab.crt /etc/pki/ca-trust/source/anchors/; update-ca-trust',
    'else update-ca-certificates >/dev/null; fi',
    // Host keys are an instance's own, and so is what cloud-init did elsewhere.
    'rm -f /etc/ssh/ssh_host_*; rm -rf /var/lib/cloud/*; rm -f /etc/cloud/cloud-init.disabled',
  ].join('\n');
}

async function inside(
  folder: string,
  command: readonly string[],
  options: readonly string[],
): Promise<void> {
  await run('systemd-nspawn', [
    '--quiet',
    '--register=no',
    '--keep-unit',
    '--private-network',
    `--private-users=${UID_BASE}:65536`,
    ...options,
    `--directory=${folder}`,
    ...command,
  ]);
}
