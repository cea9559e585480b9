/** What a lab is made of, for who wants to ask questions about it. */
import type { Stack } from '../../cloudformation/stack.ts';
import type { Problem } from '../../region/problem.ts';
import type { Region } from '../../region/region.ts';
import type { Lab } from './up.ts';

export interface LabNetwork {
  readonly region: Region;
  readonly resources: Stack['resources'];
  readonly problems: readonly Problem[];
  /** Instances that are running, with a process in the network namespace of each. */
  readonly guests: readonly { readonly name: string; readonly pid: number }[];
}

export function networkOf({ region, stack, problems, machines }: Lab): LabNetwork {
  return {
    region,
    resources: stack.resources,
    problems,
    guests: Object.values(region.instances)
      .filter((instance) => machines.state(instance) === 'running')
      .map((instance) => ({ name: instance.name, pid: machines.running(instance).leader })),
  };
}
