/** What AWS's calls do to machines: they return at once, and the machine is on its way. */
import type { Region } from '../../region/region.ts';
import type { InstanceState, LabControl } from '../services/aws/operation.ts';
import { AwsError } from '../services/endpoints/error.ts';
import type { Machines } from './machines.ts';

/**
 * @param machines undefined while the lab is being laid out
 * @param onError told of a machine that did not start or stop after the call had its answer
 */
export function powerControl(
  region: () => Region,
  machines: () => Machines | undefined,
  onError: (cause: unknown) => void,
): Pick<LabControl, 'state' | 'power'> {
  const changing = new Map<string, InstanceState>();
  const instanceOf = (id: string) => {
    const instance = region().instances[id];
    if (instance !== undefined) return instance;
    const message = `The instance ID '${id}' does not exist`;
    throw new AwsError(400, 'InvalidInstanceID.NotFound', message);
  };
  const state = (id: string): InstanceState =>
    changing.get(id) ?? machines()?.state(instanceOf(id)) ?? 'pending';
  const begin = (id: string, meanwhile: InstanceState, work: () => Promise<unknown>): void => {
    changing.set(id, meanwhile);
    work()
      .catch(onError)
      .finally(() => changing.delete(id));
  };
  return {
    state,
    power: async (id, action) => {
      const instance = instanceOf(id);
      const now = state(id);
      const all = machines();
      // A machine that does not exist yet is pending: nothing to switch.
      if (all === undefined) return;
      const refuse = (): never => {
        const message = `The instance '${id}' is not in a state from which it can be started or stopped: it is ${now}.`;
        throw new AwsError(400, 'IncorrectInstanceState', message);
      };
      switch (action) {
        case 'start':
          if (now === 'stopped') begin(id, 'pending', () => all.start(instance));
          else if (now !== 'running' && now !== 'pending') refuse();
          break;
        case 'stop':
          if (now === 'running') begin(id, 'stopping', () => all.stop(instance));
          else if (now !== 'stopped' && now !== 'stopping') refuse();
          break;
        case 'reboot':
          if (now !== 'running') refuse();
          begin(id, 'running', async () => {
            await all.stop(instance);
            await all.start(instance);
          });
          break;
        case 'terminate':
          // Its entry in the region goes with it: see LabControl.change.
          if (now === 'running') begin(id, 'shutting-down', () => all.stop(instance));
          break;
      }
    },
  };
}
