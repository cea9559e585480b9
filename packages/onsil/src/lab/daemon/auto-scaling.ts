/** The Auto Scaling groups of a lab, with its machines. */
import { AutoScalingGroups, type Hands } from '../auto-scaling/groups.ts';
import { groupRunner } from '../auto-scaling/runner.ts';
import type { LabApplier } from './applier.ts';
import type { Machines } from './machines.ts';
import type { SignalBox } from './signals.ts';
import type { World } from './world.ts';

export interface LabGroupsOptions {
  readonly world: World;
  readonly applier: LabApplier;
  readonly signals: SignalBox;
  /** Undefined while the lab is being laid out. */
  readonly machines: () => Machines | undefined;
  /** What load balancers say of the group's instances. */
  readonly answers: Hands['answers'];
  /** Told of what went wrong with an instance that nobody waits for. */
  readonly onError: (cause: unknown) => void;
}

/** They look after themselves whenever the region changes; `look` is for changes of machines and of health. */
export function labGroups(options: LabGroupsOptions): AutoScalingGroups {
  const { world, applier, signals, machines, answers, onError } = options;
  const hands: Hands = {
    region: () => world.region,
    change: (step) => world.change(step),
    boot: (instance) => applier.boot(instance),
    terminate: (instance) => applier.terminate(instance),
    power: (instance) => {
      const state = machines()?.state(instance) ?? 'pending';
      return state === 'stopped' ? 'off' : state;
    },
    ...{ answers, now: Date.now, onError },
  };
  const groups = new AutoScalingGroups(hands);
  const isKept: LabApplier['isKept'] = (instance) => applier.isKept(instance);
  applier.add(
    'AWS::AutoScaling::AutoScalingGroup',
    groupRunner({ groups, hands, signals, isKept }),
  );
  world.subscribe(groups.look);
  return groups;
}
