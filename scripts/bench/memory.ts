/** Memory of machines: the proportional set size of their processes, shared pages split fairly. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from '../../packages/onsil/src/lab/daemon/client.ts';
import type { LabStatus } from '../../packages/onsil/src/lab/daemon/status.ts';
import { processes } from '../../packages/onsil/src/lab/machine/cgroup.ts';

/** What is done at boot is done by then. */
const IDLE_SECONDS = 10;

export interface MachineMemory {
  readonly name: string;
  /** MB (10^6 bytes), the supervisor included. */
  readonly total: number;
  /** MB of systemd-nspawn itself, which stays outside. */
  readonly supervisor: number;
}

export interface LabMemory {
  readonly machines: readonly MachineMemory[];
  /** MB. */
  readonly daemon: number;
}

export async function measureMemory(lab: string, signal: AbortSignal): Promise<LabMemory> {
  await sleep(IDLE_SECONDS * 1000, undefined, { signal });
  const { instances } = await ask<LabStatus>(lab, 'GET /status');
  const machines = await Promise.all(
    instances.map(async ({ name, id }) => {
      const cgroup = join('onsil', lab, id);
      const [total, supervisor] = await Promise.all([
        megabytes(cgroup),
        // systemd-nspawn parts its cgroup into these two: itself, and the machine's `payload`.
        megabytes(join(cgroup, 'supervisor')),
      ]);
      return { name, total, supervisor };
    }),
  );
  return { machines, daemon: await megabytes(join('onsil', lab, 'daemon')) };
}

async function megabytes(cgroup: string): Promise<number> {
  const pids = await processes(cgroup);
  const sizes = await Promise.all(pids.map(proportionalSetSize));
  return sizes.reduce((sum, size) => sum + size, 0) / 1e6;
}

/** Bytes; https://www.kernel.org/doc/html/latest/filesystems/proc.html */
async function proportionalSetSize(pid: number): Promise<number> {
  // A process may end while it is looked at.
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1024;
}
