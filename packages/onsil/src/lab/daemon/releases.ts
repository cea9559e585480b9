/** Releases of the user's apps: into the bucket, and onto the instances that run them. */
import { createReadStream } from 'node:fs';
import { authorize } from '../../region/authorize.ts';
import type { Bucket } from '../../region/bucket.ts';
import type { Instance } from '../../region/instance.ts';
import { manifestKey, publish } from '../../release/publish.ts';
import { runInGuest } from '../machine/guest.ts';
import { CommandError } from '../process.ts';
import type { ReleaseToPublish } from './request.ts';
import type { Lab } from './up.ts';

export interface RolledOut {
  readonly app: string;
  /** Names of the instances that run it now. */
  readonly instances: readonly string[];
}

type Published = Pick<Lab, 'region' | 'objects' | 'stack' | 'metadata'>;

/** Puts releases into the buckets from which instances fetch them. @returns the changed apps */
export async function publishReleases(
  lab: Published,
  releases: readonly ReleaseToPublish[],
): Promise<readonly string[]> {
  const changed: string[] = [];
  for (const { release, runtimes } of releases) {
    const bucket = bucketOf(lab, release.app).name;
    const { objects } = lab;
    const before = await objects.head(bucket, manifestKey(release.app));
    await publish(
      {
        has: async (key) => (await objects.head(bucket, key)) !== undefined,
        put: (key, body) =>
          objects.put(bucket, key, 'path' in body ? createReadStream(body.path) : once(body)),
      },
      release,
      runtimes,
    );
    const after = await objects.head(bucket, manifestKey(release.app));
    if (before?.sha256 !== after?.sha256) changed.push(release.app);
  }
  return changed;
}

function bucketOf({ region, stack, metadata }: Published, app: string): Bucket {
  const logicalId = metadata?.releases[app]?.bucket ?? '';
  const bucket = region.buckets[stack?.resources[logicalId]?.physicalId ?? ''];
  if (bucket === undefined) throw new Error(`The template names no bucket for releases of ${app}.`);
  return bucket;
}

async function* once(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield body;
}

/**
 * Publishes releases, and has the instances that run a changed one fetch it: one after the other,
 * each when the one before it answers again.
 */
export async function rollOut(
  lab: Lab,
  releases: readonly ReleaseToPublish[],
): Promise<readonly RolledOut[]> {
  const rolledOut: RolledOut[] = [];
  for (const app of await publishReleases(lab, releases)) {
    const instances = hostsOf(lab, app);
    for (const instance of instances) await renew(lab, instance, app);
    rolledOut.push({ app, instances: instances.map(({ name }) => name) });
  }
  return rolledOut;
}

/** Waits until every app answers on every host that runs it: a balancer would use them all. */
export async function waitForApps(lab: Lab): Promise<void> {
  const apps = Object.keys(lab.metadata?.releases ?? {});
  await Promise.all(
    apps.flatMap((app) => hostsOf(lab, app).map((instance) => answers(lab, instance, app))),
  );
}

/** An app's hosts are those whose role may read its releases. */
function hostsOf(lab: Lab, app: string): readonly Instance[] {
  const { region, machines } = lab;
  const key = `arn:aws:s3:::${bucketOf(lab, app).name}/${manifestKey(app)}`;
  return Object.values(region.instances).filter((instance) => {
    const profile = region.instanceProfiles[instance.instanceProfileName ?? ''];
    const role = region.roles[profile?.roleName ?? ''];
    const mayRead =
      role !== undefined && authorize(role, 's3:GetObject', key).outcome === 'allowed';
    return mayRead && machines.state(instance) === 'running';
  });
}

async function renew(lab: Lab, instance: Instance, app: string): Promise<void> {
  try {
    await runInGuest(lab.machines.running(instance).leader, ['/usr/local/sbin/release']);
    await answers(lab, instance, app);
  } catch (cause) {
    throw new Error(
      `The new release of ${app} does not run on ${instance.name}; the instances after it ` +
        `still run the former one.\n${cause instanceof Error ? cause.message : ''}`,
      { cause },
    );
  }
}

/** Asks for a minute; prints nothing but the last error. */
const ASK =
  'for i in $(seq 600); do curl -sSf -o /dev/null --max-time 5 "$0" 2>/tmp/answer && exit; ' +
  'sleep 0.1; done; cat /tmp/answer >&2; exit 1';

/** Waits until the app answers 200 on its host. */
async function answers(lab: Lab, instance: Instance, app: string): Promise<void> {
  const { port, health } = lab.metadata?.releases[app] ?? {};
  const url = `http://127.0.0.1:${port}${health}`;
  const { leader } = lab.machines.running(instance);
  try {
    await runInGuest(leader, ['/bin/sh', '-c', ASK, url]);
  } catch (cause) {
    const said = cause instanceof CommandError ? cause.output.stderr.trim() : '';
    throw new Error(
      `${app} does not answer on ${instance.name} at ${url} within a minute: ${said} ` +
        `Look at: npx onsil logs ${instance.name}`,
      { cause },
    );
  }
}
