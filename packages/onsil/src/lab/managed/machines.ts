/** The managed machines of one lab, as the daemon sees them. */
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isEqual } from '../../region/merge.ts';
import type { Region } from '../../region/region.ts';
import { attachInterfaces } from '../fabric/attach.ts';
import type { FabricPlan } from '../fabric/plan.ts';
import { endCgroup } from '../machine/cgroup.ts';
import { runInGuest } from '../machine/guest.ts';
import { type RunningMachine, startMachine } from '../machine/start.ts';
import { cutPower } from '../machine/stop.ts';
import { CommandError } from '../process.ts';
import { fileChanges, type ManagedMachine, planManaged } from './machine.ts';

export type ManagedState = 'starting' | 'running' | 'stopped' | 'failed';

/** How long a machine may take to shut down before its power is cut. */
const SHUTDOWN_MS = 10_000;

interface Entry {
  /** What was asked for last. */
  readonly machine: ManagedMachine;
  readonly state: ManagedState;
  /** Why it failed. */
  readonly reason?: string;
}

interface Powered {
  readonly machine: RunningMachine;
  /** What it has. */
  has: ManagedMachine;
  /** Settles when the machine is off and cleared away. */
  readonly off: Promise<void>;
}

export class ManagedMachines {
  readonly #lab: string;
  readonly #world: { readonly region: Region; readonly fabric: FabricPlan };
  readonly #image: () => Promise<string>;
  readonly #onChange: () => void;
  readonly #onError: (cause: unknown) => void;
  readonly #entries = new Map<string, Entry>();
  readonly #running = new Map<string, Powered>();
  /** One thing after the other is done to each machine. */
  readonly #queues = new Map<string, Promise<void>>();

  constructor(options: {
    readonly lab: string;
    readonly world: { readonly region: Region; readonly fabric: FabricPlan };
    /** The folder of the service image; built by the first one that asks. */
    readonly image: () => Promise<string>;
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

  /** In the order in which they were first asked for. */
  list(): readonly Entry[] {
    return [...this.#entries.values()];
  }

  find(id: string): Entry | undefined {
    return this.#entries.get(id);
  }

  /** The machine, where it is on. */
  running(id: string): RunningMachine | undefined {
    return this.#running.get(id)?.machine;
  }

  /**
   * Boots the machine, or gives the one that runs what has changed: files are written and its
   * `reload` is run; other interfaces take a stop and a start. Its disk is kept over these.
   * Resolves when its units are up. Rejects with what they said, and the machine stays for a look.
   */
  ensure(machine: ManagedMachine): Promise<void> {
    return this.#next(machine.id, async () => {
      const powered = this.#running.get(machine.id);
      try {
        if (powered === undefined) await this.#start(machine);
        else if (powered.has.networkInterfaceIds.join() === machine.networkInterfaceIds.join()) {
          await this.#change(powered, machine);
        } else {
          await this.#shutDown(machine.id);
          await this.#start(machine);
        }
        this.#note(machine, 'running');
      } catch (cause) {
        const message = cause instanceof Error ? cause.message : String(cause);
        this.#note(machine, 'failed', message);
        throw new Error(`The ${machine.type} ${machine.name} does not run: ${message}`, { cause });
      }
    });
  }

  /** Shuts the machine down. `ensure` starts it again, with the same disk. */
  stop(id: string): Promise<void> {
    return this.#next(id, async () => {
      await this.#shutDown(id);
      const entry = this.#entries.get(id);
      if (entry !== undefined) this.#note(entry.machine, 'stopped');
    });
  }

  /** Ends the machine for good; its disk goes with it. Harmless where there is none. */
  remove(id: string): Promise<void> {
    return this.#next(id, async () => {
      const entry = this.#entries.get(id);
      if (entry === undefined) return;
      const powered = this.#running.get(id);
      const plan =
        powered?.machine.plan ?? planManaged(this.#lab, this.#world.region, entry.machine);
      if (powered !== undefined) {
        await endCgroup(plan.cgroup);
        await powered.off;
      }
      this.#entries.delete(id);
      await Promise.all(
        [plan.disk, dirname(plan.root)].map((path) => rm(path, { recursive: true, force: true })),
      );
      this.#onChange();
    });
  }

  #next(id: string, work: () => Promise<void>): Promise<void> {
    const done = (this.#queues.get(id) ?? Promise.resolve()).then(work);
    this.#queues.set(
      id,
      done.catch(() => {}),
    );
    return done;
  }

  #note(machine: ManagedMachine, state: ManagedState, reason?: string): void {
    this.#entries.set(machine.id, { machine, state, ...(reason === undefined ? {} : { reason }) });
    this.#onChange();
  }

  async #start(machine: ManagedMachine): Promise<void> {
    this.#note(machine, 'starting');
    const image = await this.#image();
    const plan = planManaged(this.#lab, this.#world.region, machine);
    const running = await startMachine(plan, [image], (pid) =>
      attachInterfaces(
        this.#world.fabric,
        // The first one last: the machine goes on when it has a default route.
        plan.networkInterfaceIds.toReversed().map((networkInterfaceId) => ({
          networkInterfaceId,
          guest: { pid },
        })),
      ),
    );
    const off = running.ended.then(() => this.#clearAway(running, machine));
    off.catch(this.#onError);
    this.#running.set(machine.id, { machine: running, has: machine, off });
    await startUnits(running, machine.units);
  }

  async #change(powered: Powered, machine: ManagedMachine): Promise<void> {
    const { leader } = powered.machine;
    const { written, removed } = fileChanges(powered.has.files, machine.files);
    const isSame =
      written.length === 0 &&
      removed.length === 0 &&
      isEqual(powered.has.units, machine.units) &&
      this.#entries.get(machine.id)?.state === 'running';
    if (isSame) {
      powered.has = machine;
      return;
    }
    for (const { path, content, mode = 0o644 } of written) {
      const words = ['/bin/sh', '-euc', WRITE, 'sh', `/${path}`, mode.toString(8)];
      await runInGuest(leader, words, { input: content });
    }
    // In the machine's own eyes: a link in it leads nowhere else.
    for (const path of removed) await runInGuest(leader, ['rm', '-f', `/${path}`]);
    powered.has = machine;
    if (machine.reload === undefined) {
      await runInGuest(leader, ['systemctl', 'restart', ...machine.units]);
    } else {
      await runInGuest(leader, machine.reload);
    }
    await startUnits(powered.machine, machine.units);
  }

  async #shutDown(id: string): Promise<void> {
    const powered = this.#running.get(id);
    if (powered === undefined) return;
    const { leader, plan } = powered.machine;
    const asked = runInGuest(leader, ['systemctl', '--no-block', 'poweroff']).then(
      () => sleep(SHUTDOWN_MS, undefined, { ref: false }),
      () => {},
    );
    await Promise.race([powered.off, asked]);
    if (this.#running.has(id)) await endCgroup(plan.cgroup);
    await powered.off;
  }

  /** What is left of a machine that is off: its socket, mounts and loop devices. */
  async #clearAway(running: RunningMachine, machine: ManagedMachine): Promise<void> {
    this.#running.delete(machine.id);
    const entry = this.#entries.get(machine.id);
    if (entry?.state === 'running') this.#note(entry.machine, 'stopped');
    await running.release();
    await cutPower(running.plan);
  }
}

/** Standard input to a file, by its path and its mode: whole, and never readable by others before. */
const WRITE =
  'mkdir -p "${1%/*}"; umask 077; cat > "$1.new"; chmod "$2" "$1.new"; mv "$1.new" "$1"';

const START =
  'until [ -S /run/systemd/private ]; do sleep 0.02; done; systemctl start "$@" && exit 0; ' +
  'for unit; do systemctl --quiet is-active "$unit" || ' +
  'journalctl --quiet --no-pager --output=cat --lines=20 --unit="$unit" >&2; done; exit 1';

/** Waits until the units are up. Throws the last lines of the log of those that are not. */
async function startUnits(machine: RunningMachine, units: readonly string[]): Promise<void> {
  if (units.length === 0) return;
  const off = machine.ended.then(() => {
    throw new Error('the machine went off while it started');
  });
  const started = runInGuest(machine.leader, ['/bin/sh', '-c', START, 'sh', ...units]);
  try {
    await Promise.race([started, off]);
  } catch (cause) {
    if (!(cause instanceof CommandError)) throw cause;
    throw new Error(`${units.join(', ')} did not start:\n${cause.output.stderr.trim()}`, { cause });
  } finally {
    off.catch(() => {});
    started.catch(() => {});
  }
}
