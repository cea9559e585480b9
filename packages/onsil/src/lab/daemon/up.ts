/** Brings a lab up: region → fabric → services → machines → a site that answers. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { baseRegion } from '../../region/base-region.ts';
import type { Instance } from '../../region/instance.ts';
import type { Problem } from '../../region/problem.ts';
import { secretValue } from '../../region/secret-value.ts';
import { raiseInotifyLimit } from '../host/inotify.ts';
import { type AddedImage, findAddedImages } from '../image/added.ts';
import type { Image } from '../image/build.ts';
import { chooseImage, standIns } from '../image/choose.ts';
import { cacheFolders, labFolders } from '../layout.ts';
import { leftOut } from '../left-out.ts';
import { dbServers, standInText } from '../managed/db-server.ts';
import { LoadBalancers } from '../managed/load-balancers.ts';
import { ManagedMachines } from '../managed/machines.ts';
import { ensureAuthority } from '../services/authority.ts';
import type { LabControl } from '../services/aws/operation.ts';
import { createObjectStore } from '../services/object-store.ts';
import { resolveSecrets } from '../services/references.ts';
import type { KeptParameter, ParameterStore } from '../services/ssm.ts';
import { StackEngine } from '../stacks/engine.ts';
import { causesReplacement } from '../stacks/specification.ts';
import { ensureAdministrator, ensureKeys } from './administrator.ts';
import { LabApplier } from './applier.ts';
import { labGroups } from './auto-scaling.ts';
import { putAssets } from './bootstrap.ts';
import { messageOf } from './control.ts';
import { DbInstances } from './db-instance.ts';
import { DbServers } from './db-server.ts';
import type { EventLog } from './events.ts';
import { FlowFeed } from './flow.ts';
import { loadBalancerRunners } from './load-balancer.ts';
import { Machines } from './machines.ts';
import { powerControl } from './power.ts';
import { metadataOf, stackInput } from './prepare.ts';
import type { Ground } from './provision.ts';
import { putValues } from './put-values.ts';
import { publishReleases } from './releases.ts';
import type { Materials, UpRequest } from './request.ts';
import { ensureSecrets, labSecret } from './secrets.ts';
import { serviceImage } from './service-image.ts';
import { startLabServices } from './services.ts';
import { SignalBox } from './signals.ts';
import { World } from './world.ts';

export type Lab = Awaited<ReturnType<typeof layOut>>;

/**
 * Everything but the machines: the region, its fabric, and the services that machines find. The
 * machines boot as the engine comes to them; `finished` waits for that.
 */
export async function layOut(
  request: UpRequest,
  materials: Promise<Materials>,
  log: EventLog,
  onChange: () => void,
) {
  const { lab } = request;
  await raiseInotifyLimit();
  const [administrator, keys, secret, authority] = await Promise.all([
    ensureAdministrator(lab),
    ensureKeys(lab),
    labSecret(lab),
    ensureAuthority(cacheFolders.authority),
  ]);
  const input = stackInput(request, administrator.publicKey);
  const own = await ensureSecrets(lab, input.metadata?.secrets ?? []);
  const values: Ground['values'] = {
    ...(await putValues(
      lab,
      request.region,
      [...own].map(([name, value]) => ({ name, type: 'SecureString', value })),
    )),
    secretValue: (each) => secretValue(each, secret),
  };
  const secrets = values.parameters;
  const { state } = labFolders(lab);
  await mkdir(state, { recursive: true, mode: 0o700 });
  const world = new World(lab, baseRegion(request.region, { publicKey: administrator.publicKey }));
  const objects = createObjectStore(join(state, 'objects'));
  const signals = new SignalBox();
  const ground = Promise.withResolvers<Ground>();
  let machines: Machines | undefined;
  const managedImage = serviceImage(authority.rootPem, log);
  const prepareImage = () => void managedImage().catch(() => {});
  const managed = new ManagedMachines({
    ...{ lab, world, onChange },
    image: async () => (await managedImage()).folder,
    onError: (cause) =>
      log.emit({ kind: 'warning', message: `a machine was not cleared away: ${inspect(cause)}` }),
  });
  const balancers = new LoadBalancers({
    ...{ region: () => world.region, machines: managed, authority },
    onChange: () => {
      onChange();
      groups.look();
    },
    isRunning: (id) => {
      const instance = world.region.instances[id];
      return instance !== undefined && machines?.state(instance) === 'running';
    },
    onError: (cause) => log.emit({ kind: 'warning', message: messageOf(cause) }),
  });
  const warn = (problems: readonly Problem[]): void => {
    for (const { path, message } of problems) {
      log.emit({ kind: 'warning', message: `${path}: ${message}` });
    }
  };
  const dbInstances = new DbInstances({
    ...{ log, region: () => world.region },
    servers: new DbServers({
      ...{ managed, authority, log },
      resolved: (text) => resolveSecrets(text, { region: world.region, context: values }),
    }),
    begin: prepareImage,
  });
  const applier = new LabApplier(
    world,
    ground.promise,
    new Map([
      ...loadBalancerRunners(() => world.region, balancers, prepareImage),
      ...dbInstances.runners(),
    ]),
  );
  const engine = new StackEngine({
    ...{ applier, secret, causesReplacement, now: Date.now, launchesLater: true },
    parameterStore: () => withoutValues(secrets),
    onProblems: (_stackName, problems) => warn(problems),
  });
  const groups = labGroups({
    ...{ world, applier, signals, machines: () => machines },
    answers: (group, id) => balancers.answers(group, id),
    onError: (cause) =>
      log.emit({ kind: 'warning', message: `an Auto Scaling group: ${messageOf(cause)}` }),
  });
  const stackNow = () => engine.find(lab)?.stack;
  log.emit({ kind: 'step', step: 'network', done: false });
  // A failure is left for a look: whoever boots ten machines wants to see the one that failed.
  await putAssets(objects, request.assets);
  const first = [...input.bootstraps, ...input.before];
  for (const each of first) engine.createStack({ ...each, onFailure: 'DO_NOTHING' });
  engine.createStack({ ...input, onFailure: 'DO_NOTHING' });
  warn(leftOut(world.region, stackNow()?.resources ?? {}));
  try {
    // The services' own addresses come with the fabric.
    await world.change((region) => region);
    const services = await startLabServices({
      ...{ lab, world, signals, authority, objects, keys, stacks: engine, ...values },
      control: labControl(request, world, log, groups, () => machines, balancers, dbInstances),
    });
    log.emit({ kind: 'step', step: 'network', done: true });
    const { image, releases } = await materials;
    const { region } = world;
    await publishReleases(
      { region, objects, metadata: input.metadata, stack: stackNow() },
      releases,
    );
    const onError = (cause: unknown): void =>
      log.emit({ kind: 'warning', message: `a machine was not cleared away: ${inspect(cause)}` });
    const images = await findAddedImages();
    for (const message of standIns(region, images)) log.emit({ kind: 'note', message });
    const imageOf = imageAmong(images, image);
    machines = new Machines({
      ...{ lab, world, onError },
      onChange: () => {
        onChange();
        groups.look();
      },
      image: (instance) => imageOf(instance).folder,
    });
    const { fresh } = request;
    ground.resolve({
      ...{ machines, log, signals, images, imageOf, objects, values, fresh },
      isOwn: input.metadata !== undefined,
      region: () => world.region,
    });
    const flow = new FlowFeed(() => world.fabric);
    world.subscribe(onChange);
    world.subscribe(() => flow.renew());
    world.subscribe(() => void balancers.follow().catch(() => {}));
    return {
      ...{ lab, log, administrator, authority, world, engine, applier },
      ...{ image, images, objects, secrets, signals, machines, managed, services, keys, groups },
      /** What a managed machine's service has to say, by the machine's id. */
      managedDetail: (id: string): string | undefined => {
        const server = dbServers(world.region).find(({ machineId }) => machineId === id);
        return server === undefined ? balancers.detail(id) : standInText(server);
      },
      flow,
      /** As it is at this moment. */
      get region() {
        return world.region;
      },
      get fabric() {
        return world.fabric;
      },
      /** The stack of `up`; absent once it was deleted. */
      get stack() {
        return stackNow();
      },
      get metadata() {
        return metadataOf(stackNow()?.metadata ?? {});
      },
    };
  } catch (error) {
    ground.reject(error);
    throw error;
  }
}

/** What calls put, for planning: a SecureString by its name only. */
function withoutValues(parameters: ParameterStore): Readonly<Record<string, KeptParameter>> {
  return Object.fromEntries(
    [...parameters.list()].map((each) => [
      each.name,
      each.type === 'SecureString' ? { ...each, value: '' } : each,
    ]),
  );
}

/** What an instance boots: an image that was added for its AMI, or the built one. */
function imageAmong(images: readonly AddedImage[], builtIn: Image) {
  return ({ imageId }: Instance): Image => {
    const { runs } = chooseImage(imageId, images);
    return images.find(({ name }) => name === runs) ?? builtIn;
  };
}

/** What the calls of AWS's clients do to the lab. */
function labControl(
  { startedAt }: UpRequest,
  world: World,
  log: EventLog,
  scaling: LabControl['scaling'],
  machines: () => Machines | undefined,
  balancers: LoadBalancers,
  databases: DbInstances,
): LabControl {
  const onError = (cause: unknown): void =>
    log.emit({ kind: 'warning', message: `a machine did not obey: ${inspect(cause)}` });
  return {
    ...{ startedAt, scaling, databases },
    change: (step) => world.change(step),
    terminated: () => world.departed.list(),
    ...powerControl(() => world.region, machines, onError),
    targetHealth: (arn) => balancers.health(arn),
  };
}

/** Waits until the stack of a lab and every machine's set-up are done. Throws what failed. */
export async function finished({ lab, engine, applier }: Lab): Promise<void> {
  const record = await engine.settled(lab);
  const outcomes = await applier.setUps();
  const failures = outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
  // A machine that waited for a failed one failed with the same error: it is told once.
  const distinct = [...new Set(failures)];
  if (distinct.length === 1) throw distinct[0];
  if (distinct.length > 1) {
    const messages = distinct.map((error) => (error instanceof Error ? error.message : error));
    throw new AggregateError(distinct, messages.join('\n\n'));
  }
  if (record.status.endsWith('_COMPLETE') && !record.status.includes('ROLLBACK')) return;
  throw new Error(whyNot(engine, record.id));
}

/** Why a stack did not become what it should: the resources that failed, each with its reason. */
export function whyNot(engine: StackEngine, stackId: string): string {
  const record = engine.find(stackId);
  const tree = engine.stacks().filter(({ id, rootId }) => id === stackId || rootId === stackId);
  const failed = tree
    .flatMap(({ id }) => {
      const events = engine.events(id);
      const since = events.findIndex(({ reason }) => reason === 'User Initiated');
      return events.slice(0, since + 1).toReversed();
    })
    .filter(({ status, reason, physicalId, stackId: own }) => {
      const isOfStack = physicalId === own || reason?.startsWith('Embedded stack ') === true;
      return status.endsWith('_FAILED') && !isOfStack && !reason?.endsWith('cancelled');
    })
    .map(({ logicalId, type, reason }) => `${logicalId} (${type}): ${reason}`);
  const own = record?.statusReason ?? `The stack is ${record?.status}.`;
  return failed.length === 0 ? own : failed.join('\n');
}
