/** How long `up` and `down` take a user, measured from outside, as he would run them. */
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { TimedEvent } from '../../packages/onsil/src/lab/daemon/events.ts';
import { CommandError, run } from '../../packages/onsil/src/lab/process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Start {
  /** Seconds from starting `npm run up` to the answer of the first login. */
  readonly toLogin: number;
  /** Seconds that `up` printed. */
  readonly ready: number;
}

export interface Stop {
  /** Seconds from starting `npm run down` to its end. */
  readonly whole: number;
  /** Seconds that `down` printed. */
  readonly said: number;
}

interface Surroundings {
  readonly signal: AbortSignal;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a lab, signs up and logs in. */
export async function measureUp(lab: string, { signal, env }: Surroundings): Promise<Start> {
  const began = performance.now();
  const args = ['run', '--silent', 'up', '--', '--lab', lab, '--json'];
  const ready = await run('npm', args, { cwd: root, signal, ...(env && { env }) })
    .then(({ stdout }) => eventsOf(stdout).find((event) => event.kind === 'ready'))
    .catch((cause: unknown) => {
      throw explained(lab, cause);
    });
  if (ready?.site === undefined) throw new Error(`up of ${lab} did not say where the site is.`);
  await logIn(new URL(ready.site).port);
  return { toLogin: (performance.now() - began) / 1000, ready: ready.seconds };
}

/** Starts a lab of any template. @returns seconds that `up` printed */
export async function measureTemplateUp(
  lab: string,
  template: string,
  words: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  const args = ['run', '--silent', 'up', '--', '--lab', lab, '--template', template, '--json'];
  const { stdout } = await run('npm', [...args, ...words], { cwd: root, signal }).catch(
    (cause: unknown) => {
      throw explained(lab, cause);
    },
  );
  const ready = eventsOf(stdout).find((event) => event.kind === 'ready');
  if (ready === undefined) throw new Error(`up of ${lab} did not say that it is ready.`);
  return ready.seconds;
}

const eventsOf = (output: string): readonly TimedEvent[] =>
  output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as TimedEvent);

/** The lab's own words rather than the end of the command's output. */
function explained(lab: string, cause: unknown): unknown {
  if (!(cause instanceof CommandError)) return cause;
  const failed = eventsOf(cause.output.stdout).find((event) => event.kind === 'failed');
  return failed === undefined
    ? cause
    : new Error(`up of ${lab} failed.\n${failed.message}`, { cause });
}

/**
 * The first login of a new user, by the host's forwarder: the database of each `up` is the one of
 * its layer, in which nobody has signed up yet. So the time contains a sign-up, too.
 */
async function logIn(port: string): Promise<void> {
  const email = `${randomUUID()}@example.com`;
  const password = randomUUID();
  await post(port, '/api/users', { email, password, name: 'bench' });
  await post(port, '/api/sessions', { email, password });
}

async function post(port: string, path: string, body: unknown): Promise<void> {
  const origin = `http://127.0.0.1:${port}`;
  const response = await fetch(`${origin}${path}`, {
    method: 'POST',
    // Whatever changes something must say that it comes from the site's own pages.
    headers: { origin, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  if (response.status === 201) return;
  throw new Error(`POST ${path} was answered ${response.status}: ${await response.text()}`);
}

export async function measureDown(lab: string, { signal, env }: Surroundings): Promise<Stop> {
  const began = performance.now();
  const args = ['run', '--silent', 'down', '--', '--lab', lab, '--json'];
  const { stdout } = await run('npm', args, { cwd: root, signal, ...(env && { env }) });
  const { seconds } = JSON.parse(stdout) as { readonly seconds: number };
  return { whole: (performance.now() - began) / 1000, said: seconds };
}
