/** Set-ups as a scripted machine tells of them. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { RunningMachine } from '../machine/start.ts';
import { CommandError, type Output } from '../process.ts';
import { booted, followSetup, SetupError } from './setup.ts';

type Answer = string | { readonly exitCode: number; readonly stdout?: string } | Promise<string>;

/** Answers by a word of the command. */
const script = vi.hoisted(() => ({ answers: {} as Record<string, unknown> }));
vi.mock('../machine/guest.ts', () => ({
  appears: async (): Promise<void> => {},
  runInGuest: async (_leader: number, command: readonly string[]): Promise<Output> => {
    const text = command.join(' ');
    const found = Object.entries(script.answers).find(([word]) => text.includes(word));
    if (found === undefined) throw new Error(`not in the script: ${text}`);
    const answer = (await found[1]) as Answer;
    if (typeof answer === 'string') return { stdout: answer, stderr: '' };
    const { exitCode, stdout = '' } = answer as { exitCode: number; stdout?: string };
    throw new CommandError(command, exitCode, { stdout, stderr: '' });
  },
}));

const RESULT = 'result.json';
const LOG = 'cloud-init-output.log';
const CODES = 'Exit code';
const never = new Promise<never>(() => {});
const result = (...errors: readonly string[]) => JSON.stringify({ v1: { errors } });

const machine = (ended: Promise<void> = never) =>
  ({ plan: { name: 'api-1' }, leader: 1, ended }) as unknown as RunningMachine;

async function failure(following: Promise<void>): Promise<SetupError> {
  const error: unknown = await following.catch((thrown: unknown) => thrown);
  if (error instanceof SetupError) return error;
  throw new Error('no SetupError was thrown', { cause: error });
}

beforeEach(() => {
  script.answers = { [RESULT]: result(), [LOG]: 'one\ntwo\n', [CODES]: { exitCode: 1 } };
});

describe('a set-up', () => {
  test('is over when cloud-init is done and every signal is in', async () => {
    const cloudInit = Promise.withResolvers<string>();
    const signals = Promise.withResolvers<void>();
    script.answers[RESULT] = cloudInit.promise;
    let over = false;
    const following = followSetup(machine(), signals.promise).then(() => {
      over = true;
    });
    signals.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    expect(over).toBe(false);
    cloudInit.resolve(result());
    await following;
    expect(over).toBe(true);
  });
  test('is not over while a signal is owed', async () => {
    const following = followSetup(machine(), never).then(() => 'over');
    const pause = new Promise((resolve) => setImmediate(() => resolve('waits')));
    expect(await Promise.race([following, pause])).toBe('waits');
  });
});

describe('a set-up that failed', () => {
  test('in cloud-init tells the command, its exit code and the end of its log', async () => {
    script.answers[RESULT] = result("('scripts_user', RuntimeError('Runparts: 1 failures'))");
    script.answers[CODES] = "Command: ['part-001']\nExit code: 3\n";
    const error = await failure(followSetup(machine(), never));
    expect(error.message).toBe(
      "The set-up of api-1 failed: ('scripts_user', RuntimeError('Runparts: 1 failures')) " +
        "(Command: ['part-001'], Exit code: 3)\n" +
        'The last lines of its log:\n  │ one\n  │ two',
    );
    expect(error.cause).toBeInstanceOf(Error);
  });
  test('without a command in its log tells what there is', async () => {
    script.answers[RESULT] = result('bad yaml', 'no user');
    const { message } = await failure(followSetup(machine(), never));
    expect(message).toMatch(/^The set-up of api-1 failed: bad yaml; no user\n/);
  });
  test('by its own signal tells the reason, without waiting for cloud-init', async () => {
    script.answers[RESULT] = never;
    const signals = Promise.reject(new Error('nginx did not start'));
    const { message } = await failure(followSetup(machine(), signals));
    expect(message).toMatch(/^The set-up of api-1 failed: nginx did not start\n/);
  });
  test('since the machine went off has no log to show', async () => {
    script.answers = { [RESULT]: never, [LOG]: { exitCode: 1 } };
    const { message } = await failure(followSetup(machine(Promise.resolve()), never));
    expect(message).toBe(
      'The set-up of api-1 failed: it was switched off before its set-up had ended\n' +
        'It printed nothing.',
    );
  });
  test('shows the last 40 lines of a long log', () => {
    const log = Array.from({ length: 50 }, (_, index) => `line ${index}`).join('\n');
    const { message } = new SetupError('api-1', 'x', `${log}\n`);
    expect(message.split('\n').slice(2)).toEqual(
      Array.from({ length: 40 }, (_, index) => `  │ line ${index + 10}`),
    );
  });
});

describe('a boot', () => {
  const BOOT = 'is-system-running';
  test.each([
    ['running', 'running\n'],
    ['degraded', { exitCode: 1, stdout: 'degraded\n' }],
  ])('ends %s', async (state, answer) => {
    script.answers = { [BOOT]: answer };
    expect(await booted(machine())).toBe(state);
  });
  test('that ends in any other state failed', async () => {
    script.answers = { [BOOT]: { exitCode: 1, stdout: 'maintenance\n' } };
    await expect(booted(machine())).rejects.toThrow(CommandError);
  });
});

test('progress that a program drew over itself is shown in its last state only', () => {
  const { message } = new SetupError('api-1', 'code 3', 'Reading 1%\rReading 9%\rdone\nend\n');
  expect(message).toBe(
    'The set-up of api-1 failed: code 3\nThe last lines of its log:\n  │ done\n  │ end',
  );
});
