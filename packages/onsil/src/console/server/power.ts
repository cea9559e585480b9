/** Machines are started and stopped, as `onsil start` and `onsil stop` do. */
import type { Done, PowerRequest } from '../api.ts';
import { AskedError, type Context } from './context.ts';
import type { Shell } from './names.ts';

const DONE = { start: 'started', stop: 'stopped', restart: 'restarted' } as const;

/** Throws AskedError where there is no such machine, or where it does not run. */
export async function power(
  context: Context,
  shell: Shell,
  { host, action }: Partial<PowerRequest>,
): Promise<Done> {
  if (action === undefined || !Object.hasOwn(DONE, action)) {
    throw new AskedError('action is start, stop or restart.');
  }
  const { region, machines } = context.lab();
  const instance = Object.values(region.instances).find(({ name }) => name === host);
  if (instance === undefined)
    throw new AskedError(`There is no instance ${JSON.stringify(host)}.`, 404);
  const { name } = instance;
  if (action !== 'start') {
    if (machines.state(instance) !== 'running') throw new AskedError(`${name} does not run.`, 409);
    await machines.stop(instance);
  }
  if (action !== 'stop') await machines.start(instance);
  const words = { start: ['start'], stop: ['stop'], restart: ['stop', 'start'] }[action];
  return {
    commands: words.map((each) => shell.lab(each, name)),
    text: `${name} is ${DONE[action]}.`,
  };
}
