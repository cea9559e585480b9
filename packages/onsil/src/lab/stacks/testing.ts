/** An engine over a region alone, without a kernel: for tests. */
import { testRegion } from '../../cloudformation/testing.ts';
import type { Region } from '../../region/region.ts';
import type { Applier, Removal, Work } from './applier.ts';
import { type EngineOptions, StackEngine } from './engine.ts';
import { causesReplacement } from './specification.ts';
import { StackError } from './stack-service.ts';

/** Changes a region, and completes each resource when it is let. */
export class RegionApplier implements Applier {
  /** Everything that was done, in order: `create Vpc`, `remove Web`. */
  readonly done: string[] = [];
  /** Reasons of failures to come, by the same words; each comes once. */
  readonly faults = new Map<string, string>();
  /** What takes time, by the same words. */
  readonly waits = new Map<string, Promise<void>>();
  #region: Region;

  constructor(region: Region) {
    this.#region = region;
  }

  readonly region = (): Region => this.#region;

  readonly change = (step: (now: Region) => Region): Promise<void> => {
    this.#region = step(this.#region);
    return Promise.resolve();
  };

  readonly create = ({ resource }: Work): Promise<void> => this.#do(`create ${resource.logicalId}`);
  readonly update = ({ resource }: Work): Promise<void> => this.#do(`update ${resource.logicalId}`);
  readonly remove = ({ resource }: Removal): Promise<void> =>
    this.#do(`remove ${resource.logicalId}`);

  async #do(what: string): Promise<void> {
    this.done.push(what);
    await this.waits.get(what);
    const fault = this.faults.get(what);
    this.faults.delete(what);
    if (fault !== undefined) throw new Error(fault);
  }
}

/** An engine whose clock counts its readings. */
export function testEngine(
  region = testRegion(),
  nestedTemplate?: NonNullable<EngineOptions['nestedTemplate']>,
) {
  const applier = new RegionApplier(region);
  let now = 0;
  const engine = new StackEngine({
    applier,
    now: () => {
      now += 1;
      return now;
    },
    secret: 'salt',
    causesReplacement,
    ...(nestedTemplate === undefined ? {} : { nestedTemplate }),
  });
  return { engine, applier };
}

/** The code and the message with which it refuses. */
export function refusalOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof StackError) return `${error.code}: ${error.message}`;
    throw error;
  }
  throw new Error('It was not refused.');
}
