/** What the stack engine does to the world: the daemon's machines and fabric, or a test's. */
import type { StackResource } from '../../cloudformation/create-resource.ts';
import type { Region } from '../../region/region.ts';

/** One resource whose turn has come. */
export interface Work {
  readonly stackName: string;
  readonly resource: StackResource;
  /** What it was: of an update in place only. */
  readonly before?: StackResource;
  /** Aborted when the operation fails or is cancelled elsewhere: nobody waits any more. */
  readonly signal: AbortSignal;
  /** Says a step of it, as one more event of the resource. */
  readonly tell?: (reason: string) => void;
  /** Set where an update is being taken back: `before` is what failed. */
  readonly isRollback?: true;
}

/** A resource that is being taken away; it is still in the region. */
export type Removal = Pick<Work, 'stackName' | 'resource'>;

export interface Applier {
  /** The region as it is: also of changes that the kernel is just being told. */
  readonly region: () => Region;
  /**
   * Changes the region, at once, and makes the lab equal to it. Resolves when it is; rejects with
   * what could not be made, and the region is then what it was asked to be nonetheless.
   */
  readonly change: (step: (now: Region) => Region) => Promise<void>;
  /** Told once what is about to be created, before the first `create`: for what need not wait. */
  readonly begin?: (stackName: string, resources: readonly StackResource[]) => void;
  /** Resolves when the resource, which is in the region, is complete. Rejects with the reason. */
  readonly create: (work: Work) => Promise<void>;
  /** The same for a change in place. */
  readonly update: (work: Work) => Promise<void>;
  /** Ends what runs for the resource: its machine, its server. */
  readonly remove: (removal: Removal) => Promise<void>;
}
