/** Follows the set-up of an instance: cloud-init's own result, and the signals it owes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { appears, runInGuest } from '../machine/guest.ts';
import type { RunningMachine } from '../machine/start.ts';
import { CommandError } from '../process.ts';

/** A set-up that went wrong, with all that one needs to mend it. */
export class SetupError extends Error {
  override readonly name = 'SetupError';

  constructor(instance: string, reason: string, log: string, options?: ErrorOptions) {
    const tail = settled(log).trim().split('\n').slice(-LOG_LINES).join('\n');
    super(
      `The set-up of ${instance} failed: ${reason}\n` +
        (tail === '' ? 'It printed nothing.' : `The last lines of its log:\n${indent(tail)}`),
      options,
    );
  }
}

const LOG_LINES = 40;
/** Of which programs may have drawn most over each other. */
const LINES_READ = 2000;
const LOG = '/var/log/cloud-init-output.log';
const RESULT = '/run/cloud-init/result.json';

/** Progress that a program drew over itself by carriage returns: only its last state is left. */
const settled = (log: string): string => log.replaceAll(/[^\n]*\r(?!\n)/g, '');
const indent = (text: string): string => text.replaceAll(/^/gm, '  │ ');

/**
 * Waits until cloud-init has run everything and every owed signal has come.
 * Throws SetupError as soon as one of them says that the set-up failed.
 * @param signals settles when the owed signals are in; rejects with the reason of a failure
 */
export async function followSetup(machine: RunningMachine, signals: Promise<void>): Promise<void> {
  const { name } = machine.plan;
  const off = machine.ended.then(() => {
    throw new Error('it was switched off before its set-up had ended');
  });
  try {
    await Promise.race([Promise.all([cloudInit(machine), signals]), off]);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SetupError(name, reason, await tail(machine), { cause });
  }
}

/**
 * The same for a template that was written for AWS, judged as CloudFormation does: what user data
 * ends with fails nothing but itself; a signal that is owed and does not come fails the stack.
 * @param system what the machine runs, and what the template asked for where that is another one
 * @returns why the set-up failed, or undefined
 */
export async function followForeignSetup(
  machine: RunningMachine,
  signals: readonly Promise<void>[],
  system: MachineSystem,
): Promise<string | undefined> {
  const { name } = machine.plan;
  const off = machine.ended.then(() => {
    throw new Error('it was switched off before its set-up had ended');
  });
  const signalled = Promise.all(signals);
  // Whoever loses the race below is heard all the same.
  signalled.catch(() => {});
  let reason: string | undefined;
  try {
    const ended = cloudInit(machine).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    reason = await Promise.race([ended, off, signalled.then(() => ended)]);
    const missing = notHere(await tail(machine), system);
    if (missing !== undefined) reason = reason === undefined ? missing : `${missing} (${reason})`;
    if (reason === undefined) await Promise.race([signalled, off]);
    // Nobody is left who could still signal.
    else if (signals.length > 0) await Promise.race([signalled, silence(reason)]);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const both = reason === undefined || why.includes(reason) ? why : `${why}: ${reason}`;
    throw new SetupError(name, both, await tail(machine), { cause });
  }
  return reason;
}

export interface MachineSystem {
  /** e.g. `debian-12`. */
  readonly runs: string;
  /** e.g. `amazon-linux-2023`; absent where it is the same, or where nobody knows. */
  readonly writtenFor?: string;
}

/** A signal that was sent just before the end is on its way; one of a second later never was. */
async function silence(reason: string): Promise<never> {
  await sleep(1000);
  throw new Error(`its set-up ended without the signals that it owes: ${reason}`);
}

/** Programs of other distributions, by which a script shows what it was written for. */
const FOREIGN: Readonly<Record<string, string>> = {
  yum: 'Amazon Linux',
  dnf: 'Amazon Linux',
  'amazon-linux-extras': 'Amazon Linux 2',
  rpm: 'Amazon Linux',
  zypper: 'SUSE',
  'apt-get': 'Debian or Ubuntu',
};

/** What the log says of a package manager that the machine does not have. */
export function notHere(log: string, { runs, writtenFor }: MachineSystem): string | undefined {
  for (const line of log.split('\n')) {
    // https://www.gnu.org/software/bash/manual/html_node/Exit-Status.html; dash, sudo, cfn-init
    const program = /(?:^|[\s:])([a-z][\w.-]*): (?:command )?not found/.exec(line)?.[1] ?? '';
    const distribution = Object.hasOwn(FOREIGN, program) ? FOREIGN[program] : undefined;
    if (distribution === undefined) continue;
    return `${program}: not found — written for ${writtenFor ?? distribution}; this machine is ${runs}`;
  }
  return undefined;
}

async function cloudInit(machine: RunningMachine): Promise<void> {
  const { leader } = machine;
  await appears(machine, RESULT);
  const { stdout } = await runInGuest(leader, ['cat', RESULT]);
  const { v1 } = JSON.parse(stdout) as { v1?: { errors?: readonly string[] } };
  const errors = v1?.errors ?? [];
  if (errors.length === 0) return;
  throw new Error(`${errors.join('; ')}${await exitCodes(leader)}`);
}

/** cloud-init's result names the script only; its log has the command and the exit code. */
async function exitCodes(leader: number): Promise<string> {
  const grep = ['grep', '-hE', '^(Command|Exit code): ', '/var/log/cloud-init.log'];
  try {
    const { stdout } = await runInGuest(leader, grep);
    return ` (${stdout.trim().split('\n').slice(-2).join(', ')})`;
  } catch (error) {
    if (error instanceof CommandError) return '';
    throw error;
  }
}

async function tail({ leader }: RunningMachine): Promise<string> {
  const output = await runInGuest(leader, ['tail', '-n', String(LINES_READ), LOG]).catch(
    () => undefined,
  );
  return output?.stdout ?? '';
}

/** systemd answers from when this is there. */
const SYSTEMD = '/run/systemd/private';

/** Waits until systemd in the machine has started everything that it starts at boot. */
export async function booted(machine: RunningMachine): Promise<'running' | 'degraded'> {
  await appears(machine, SYSTEMD);
  try {
    await runInGuest(machine.leader, ['systemctl', 'is-system-running', '--wait']);
    return 'running';
  } catch (error) {
    if (error instanceof CommandError && error.output.stdout.trim() === 'degraded') {
      return 'degraded';
    }
    throw error;
  }
}
