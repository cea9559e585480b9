/** Follows the set-up of an instance: cloud-init's own result, and the signals it owes. */
import { runInGuest } from '../machine/guest.ts';
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

async function cloudInit({ leader }: RunningMachine): Promise<void> {
  const wait = `until [ -e ${RESULT} ]; do sleep 0.1; done; cat ${RESULT}`;
  const { stdout } = await runInGuest(leader, ['/bin/sh', '-c', wait]);
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
  const output = await runInGuest(leader, ['tail', '-n', String(4 * LOG_LINES), LOG]).catch(
    () => undefined,
  );
  return output?.stdout ?? '';
}

const BOOTED =
  'until [ -S /run/systemd/private ]; do sleep 0.02; done; exec systemctl is-system-running --wait';

/** Waits until systemd in the machine has started everything that it starts at boot. */
export async function booted({ leader }: RunningMachine): Promise<'running' | 'degraded'> {
  try {
    await runInGuest(leader, ['/bin/sh', '-c', BOOTED]);
    return 'running';
  } catch (error) {
    if (error instanceof CommandError && error.output.stdout.trim() === 'degraded') {
      return 'degraded';
    }
    throw error;
  }
}
