/** Does to a lab what the stack engine decides: the fabric by the world, machines by their plans. */
import type { StackResource } from '../../cloudformation/create-resource.ts';
import { creationPolicyOf } from '../../cloudformation/creation-policy.ts';
import type { Instance } from '../../region/instance.ts';
import { isEqual } from '../../region/merge.ts';
import type { Region } from '../../region/region.ts';
import type { WaitCondition } from '../../region/wait-condition.ts';
import { demandSecrets } from '../services/references.ts';
import type { Applier, Removal, Work } from '../stacks/applier.ts';
import { signalKey } from '../stacks/signal-key.ts';
import { type Boot, boot, type Ground, planBoot } from './provision.ts';
import { booted } from './setup.ts';
import { owedBy, reasonFor } from './signals.ts';
import type { World } from './world.ts';

/** What one type of resource needs besides its place in the region, e.g. a server that runs. */
export interface Runner {
  /** Told ahead that something of the type will be created: for what takes long and can begin. */
  readonly begin?: () => void;
  readonly create: (work: Work) => Promise<void>;
  readonly update: (work: Work) => Promise<void>;
  readonly remove: (removal: Removal) => Promise<void>;
}

/** Properties that act at the next start only: AWS stops and starts the instance for them. */
const AT_START = ['InstanceType', 'UserData', 'EbsOptimized', 'Tenancy', 'Affinity', 'HostId'];

export class LabApplier implements Applier {
  readonly #world: World;
  readonly #ground: Promise<Ground>;
  readonly #runners: Map<string, Runner>;
  /** Boots that are under way or done, by instance id. */
  readonly #boots = new Map<string, ReturnType<typeof boot>>();
  readonly #setUps = new Map<string, PromiseWithResolvers<void>>();
  readonly #plans = new Map<string, Promise<Boot>>();
  #headStart: Promise<void> = Promise.resolve();

  /**
   * @param ground settles when machines may boot: image, services and releases are there
   * @param runners by resource type, besides those that are here
   */
  constructor(world: World, ground: Promise<Ground>, runners: ReadonlyMap<string, Runner>) {
    this.#world = world;
    this.#ground = ground;
    this.#runners = new Map<string, Runner>([
      ['AWS::EC2::Instance', this.#instances()],
      ['AWS::CloudFormation::WaitCondition', this.#conditions()],
      ['AWS::EC2::VolumeAttachment', this.#attachments()],
      ['AWS::EC2::NetworkInterfaceAttachment', this.#attachments()],
      ...runners,
    ]);
    ground.catch(() => {});
  }

  /** One more type of resource, by a runner that boots machines with this applier. */
  add(type: string, runner: Runner): void {
    this.#runners.set(type, runner);
  }

  readonly region = (): Region => this.#world.region;

  readonly change = (step: (now: Region) => Region): Promise<void> => this.#world.change(step);

  readonly begin = (_stackName: string, resources: readonly StackResource[]): void => {
    const instances = resources.flatMap(
      ({ physicalId }) => this.#world.region.instances[physicalId] ?? [],
    );
    this.#headStart = this.#startKept(instances);
    this.#headStart.catch(() => {});
    for (const type of new Set(resources.map((each) => each.type)))
      this.#runners.get(type)?.begin?.();
  };

  readonly create = async (work: Work): Promise<void> => {
    await this.#demandSecrets(work);
    await this.#runners.get(work.resource.type)?.create(work);
  };

  readonly update = async (work: Work): Promise<void> => {
    await this.#demandSecrets(work);
    await this.#runners.get(work.resource.type)?.update(work);
  };

  readonly remove = async (removal: Removal): Promise<void> => {
    await this.#runners.get(removal.resource.type)?.remove(removal);
  };

  /** What the set-ups of machines that boot now come to, one for each. */
  async setUps(): Promise<readonly PromiseSettledResult<void>[]> {
    return Promise.allSettled([...this.#boots.keys()].map((id) => this.#setUp(id).promise));
  }

  /** Boots an instance of the region, whoever made it. Resolves when it runs. */
  async boot(instance: Instance): Promise<void> {
    await this.#headStart;
    const under = this.#boots.get(instance.id) ?? this.#start(instance);
    await under;
  }

  /** Whether the instance starts from a layer: set up already, it sends no signals. */
  async isKept(instance: Instance): Promise<boolean> {
    const { layer } = await this.#plan(await this.#ground, instance);
    return layer !== undefined;
  }

  /** Ends a machine for good: its disk goes, too. */
  async terminate(instance: Instance): Promise<void> {
    const { machines } = await this.#ground;
    await this.#boots.get(instance.id)?.catch(() => {});
    await machines.terminate(instance);
    // Whoever waits for its set-up waits no more.
    this.#setUps.get(instance.id)?.resolve();
    for (const map of [this.#boots, this.#plans, this.#setUps]) map.delete(instance.id);
  }

  /** As CloudFormation does, a resource fails where a secret that it refers to is not there. */
  async #demandSecrets({ resource }: Work): Promise<void> {
    const { values } = await this.#ground;
    demandSecrets(resource.properties, { region: this.#world.region, context: values });
  }

  /**
   * Machines that are set up already wait for nobody. Those with volumes serve the others and
   * take longest to start, so they go first.
   */
  async #startKept(instances: readonly Instance[]): Promise<void> {
    const ground = await this.#ground;
    const plans = await Promise.all(instances.map((instance) => this.#plan(ground, instance)));
    const kept = plans.filter(({ layer }) => layer !== undefined);
    const serves = ({ instance }: Boot) => ground.machines.plan(instance).volumes.length > 0;
    await Promise.allSettled(kept.filter(serves).map(({ instance }) => this.#start(instance)));
    for (const { instance } of kept) void this.#start(instance).catch(() => {});
  }

  #plan(ground: Ground, instance: Instance): Promise<Boot> {
    const plan = this.#plans.get(instance.id) ?? planBoot(ground, instance);
    this.#plans.set(instance.id, plan);
    return plan;
  }

  #start(instance: Instance): ReturnType<typeof boot> {
    const under = this.#boots.get(instance.id);
    if (under !== undefined) return under;
    const setUp = this.#setUp(instance.id);
    const started = this.#ground.then(async (ground) =>
      boot(ground, await this.#plan(ground, instance)),
    );
    this.#boots.set(instance.id, started);
    started.then((made) => made.setUp).then(setUp.resolve, setUp.reject);
    return started;
  }

  #setUp(instanceId: string): PromiseWithResolvers<void> {
    const there = this.#setUps.get(instanceId);
    if (there !== undefined) return there;
    const made = Promise.withResolvers<void>();
    made.promise.catch(() => {});
    this.#setUps.set(instanceId, made);
    return made;
  }

  #instances(): Runner {
    const instanceOf = ({ physicalId }: StackResource) => this.#world.region.instances[physicalId];
    return {
      create: async ({ resource, stackName, signal }) => {
        const instance = instanceOf(resource);
        if (instance === undefined) return;
        await this.boot(instance);
        const policy = creationPolicyOf(resource.creationPolicy);
        if (policy === undefined || (await this.isKept(instance))) return;
        const handleId = signalKey(stackName, resource.logicalId);
        const { signals } = await this.#ground;
        const condition = { logicalId: resource.logicalId, handleId, ...policy };
        await signals.wait(condition, signal).catch((cause: unknown) => {
          throw reasonFor(cause, 'resource');
        });
      },
      update: async ({ resource, before }) => {
        const instance = instanceOf(resource);
        const differs = (name: string): boolean =>
          !isEqual(before?.properties[name], resource.properties[name]);
        if (instance !== undefined && AT_START.some(differs)) await this.#restart(instance);
      },
      remove: async ({ resource }) => {
        const instance = instanceOf(resource);
        if (instance !== undefined) await this.terminate(instance);
      },
    };
  }

  #conditions(): Runner {
    const wait = async ({ resource }: Work): Promise<void> => {
      const { logicalId, entries } = resource;
      const condition = entries
        .map(({ id }) => this.#world.region.waitConditions[id])
        .find((each) => each?.logicalId === logicalId);
      if (condition !== undefined) await this.#signalled(condition);
    };
    return { create: wait, update: async () => {}, remove: async () => {} };
  }

  /** The set-ups of those that signal it have ended, or, with nobody known, its signals are in. */
  async #signalled(condition: WaitCondition): Promise<void> {
    const { region } = this.#world;
    const signallers = Object.values(region.instances).filter((instance) =>
      owedBy(region, instance).some(({ id }) => id === condition.id),
    );
    const { signals } = await this.#ground;
    const enough = new AbortController();
    const waiting = signals.wait(condition, enough.signal);
    const setUps = signallers.map(({ id }) => this.#setUp(id).promise);
    // A machine from a layer sends none; one that is set up now has sent them.
    const inTime = setUps.length === 0 ? waiting : waiting.then(() => new Promise<never>(() => {}));
    try {
      await Promise.race([inTime, ...(setUps.length === 0 ? [] : [Promise.all(setUps)])]);
    } catch (cause) {
      throw reasonFor(cause, 'condition');
    } finally {
      waiting.catch(() => {});
      enough.abort();
    }
  }

  /** A running machine gets what was attached to it by a stop and a start. */
  #attachments(): Runner {
    const restart = async ({ resource }: Pick<Work, 'resource'>): Promise<void> => {
      const instance = this.#world.region.instances[String(resource.properties['InstanceId'])];
      const { machines } = await this.#ground;
      if (instance === undefined || machines.state(instance) !== 'running') return;
      const now = machines.running(instance).plan;
      const wanted = machines.plan(instance);
      const isThere =
        isEqual(now.volumes, wanted.volumes) &&
        isEqual(now.networkInterfaceIds, wanted.networkInterfaceIds);
      if (!isThere) await this.#restart(instance);
    };
    return { create: restart, update: restart, remove: async () => {} };
  }

  async #restart(instance: Instance): Promise<void> {
    const { machines } = await this.#ground;
    if (machines.state(instance) !== 'running') return;
    await machines.stop(instance);
    await booted(await machines.start(instance));
  }
}
