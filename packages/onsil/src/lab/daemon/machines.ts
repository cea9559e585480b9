/** The machines of one lab, as the daemon sees them. */
import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Instance } from '../../region/instance.ts';
import { attachInterfaces } from '../fabric/attach.ts';
import { type Layer, restoreVolumes } from '../layer/store.ts';
import { endCgroup } from '../machine/cgroup.ts';
import { runInGuest } from '../machine/guest.ts';
import { type MachinePlan, planMachine } from '../machine/plan.ts';
import { type RunningMachine, startMachine } from '../machine/start.ts';
import { cutPower } from '../machine/stop.ts';
import { Turns } from '../turns.ts';
import type { SetupState } from './events.ts';
import type { InstanceStatus } from './status.ts';
import type { World } from './world.ts';

type PowerState = InstanceStatus['state'];

/** How long a machine may take to shut down before its power is cut. */
const SHUTDOWN_MS = 10_000;

/**
 * Until its network is plugged in a machine that starts keeps a processor busy, and one that is
 * started waits for its interface: many at once would only wait for each other.
 */
const STARTS_AT_ONCE = Math.max(4, availableParallelism() * 2);

/** The region and its fabric as they are at each moment. */
export type WorldView = Pick<World, 'region' | 'fabric'>;

export class Machines {
  readonly #lab: string;
  readonly #world: WorldView;
  readonly #image: (instance: Instance) => string;
  readonly #onChange: () => void;
  readonly #onError: (cause: unknown) => void;
  readonly #running = new Map<string, PoweredMachine>();
  readonly #setups = new Map<string, SetupState>();
  readonly #reasons = new Map<string, string>();
  readonly #starts = new Turns(STARTS_AT_ONCE);
  /** Layers below each machine's own disk, the topmost first. */
  readonly #layers = new Map<string, readonly string[]>();

  constructor(options: {
    readonly lab: string;
    readonly world: WorldView;
    /** The folder of the image that an instance boots. */
    readonly image: (instance: Instance) => string;
    readonly onChange: () => void;
    /** Told when a machine that went off could not be cleared away. */
    readonly onError: (cause: unknown) => void;
  }) {
    this.#lab = options.lab;
    this.#world = options.world;
    this.#image = options.image;
    this.#onChange = options.onChange;
    this.#onError = options.onError;
  }

  plan(instance: Instance): MachinePlan {
    return planMachine(this.#lab, this.#world.region, instance);
  }

  /** The machine, which must be on. Throws what to do where it is not. */
  running(instance: Instance): RunningMachine {
    const machine = this.#running.get(instance.id);
    if (machine !== undefined) return machine.machine;
    throw new Error(
      `${instance.name} is not running. Switch it on with: npx onsil start ${instance.name}`,
    );
  }

  state(instance: Instance): PowerState {
    if (this.#running.has(instance.id)) return 'running';
    return this.#layers.has(instance.id) ? 'stopped' : 'pending';
  }

  setup(instance: Instance): SetupState {
    return this.#setups.get(instance.id) ?? 'waiting';
  }

  /** Why the set-up failed. */
  reason(instance: Instance): string | undefined {
    return this.#reasons.get(instance.id);
  }

  note(instance: Instance, setup: SetupState, reason?: string): void {
    this.#setups.set(instance.id, setup);
    if (reason === undefined) this.#reasons.delete(instance.id);
    else this.#reasons.set(instance.id, reason);
    this.#onChange();
  }

  /** Switches a machine on, from a layer where there is one. It keeps its disk over stop and start. */
  async start(instance: Instance, layer?: Layer): Promise<RunningMachine> {
    const existing = this.#running.get(instance.id);
    if (existing !== undefined) return existing.machine;
    const plan = this.plan(instance);
    if (layer !== undefined) await restoreVolumes(layer, plan);
    const layers = this.#layers.get(instance.id) ?? [
      ...(layer === undefined ? [] : [layer.disk]),
      this.#image(instance),
    ];
    this.#layers.set(instance.id, layers);
    const attach = (pid: number): Promise<void> =>
      attachInterfaces(
        this.#world.fabric,
        plan.networkInterfaceIds.map((networkInterfaceId) => ({
          networkInterfaceId,
          guest: { pid },
        })),
      );
    const machine = await this.#starts.take(() => startMachine(plan, layers, attach));
    const off = machine.ended.then(() => this.#clearAway(machine));
    off.catch(this.#onError);
    this.#running.set(instance.id, { machine, off });
    this.#onChange();
    return machine;
  }

  /** Shuts a machine down as its console would, and cuts its power when it does not obey. */
  async stop(instance: Instance): Promise<void> {
    const machine = this.running(instance);
    const { off } = this.#running.get(instance.id) ?? {};
    const poweroff = runInGuest(machine.leader, ['systemctl', '--no-block', 'poweroff']);
    // A machine that cannot be asked is one whose power is cut.
    const asked = poweroff.then(
      () => sleep(SHUTDOWN_MS, undefined, { ref: false }),
      () => {},
    );
    await Promise.race([off, asked]);
    if (this.#running.has(instance.id)) await endCgroup(machine.plan.cgroup);
    await off;
  }

  /** Ends a machine for good. Its disk goes with it; its volumes go with their region's. */
  async terminate(instance: Instance): Promise<void> {
    const powered = this.#running.get(instance.id);
    const plan = powered?.machine.plan ?? this.plan(instance);
    if (powered !== undefined) {
      await endCgroup(plan.cgroup);
      await powered.off;
    }
    this.#layers.delete(instance.id);
    this.#setups.delete(instance.id);
    this.#reasons.delete(instance.id);
    await Promise.all(
      [plan.disk, dirname(plan.root)].map((path) => rm(path, { recursive: true, force: true })),
    );
    this.#onChange();
  }

  /** What is left of a machine that is off: its socket, mounts and loop devices. */
  async #clearAway(machine: RunningMachine): Promise<void> {
    this.#running.delete(machine.plan.instanceId);
    try {
      await machine.release();
      await cutPower(machine.plan);
    } finally {
      this.#onChange();
    }
  }
}

interface PoweredMachine {
  readonly machine: RunningMachine;
  /** Settles when the machine is off and cleared away. */
  readonly off: Promise<void>;
}
