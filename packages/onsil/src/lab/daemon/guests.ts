import type { Lab } from './up.ts';

/** An instance that is running, with a process in its network namespace. */
export interface RunningGuest {
  readonly name: string;
  readonly pid: number;
}

export function runningGuests({ region, machines }: Lab): readonly RunningGuest[] {
  return Object.values(region.instances)
    .filter((instance) => machines.state(instance) === 'running')
    .map((instance) => ({ name: instance.name, pid: machines.running(instance).leader }));
}
