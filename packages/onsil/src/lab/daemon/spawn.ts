/** Starts the daemon of a lab: in a cgroup of the lab's, inside the lab's Internet namespace. */
import { spawn } from 'node:child_process';
import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureNamespace, internetNamespace } from '../fabric/namespace.ts';
import { startOutside } from '../fabric/outside.ts';
import { labFolders } from '../layout.ts';
import { withLock } from '../lock.ts';
import { enterCgroup, makeCgroup } from '../machine/cgroup.ts';
import { isDaemon, NoDaemonError, readStatus } from './client.ts';
import { leftOvers, sweep } from './down.ts';
import type { UpRequest } from './request.ts';

/** Why a lab may not be started: another one of that name is there. */
export class LabBusyError extends Error {
  override readonly name = 'LabBusyError';
}

/**
 * Takes the lab's name for this process, after sweeping what a dead owner left of it.
 * Throws LabBusyError while a living `up` has it.
 */
export function claim(lab: string): Promise<void> {
  return withLock(lab, () => claimLocked(lab));
}

async function claimLocked(lab: string): Promise<void> {
  const { run } = labFolders(lab);
  const owner = await ownerOf(lab);
  if (owner !== undefined && owner.pid !== process.pid && (await isAlive(owner))) {
    throw new LabBusyError(
      `Another \`onsil up\` (process ${owner.pid}) is starting the lab ${lab}. ` +
        'Wait for it, or stop it with: npx onsil down',
    );
  }
  if ((await leftOvers()).includes(lab)) await sweep(lab);
  // Everyone may see which labs there are and read their status.
  await mkdir(run, { recursive: true, mode: 0o755 });
  const self: Owner = { pid: process.pid, started: await startOf(process.pid) };
  await writeFile(join(run, 'up.pid'), JSON.stringify(self));
}

/** Whether another process has started the lab, or started it anew. */
export async function isForeign(lab: string): Promise<boolean> {
  const owner = await ownerOf(lab);
  return owner !== undefined && owner.pid !== process.pid;
}

/** A process that started a lab: its id alone may be another's by now. */
interface Owner {
  readonly pid: number;
  /** Clock ticks from the machine's start to the process's. */
  readonly started: string;
}

/** The process that started a lab last. */
async function ownerOf(lab: string): Promise<Owner | undefined> {
  const file = join(labFolders(lab).run, 'up.pid');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Owner);
}

async function isAlive({ pid, started }: Owner): Promise<boolean> {
  return (await startOf(pid)) === started;
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html; empty where there is no process. */
async function startOf(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The second field is the command in parentheses, which may hold anything.
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

/**
 * Starts the daemon and returns when it takes requests.
 * @param listeners file descriptors of bound listeners of the host, which the daemon inherits: of
 * the local site, of the AWS endpoints and of the console
 */
export async function startDaemon(
  request: UpRequest,
  listeners: {
    readonly site?: number | undefined;
    readonly aws: number;
    readonly console: number;
  },
): Promise<void> {
  const { lab } = request;
  const { site, aws, console } = listeners;
  const { run, log } = labFolders(lab);
  await writeFile(join(run, 'request.json'), JSON.stringify(request), { mode: 0o600 });
  await ensureNamespace(internetNamespace(lab));
  // It leads to where its starter is: the daemon, inside the lab, could not open it.
  const outside = startOutside(lab);
  outside.catch(() => {});
  const cgroups = await makeCgroup(join('onsil', lab, 'daemon'));
  const output = await open(log, 'a', 0o600);
  const hostNetwork = await open('/proc/self/ns/net', 'r');
  const main = join(import.meta.dirname, 'main.ts');
  const [program = '', ...args] = enterCgroup(cgroups, [
    'nsenter',
    `--net=/run/netns/${internetNamespace(lab)}`,
    '--',
    process.execPath,
    main,
    lab,
  ]);
  const child = spawn(program, args, {
    cwd: '/',
    detached: true,
    stdio: ['ignore', output.fd, output.fd, site ?? 'ignore', 'ipc', aws, hostNetwork.fd, console],
  });
  await Promise.all([output.close(), hostNetwork.close()]);
  try {
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('message', () => resolve());
      child.once('exit', (code) => reject(new NoDaemonError(`it exited with ${code}`)));
    });
    await outside;
  } catch (cause) {
    if (!(cause instanceof NoDaemonError)) throw cause;
    const said = await readFile(log, 'utf8').catch(() => '');
    throw new Error(`The daemon of the lab ${lab} did not start:\n${said.trim()}`, { cause });
  } finally {
    if (child.connected) child.disconnect();
    child.unref();
  }
}

/** The living daemon's status, if there is one. */
export async function runningStatus(lab: string) {
  const status = await readStatus(lab);
  return status !== undefined && (await isDaemon(status.pid, lab)) ? status : undefined;
}
