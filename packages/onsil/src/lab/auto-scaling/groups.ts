/**
 * The Auto Scaling groups of a lab that is up: they keep the number of instances that they shall
 * have, and exchange those that are not healthy.
 */
import { launchInto, withoutLaunched } from '../../region/auto-scaling/launch.ts';
import { nextSubnets } from '../../region/auto-scaling/placement.ts';
import type { AutoScalingGroup, GroupMember } from '../../region/auto-scaling-group.ts';
import type { Instance } from '../../region/instance.ts';
import { put, type Region } from '../../region/region.ts';
import { type Activity, ActivityLog } from './activity.ts';
import { decide, type Health } from './decide.ts';

/** What groups do to the lab. */
export interface Hands {
  readonly region: () => Region;
  /** Changes the region at once; resolves when the lab is so. */
  readonly change: (step: (now: Region) => Region) => Promise<void>;
  /** Resolves when the instance runs. */
  readonly boot: (instance: Instance) => Promise<unknown>;
  readonly terminate: (instance: Instance) => Promise<void>;
  readonly power: (instance: Instance) => Health['power'];
  /** What the load balancers of a group say of an instance; nothing where none has an answer. */
  readonly answers: (group: AutoScalingGroup, instanceId: string) => boolean | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told what went wrong where nobody waits for it. */
  readonly onError: (cause: unknown) => void;
}

/** Seconds after a launch that failed, and after the last of several instances that did not live. */
const RETRY = 60;
/** Seconds; an instance that was in service for less did not live. */
const LIFE = 10;
const QUICK_DEATHS = 3;

interface Care {
  /** What is done to the group one thing after the other. */
  queue: Promise<unknown>;
  /** Whether it will be looked after anyway. */
  isDue: boolean;
  /** Milliseconds since 1970; nothing is launched before. */
  retryAt: number;
  quickDeaths: number;
  /** When its instances came into service, by id. */
  readonly since: Map<string, number>;
  timer?: NodeJS.Timeout;
}

export class AutoScalingGroups {
  readonly activities: ActivityLog;
  readonly #hands: Hands;
  readonly #cares = new Map<string, Care>();

  constructor(hands: Hands) {
    this.#hands = hands;
    this.activities = new ActivityLog(hands.now);
  }

  /** From now on the group looks after itself. */
  open(name: string): void {
    const queue = Promise.resolve();
    const fresh = { queue, isDue: false, retryAt: 0, quickDeaths: 0, since: new Map() };
    this.#cares.set(name, this.#cares.get(name) ?? fresh);
  }

  /** Ends the group: its machines, and what the region has of them. */
  async close(name: string): Promise<void> {
    const care = this.#cares.get(name);
    this.#cares.delete(name);
    clearTimeout(care?.timer);
    await care?.queue.catch(() => {});
    const ids = this.group(name)?.members.map(({ id }) => id) ?? [];
    await this.terminate(name, ids, 'the group was deleted');
  }

  group(name: string): AutoScalingGroup | undefined {
    return this.#hands.region().autoScalingGroups[name];
  }

  /** Seconds that an instance has been in service; without end for one that was attached. */
  inService(name: string, instanceId: string): number {
    const since = this.#cares.get(name)?.since.get(instanceId);
    return since === undefined ? Number.POSITIVE_INFINITY : (this.#hands.now() - since) / 1000;
  }

  /** Something may have changed: every group looks after itself, soon. */
  readonly look = (): void => {
    for (const [name, care] of this.#cares) {
      if (care.isDue) continue;
      care.isDue = true;
      this.exclusive(name, async () => {
        care.isDue = false;
        await this.#keep(name, care);
      }).catch(this.#hands.onError);
    }
  };

  /** Brings the group to what it shall be. Rejects where an instance could not be launched. */
  async settle(name: string): Promise<void> {
    await this.exclusive(name, async () => {
      const care = this.#cares.get(name);
      if (care === undefined) return;
      care.retryAt = 0;
      const [failure] = await this.#keep(name, care);
      if (failure !== undefined) throw failure;
    });
  }

  /** While the work lasts, the group does nothing by itself. */
  exclusive<T>(name: string, work: () => Promise<T>): Promise<T> {
    const care = this.#cares.get(name);
    if (care === undefined) return work();
    const done = care.queue.then(work);
    care.queue = done.catch(() => {});
    return done;
  }

  /**
   * Launches instances and waits until they run.
   * @returns the ids of those that do, and why others do not: nothing is left of them
   */
  async launch(
    name: string,
    count: number,
    cause: string,
  ): Promise<{ readonly ids: readonly string[]; readonly failures: readonly unknown[] }> {
    let ids: readonly string[] = [];
    try {
      await this.#hands.change((region) => {
        const group = region.autoScalingGroups[name];
        if (group === undefined) return region;
        const subnets = nextSubnets(region, group, count);
        if (subnets.length === 0) throw new Error(`The group ${name} has no subnet.`);
        const made = launchInto(region, group, subnets, 'Pending');
        ids = made.instanceIds;
        return made.region;
      });
    } catch (failure) {
      const what = 'Launching a new EC2 instance';
      this.activities.end(this.activities.begin(name, what, cause), failure);
      await this.#drop(name, ids);
      return { ids: [], failures: [failure] };
    }
    const outcomes = await Promise.all(ids.map((id) => this.#boot(name, id, cause)));
    const failures = outcomes.filter((failure) => failure !== undefined);
    return { ids: ids.filter((_, index) => outcomes[index] === undefined), failures };
  }

  /** Ends instances of the group; those that are not there do not count. */
  async terminate(name: string, ids: readonly string[], cause: string): Promise<void> {
    await Promise.all(ids.map((id) => this.terminateOne(name, id, cause).done));
  }

  /** Its activity has begun when this returns; `done` never rejects. */
  terminateOne(
    name: string,
    id: string,
    cause: string,
  ): { readonly activity: Activity; readonly done: Promise<void> } {
    const activity = this.activities.begin(name, `Terminating EC2 instance: ${id}`, cause);
    const end = async (): Promise<void> => {
      try {
        // First of all it gets no requests any more.
        await this.#mark(name, id, () => 'Terminating');
        const instance = this.#hands.region().instances[id];
        if (instance !== undefined) await this.#hands.terminate(instance);
        await this.#drop(name, [id]);
        this.activities.end(activity);
      } catch (cause) {
        this.activities.end(activity, cause);
        this.#hands.onError(cause);
      }
    };
    return { activity, done: end() };
  }

  async #keep(name: string, care: Care): Promise<readonly unknown[]> {
    const failures: unknown[] = [];
    for (;;) {
      const group = this.group(name);
      if (group === undefined || this.#cares.get(name) !== care) return failures;
      const now = this.#hands.now();
      const { terminate, replace, grow, again } = decide(this.#hands.region(), group, (id) =>
        this.#healthOf(group, id),
      );
      this.#countDeaths(name, care, terminate);
      const mayLaunch = now >= care.retryAt;
      if (!mayLaunch && replace + grow > 0) this.#lookIn(care, (care.retryAt - now) / 1000);
      else if (again !== undefined) this.#lookIn(care, again);
      const work: Promise<unknown>[] = terminate.map(
        ({ id, cause }) => this.terminateOne(name, id, cause).done,
      );
      if (mayLaunch) {
        const [from, to] = [group.desiredCapacity - grow, group.desiredCapacity];
        const causes = [
          [
            replace,
            'an instance was started in response to an unhealthy instance needing to be replaced',
          ],
          [
            grow,
            `an instance was started in response to a difference between desired and actual capacity, increasing the capacity from ${from} to ${to}`,
          ],
        ] as const;
        for (const [count, cause] of causes) {
          if (count === 0) continue;
          const launched = this.launch(name, count, cause);
          work.push(launched.then((made) => failures.push(...made.failures)));
        }
      }
      if (work.length === 0) return failures;
      await Promise.all(work);
      if (failures.length > 0) care.retryAt = this.#hands.now() + RETRY * 1000;
    }
  }

  /** Instances that end as soon as they run are not replaced without end. */
  #countDeaths(name: string, care: Care, ended: readonly { readonly id: string }[]): void {
    for (const { id } of ended) {
      care.quickDeaths = this.inService(name, id) < LIFE ? care.quickDeaths + 1 : 0;
      if (care.quickDeaths < QUICK_DEATHS) continue;
      care.quickDeaths = 0;
      care.retryAt = this.#hands.now() + RETRY * 1000;
    }
  }

  #lookIn(care: Care, seconds: number): void {
    clearTimeout(care.timer);
    care.timer = setTimeout(this.look, seconds * 1000);
    care.timer.unref();
  }

  #healthOf(group: AutoScalingGroup, id: string): Health | undefined {
    const instance = this.#hands.region().instances[id];
    if (instance === undefined) return undefined;
    const answers = this.#hands.answers(group, id);
    return {
      power: this.#hands.power(instance),
      ...(answers === undefined ? {} : { answers }),
      inService: this.inService(group.name, id),
    };
  }

  /** @returns why it does not run; nothing where it does */
  async #boot(name: string, id: string, cause: string): Promise<unknown> {
    const activity = this.activities.begin(name, `Launching a new EC2 instance: ${id}`, cause);
    try {
      const instance = this.#hands.region().instances[id];
      if (instance === undefined) throw new Error(`${id} was terminated while it started`);
      await this.#hands.boot(instance);
      this.#cares.get(name)?.since.set(id, this.#hands.now());
      // Somebody may have ended it meanwhile.
      await this.#mark(name, id, (state) => (state === 'Pending' ? 'InService' : state));
      this.activities.end(activity);
      return undefined;
    } catch (failure) {
      this.activities.end(activity, failure);
      const instance = this.#hands.region().instances[id];
      if (instance !== undefined) await this.#hands.terminate(instance).catch(this.#hands.onError);
      await this.#drop(name, [id]);
      return failure;
    }
  }

  async #mark(
    name: string,
    id: string,
    next: (state: GroupMember['state']) => GroupMember['state'],
  ): Promise<void> {
    await this.#hands.change((region) => {
      const group = region.autoScalingGroups[name];
      if (group === undefined) return region;
      const members = group.members.map((member) =>
        member.id === id ? { ...member, state: next(member.state) } : member,
      );
      return put(region, 'autoScalingGroups', name, { ...group, members });
    });
  }

  /** What is left of instances that have ended. */
  async #drop(name: string, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    for (const id of ids) this.#cares.get(name)?.since.delete(id);
    await this.#hands.change((region) => {
      const bare = withoutLaunched(region, ids);
      const group = bare.autoScalingGroups[name];
      if (group === undefined) return bare;
      const members = group.members.filter(({ id }) => !ids.includes(id));
      return put(bare, 'autoScalingGroups', name, { ...group, members });
    });
  }
}
