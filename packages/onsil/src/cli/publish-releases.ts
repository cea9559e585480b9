/** Releases on their way to AWS: built first, put into the bucket when there is one. */
import type { Deployed } from '../aws/deployed.ts';
import type { Environment } from '../aws/environment.ts';
import type { ResourceEvent } from '../aws/toolkit.ts';
import type { Service } from '../config/service.ts';
import type { ReleaseToPublish, TemplateMetadata } from '../lab/daemon/request.ts';
import { makeReleases } from './materials.ts';
import type { Progress } from './render/progress.ts';

/**
 * Instances look for their release for ten minutes: it is put into the bucket as soon as
 * CloudFormation has made that, while the rest of the stack is still being made.
 */
export class Publishing {
  readonly #environment: Environment;
  readonly #service: Service;
  readonly #metadata: TemplateMetadata;
  readonly #progress: Progress;
  readonly #startedAt: number;
  #releases: readonly ReleaseToPublish[] = [];
  readonly #work: Promise<void>[] = [];
  #failure: unknown;
  /** Apps whose bucket did not have this release before. */
  readonly #renewed = new Set<string>();

  constructor(
    environment: Environment,
    service: Service,
    metadata: TemplateMetadata,
    progress: Progress,
    startedAt: number,
  ) {
    this.#environment = environment;
    this.#service = service;
    this.#metadata = metadata;
    this.#progress = progress;
    this.#startedAt = startedAt;
  }

  async build(): Promise<void> {
    const step = 'releases of api and web';
    this.#step(step, false);
    // A lab's instances are of this machine's architecture, AWS's of the configuration's.
    const architecture = this.#environment.lab === undefined ? this.#service.architecture : 'host';
    this.#releases = await makeReleases(
      this.#service,
      (line) => this.#step(step, false, line),
      new AbortController().signal,
      architecture,
    );
    this.#step(step, true);
  }

  /** A bucket that has just been made gets its releases. */
  onResource({ logicalId, status, physicalId }: ResourceEvent): void {
    if (status !== 'CREATE_COMPLETE' || !this.#buckets().has(logicalId)) return;
    const work = this.#publish(logicalId, physicalId).catch((error: unknown) => {
      this.#failure = error;
    });
    this.#work.push(work);
  }

  /** Into the buckets of a stack that is there. */
  async publishTo({ resources }: Deployed): Promise<void> {
    for (const logicalId of this.#buckets()) {
      const bucket = resources[logicalId]?.physicalId;
      if (bucket !== undefined) await this.#publish(logicalId, bucket);
    }
  }

  /** Throws what could not be put into a bucket. */
  async settled(): Promise<void> {
    await Promise.all(this.#work);
    if (this.#failure === undefined) return;
    const cause = this.#failure;
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`The releases could not be put into their bucket: ${what}`, { cause });
  }

  /** What is still to be done by hand. */
  notes(updated: boolean): readonly string[] {
    if (!updated || this.#renewed.size === 0) return [];
    const apps = [...this.#renewed].toSorted().join(' and ');
    return [
      '',
      `Instances that were there before still run the former release of ${apps}.`,
      'On each of them this takes the one that is in the bucket now:',
      '  sudo /usr/local/sbin/release',
    ];
  }

  #buckets(): ReadonlySet<string> {
    return new Set(Object.values(this.#metadata.releases).map(({ bucket }) => bucket));
  }

  async #publish(logicalId: string, bucket: string): Promise<void> {
    const [{ withReleaseStore }, { currentManifest, publish }] = await Promise.all([
      import('../aws/release-store.ts'),
      import('../release/publish.ts'),
    ]);
    const step = `releases into ${bucket}`;
    this.#step(step, false);
    await withReleaseStore(this.#environment, bucket, async (store) => {
      for (const { release, runtimes } of this.#releases) {
        if (this.#metadata.releases[release.app]?.bucket !== logicalId) continue;
        if (!(await store.has(currentManifest(release, runtimes).key))) {
          this.#renewed.add(release.app);
        }
        await publish(store, release, runtimes);
      }
    });
    this.#step(step, true);
  }

  #step(step: string, done: boolean, detail?: string): void {
    this.#progress.show({
      ...{ kind: 'step', step, done, at: (Date.now() - this.#startedAt) / 1000 },
      ...(detail === undefined ? {} : { detail }),
    });
  }
}
