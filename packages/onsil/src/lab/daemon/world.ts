/** The region that a lab makes real, and the fabric that does: the one place that changes them. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Region } from '../../region/region.ts';
import { applyFabric, removeLeftovers } from '../fabric/apply.ts';
import { identities } from '../fabric/identity.ts';
import { type FabricPlan, planFabric } from '../fabric/plan.ts';
import { labFolders } from '../layout.ts';
import { Departed } from '../services/aws/ec2/departed.ts';

export class World {
  /** Instances that are no more. */
  readonly departed = new Departed(Date.now);
  readonly #lab: string;
  #region: Region;
  /** What the kernel has been told, and of which region it is. */
  #fabric: FabricPlan;
  #applied: Region | undefined;
  /** Plans of which the kernel may have anything: one was interrupted by a failure. */
  #doubtful: readonly FabricPlan[] = [];
  #identities: ReadonlyMap<string, string>;
  #queue: Promise<void> = Promise.resolve();
  readonly #listeners = new Set<() => void>();

  /** Nothing is made before the first change. */
  constructor(lab: string, region: Region) {
    this.#lab = lab;
    this.#region = region;
    this.#fabric = planFabric(lab, region);
    this.#identities = identities(region);
  }

  get region(): Region {
    return this.#region;
  }

  get fabric(): FabricPlan {
    return this.#fabric;
  }

  /** The network interface behind the source address of a link-local request. */
  whoIs(address: string): string | undefined {
    return this.#identities.get(address);
  }

  /**
   * Changes the region at once, and then the kernel, changes that come meanwhile together with
   * it. Guests stay attached, and tracked connections tracked. Rejects with the kernel's words.
   */
  change(step: (now: Region) => Region): Promise<void> {
    const before = this.#region;
    this.#region = step(before);
    this.departed.note(before, this.#region);
    const applied = this.#queue.then(() => this.#apply());
    this.#queue = applied.catch(() => {});
    return applied;
  }

  /** Told after each change that the kernel was told. @returns ends it */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #apply(): Promise<void> {
    const region = this.#region;
    if (region === this.#applied) return;
    const fabric = planFabric(this.#lab, region);
    const former = this.#applied;
    try {
      if (this.#doubtful.length === 0) {
        await applyFabric(fabric, former === undefined ? undefined : this.#fabric);
      } else {
        await applyFabric(fabric);
        await removeLeftovers(fabric, this.#doubtful);
        this.#doubtful = [];
      }
    } catch (error) {
      this.#doubtful = [...this.#doubtful, this.#fabric, fabric];
      throw error;
    }
    this.#fabric = fabric;
    this.#applied = region;
    this.#identities = identities(region);
    for (const id of Object.keys(former?.volumes ?? {})) {
      if (region.volumes[id] !== undefined) continue;
      await rm(join(labFolders(this.#lab).state, 'volumes', `${id}.img`), { force: true });
    }
    for (const listener of this.#listeners) listener();
  }
}
