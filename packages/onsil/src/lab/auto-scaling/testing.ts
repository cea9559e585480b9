/** For tests: groups over a region alone, whose instances run as soon as they are let. */
import { testRegion } from '../../cloudformation/testing.ts';
import { SignalBox } from '../daemon/signals.ts';
import type { Applier, Removal, Work } from '../stacks/applier.ts';
import { StackEngine } from '../stacks/engine.ts';
import { signalKey } from '../stacks/signal-key.ts';
import { causesReplacement } from '../stacks/specification.ts';
import type { StackRecord } from '../stacks/stack-service.ts';
import { RegionApplier } from '../stacks/testing.ts';
import { AutoScalingGroups, type Hands } from './groups.ts';
import { groupRunner } from './runner.ts';

/** Groups whose instances boot and end at once. @param isOff of instances that were switched off */
export function memoryGroups(
  { region, change }: Pick<Hands, 'region' | 'change'>,
  isOff: (instanceId: string) => boolean = () => false,
): AutoScalingGroups {
  return new AutoScalingGroups({
    ...{ region, change, now: Date.now },
    boot: () => Promise.resolve(),
    terminate: () => Promise.resolve(),
    power: ({ id }) => (isOff(id) ? 'off' : 'running'),
    answers: () => undefined,
    onError: (cause) => {
      throw cause;
    },
  });
}

const GROUP = 'AWS::AutoScaling::AutoScalingGroup';

/** The stack `shop` with real groups. Its instances signal success as soon as they run. */
export class GroupsLab {
  readonly groups: AutoScalingGroups;
  readonly engine: StackEngine;
  readonly signals = new SignalBox();
  /** `boot Workers-1`, `end Workers-1`, and what the engine did, in order. */
  readonly done: string[] = [];
  /** Names of instances that do not boot. */
  readonly broken = new Set<string>();
  /** Names of instances that signal failure, or (`silent`) nothing. */
  readonly failing = new Set<string>();
  readonly silent = new Set<string>();
  /** Whether all instances start set up: they signal nothing. */
  areKept = false;
  /** Ids of instances that were switched off. */
  readonly off = new Set<string>();
  /** Ids of instances that do not answer their load balancers. */
  readonly silentTargets = new Set<string>();
  onBoot: () => void = () => {};
  /** Milliseconds. */
  now = 0;
  readonly change: Hands['change'];
  readonly #region = new RegionApplier(testRegion());

  constructor() {
    const hands: Hands = {
      region: this.#region.region,
      change: async (step) => {
        await this.#region.change(step);
        this.groups.look();
      },
      boot: async ({ id, name }) => {
        this.done.push(`boot ${name}`);
        this.onBoot();
        if (this.broken.has(name)) throw new Error(`${name} does not boot`);
        if (this.areKept || this.silent.has(name)) return;
        const status = this.failing.has(name) ? 'FAILURE' : 'SUCCESS';
        const key = signalKey('shop', name.replace(/-\d+$/, ''));
        this.signals.receive(key, { status, uniqueId: id, reason: `${name} says so` });
      },
      terminate: async ({ name }) => {
        this.done.push(`end ${name}`);
      },
      power: ({ id }) => (this.off.has(id) ? 'off' : 'running'),
      answers: (_group, id) => !this.silentTargets.has(id),
      now: () => this.now,
      onError: (cause) => {
        throw cause;
      },
    };
    this.groups = new AutoScalingGroups(hands);
    this.change = hands.change;
    const isKept = () => Promise.resolve(this.areKept);
    const runner = groupRunner({ groups: this.groups, hands, signals: this.signals, isKept });
    const { create, update, remove } = this.#region;
    const applier: Applier = {
      ...{ region: hands.region, change: hands.change },
      create: (work: Work) => (work.resource.type === GROUP ? runner : { create }).create(work),
      update: (work: Work) => (work.resource.type === GROUP ? runner : { update }).update(work),
      remove: (work: Removal) => (work.resource.type === GROUP ? runner : { remove }).remove(work),
    };
    const clock = { now: () => this.now, secret: 'salt', causesReplacement };
    this.engine = new StackEngine({ ...clock, applier, launchesLater: true });
  }

  get region() {
    return this.#region.region();
  }

  /** Reasons of failures of other resources, as `create Web`. */
  get faults(): Map<string, string> {
    return this.#region.faults;
  }

  /** Creates or updates the stack, and waits. */
  async put(templateBody: string): Promise<StackRecord> {
    const input = { stackName: 'shop', templateBody, parameters: {} };
    if (this.engine.find('shop') === undefined) this.engine.createStack(input);
    else this.engine.updateStack(input);
    return this.engine.settled('shop');
  }

  /** The group of a logical id. */
  group(logicalId = 'Workers') {
    const found = Object.values(this.region.autoScalingGroups).find(
      (each) => each.logicalId === logicalId,
    );
    if (found === undefined) throw new Error(`there is no group ${logicalId}`);
    return found;
  }

  /** `Workers-1 InService` … */
  members(logicalId = 'Workers'): readonly string[] {
    return this.group(logicalId).members.map(
      ({ id, state }) => `${this.region.instances[id]?.name} ${state}`,
    );
  }

  /** Resolves when all that groups do by themselves is done. */
  async quiet(logicalId = 'Workers'): Promise<void> {
    const { name } = this.group(logicalId);
    await this.groups.exclusive(name, () => Promise.resolve());
    await this.groups.exclusive(name, () => Promise.resolve());
  }

  /** What events of the group say. */
  told(logicalId = 'Workers'): readonly string[] {
    const record = this.engine.find('shop');
    return this.engine
      .events(record?.id ?? '')
      .filter((event) => event.logicalId === logicalId)
      .flatMap(({ reason }) => reason ?? [])
      .toReversed();
  }
}
