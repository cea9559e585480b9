/** Instances that were terminated: AWS shows them for about an hour. */
import type { Instance } from '../../../../region/instance.ts';
import type { Region } from '../../../../region/region.ts';

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/terminating-instances.html */
const SHOWN_MS = 60 * 60_000;

export class Departed {
  readonly #now: () => number;
  readonly #gone = new Map<string, { readonly instance: Instance; readonly at: number }>();

  /** @param now milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** To be told of each change of the region. */
  note(before: Region, after: Region): void {
    if (before.instances === after.instances) return;
    for (const [id, instance] of Object.entries(before.instances)) {
      if (after.instances[id] === undefined) this.#gone.set(id, { instance, at: this.#now() });
    }
    // A rollback brings back the very same.
    for (const id of Object.keys(after.instances)) this.#gone.delete(id);
  }

  /** Those of the last hour. */
  list(): readonly Instance[] {
    for (const [id, { at }] of this.#gone) if (at + SHOWN_MS < this.#now()) this.#gone.delete(id);
    return [...this.#gone.values()].map(({ instance }) => instance);
  }
}
