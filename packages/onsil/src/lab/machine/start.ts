/** Starts a machine: its disk, its cgroup, systemd-nspawn, and its way to the network. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chown, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UID_BASE } from '../layout.ts';
import { run } from '../process.ts';
import { enterCgroup, makeCgroup } from './cgroup.ts';
import { pauseAfter } from './guest.ts';
import { serveHypervisor } from './hypervisor.ts';
import type { GuestFile, MachinePlan } from './plan.ts';
import { prepareVolume } from './volume.ts';

export interface RunningMachine {
  readonly plan: MachinePlan;
  /** The machine's process 1, in our view. */
  readonly leader: number;
  /** Settles when the machine is off, whoever switched it off. */
  readonly ended: Promise<void>;
  /** Closes the hypervisor's socket; the machine is off by then. */
  readonly release: () => Promise<void>;
}

/**
 * Boots the machine on top of read-only layers (the topmost first) and plugs in its network.
 * @param attach called as soon as the machine's network namespace exists
 */
export async function startMachine(
  plan: MachinePlan,
  layers: readonly string[],
  attach: (pid: number) => Promise<void>,
): Promise<RunningMachine> {
  await prepareDisk(plan, layers);
  for (const volume of plan.volumes) await prepareVolume(plan, volume);
  const release = await serveHypervisor(plan);
  const cgroups = await makeCgroup(plan.cgroup);
  const log = await open(plan.console, 'a', 0o600);
  const [program = '', ...args] = enterCgroup(cgroups, plan.command);
  const child = spawn(program, args, {
    stdio: ['ignore', log.fd, log.fd],
    env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' },
    detached: true,
  });
  await log.close();
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  try {
    const leader = await leaderOf(plan, child);
    await attach(leader);
    return { plan, leader, ended, release };
  } catch (error) {
    await release();
    throw error;
  }
}

async function prepareDisk(plan: MachinePlan, layers: readonly string[]): Promise<void> {
  // Other users of the host have no business in a machine's files.
  await mkdir(dirname(dirname(plan.root)), { recursive: true, mode: 0o700 });
  const upper = join(plan.disk, 'upper');
  const work = join(plan.disk, 'work');
  for (const folder of [upper, work, plan.root, join(plan.hypervisor, 'volumes')]) {
    await mkdir(folder, { recursive: true });
  }
  await mkdir(join(plan.hypervisor, 'devices'), { recursive: true });
  for (const volume of plan.volumes) await mkdir(dirname(volume.file), { recursive: true });
  await chown(upper, UID_BASE, UID_BASE);
  const lower = layers.join(':');
  await run('mount', [
    ...['-t', 'overlay', '-o', `lowerdir=${lower},upperdir=${upper},workdir=${work}`],
    ...[`onsil:${plan.lab}`, plan.root],
  ]);
  // Mounts that are made here later appear in the machine.
  await run('mount', ['--bind', plan.hypervisor, plan.hypervisor]);
  await run('mount', ['--make-shared', plan.hypervisor]);
  await writeFile(join(plan.hypervisor, 'uuid'), `${plan.uuid}\n`);
  for (const file of plan.files) await writeGuestFile(plan.root, file);
}

/** With its folders, which are the guest's as well. */
async function writeGuestFile(root: string, file: GuestFile): Promise<void> {
  const path = join(root, file.path);
  const made = await mkdir(dirname(path), { recursive: true });
  for (let folder = dirname(path); made !== undefined; folder = dirname(folder)) {
    await chown(folder, UID_BASE, UID_BASE);
    if (folder === made) break;
  }
  await rm(path, { force: true });
  await writeFile(path, file.content, { mode: file.mode ?? 0o644 });
  await chown(path, UID_BASE, UID_BASE);
}

/** Until process 1 exists. It takes a tenth of a second, much longer on a machine that is busy. */
const START_MS = 60_000;

/**
 * systemd-nspawn moves process 1 to the cgroup `payload` once its namespaces exist; systemd
 * then moves itself to `payload/init.scope`.
 */
async function leaderOf(plan: MachinePlan, child: ChildProcess): Promise<number> {
  const [cgroup] = await makeCgroup(plan.cgroup);
  const lists = ['payload/cgroup.procs', 'payload/init.scope/cgroup.procs'];
  const began = performance.now();
  for (;;) {
    const waited = performance.now() - began;
    if (waited > START_MS) break;
    if (child.exitCode !== null || child.signalCode !== null) break;
    for (const list of lists) {
      const text = await readFile(join(cgroup ?? '', list), 'utf8').catch(() => '');
      const pid = Number(text.split('\n')[0]);
      if (pid > 0) return pid;
    }
    await sleep(pauseAfter(waited));
  }
  const console = await readFile(plan.console, 'utf8').catch(() => '');
  throw new Error(
    `The machine ${plan.name} did not start. systemd-nspawn said:\n` +
      console.trim().split('\n').slice(-10).join('\n'),
  );
}
