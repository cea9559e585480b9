/** Brings a lab up: region → fabric → services → machines → a site that answers. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { authorize } from '../../region/authorize.ts';
import type { Instance } from '../../region/instance.ts';
import { applyFabric } from '../fabric/apply.ts';
import { planFabric } from '../fabric/plan.ts';
import { raiseInotifyLimit } from '../host/inotify.ts';
import { layerKey } from '../layer/key.ts';
import { captureLayer, findLayer, type Layer } from '../layer/store.ts';
import { cacheFolders, labFolders } from '../layout.ts';
import { leftOut } from '../left-out.ts';
import type { RunningMachine } from '../machine/start.ts';
import { ensureAuthority } from '../services/authority.ts';
import { createObjectStore } from '../services/object-store.ts';
import { fixedControl, fixedStacks } from '../stacks/fixed.ts';
import { ensureAdministrator, ensureKeys } from './administrator.ts';
import type { EventLog } from './events.ts';
import { FlowFeed } from './flow.ts';
import { gates } from './gates.ts';
import { Machines } from './machines.ts';
import { powerControl } from './power.ts';
import { prepare } from './prepare.ts';
import { publishReleases } from './releases.ts';
import type { Materials, UpRequest } from './request.ts';
import { ensureSecrets, labSecret } from './secrets.ts';
import { startLabServices } from './services.ts';
import { booted, followSetup, SetupError } from './setup.ts';
import { owedBy, SignalBox } from './signals.ts';

export type Lab = Awaited<ReturnType<typeof layOut>>;

/** Everything but the machines: the region, its fabric, and the services that machines find. */
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
  const prepared = prepare(request, administrator.publicKey, secret);
  const { region, metadata, stack } = prepared;
  for (const problem of [...prepared.problems, ...leftOut(region, stack.resources)]) {
    log.emit({ kind: 'warning', message: `${problem.path}: ${problem.message}` });
  }
  const secrets = await ensureSecrets(lab, metadata?.secrets ?? []);
  const fabric = planFabric(lab, region);
  const state = labFolders(lab).state;
  await mkdir(state, { recursive: true, mode: 0o700 });
  const objects = createObjectStore(join(state, 'objects'));
  const signals = new SignalBox();
  log.emit({ kind: 'step', step: 'network', done: false });
  await applyFabric(fabric);
  const power = powerControl(
    () => region,
    () => machines,
    (cause) => log.emit({ kind: 'warning', message: `a machine did not obey: ${inspect(cause)}` }),
  );
  const control = fixedControl(request.startedAt, power);
  const stacks = fixedStacks(stack, request.template, request.startedAt);
  const services = await startLabServices({
    ...{ lab, region, secrets, signals, authority, objects, control, stacks, keys },
  });
  log.emit({ kind: 'step', step: 'network', done: true });
  const { image, releases } = await materials;
  await publishReleases({ region, objects, metadata, stack }, releases);
  const onError = (cause: unknown): void =>
    log.emit({ kind: 'warning', message: `a machine was not cleared away: ${inspect(cause)}` });
  const machines = new Machines({ lab, region, fabric, image: image.folder, onChange, onError });
  return {
    ...{ lab, log, region, stack, metadata, administrator, authority },
    ...{ fabric, image, objects, secrets, signals, machines, services, keys },
    flow: new FlowFeed(fabric),
  };
}

/** Boots every machine, each as soon as what lies upstream of it is set up. */
export async function bootMachines(lab: Lab, fresh: boolean): Promise<void> {
  const before = gates(lab.stack, lab.region);
  const setUp = new Map<string, Promise<void>>();
  const instances = Object.values(lab.region.instances);
  const keys = await Promise.all(instances.map((instance) => keyOf(lab, instance)));
  const layers = await Promise.all(
    keys.map(async (key) => (fresh ? undefined : findLayer(key, Date.now()))),
  );
  const started = await headStart(lab, instances, layers);
  const provision = async (instance: Instance, index: number): Promise<void> => {
    const layer = layers[index];
    if (layer === undefined) {
      // Every promise is in the map by the time the first of them is looked up.
      await Promise.resolve();
      await Promise.all((before.get(instance.id) ?? []).map(async (id) => setUp.get(id)));
    }
    const machine = started.get(instance.id) ?? (() => lab.machines.start(instance, layer));
    await bring(lab, instance, keys[index] ?? '', layer, machine);
  };
  for (const [index, instance] of instances.entries()) {
    setUp.set(instance.id, provision(instance, index));
  }
  const outcomes = await Promise.allSettled(setUp.values());
  const failures = outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
  // A machine that waited for a failed one failed with the same error: it is told once.
  const distinct = [...new Set(failures)];
  if (distinct.length === 1) throw distinct[0];
  if (distinct.length > 1) {
    const messages = distinct.map((error) => (error instanceof Error ? error.message : error));
    throw new AggregateError(distinct, messages.join('\n\n'));
  }
}

type Start = () => Promise<RunningMachine>;

/**
 * Machines with volumes serve the others and take longest to start, so they go first. One that
 * does not start says so when it is waited for.
 */
async function headStart(
  { machines }: Lab,
  instances: readonly Instance[],
  layers: readonly (Layer | undefined)[],
): Promise<ReadonlyMap<string, Start>> {
  const starts = instances.flatMap((instance, index) => {
    const layer = layers[index];
    if (layer === undefined || machines.plan(instance).volumes.length === 0) return [];
    const machine = machines.start(instance, layer);
    return [[instance.id, () => machine] as const];
  });
  await Promise.allSettled(starts.map(([, start]) => start()));
  return new Map(starts);
}

async function bring(
  lab: Lab,
  instance: Instance,
  key: string,
  layer: Layer | undefined,
  start: Start,
): Promise<void> {
  const { machines, log, signals, region } = lab;
  const say = (setup: Parameters<Machines['note']>[1], detail?: string): void => {
    machines.note(instance, setup);
    const more = detail === undefined ? {} : { detail };
    log.emit({ kind: 'machine', name: instance.name, setup, ...more });
  };
  try {
    say('starting', layer === undefined ? 'first boot' : 'from its layer');
    const machine = await start();
    if (layer !== undefined || instance.userData === undefined) {
      await booted(machine);
      say(layer === undefined ? 'none' : 'done');
      return;
    }
    say('running');
    const owed = owedBy(region, instance).map((condition) => signals.wait(condition));
    await followSetup(
      machine,
      Promise.all(owed).then(() => {}),
    );
    await captureLayer(key, machine.plan);
    say('done');
  } catch (error) {
    say('failed');
    throw error instanceof SetupError || !(error instanceof Error)
      ? error
      : new Error(`${instance.name}: ${error.message}`, { cause: error });
  }
}

async function keyOf(lab: Lab, instance: Instance): Promise<string> {
  const { region, image } = lab;
  return layerKey({
    imageKey: image.key,
    region,
    instance,
    readable: await readable(lab, instance),
  });
}

/** Names and digests of what the instance's role may read: its set-up may depend on it. */
async function readable(lab: Lab, instance: Instance): Promise<readonly string[]> {
  const { region, objects, secrets } = lab;
  const profile = region.instanceProfiles[instance.instanceProfileName ?? ''];
  const role = Object.values(region.roles).find(({ name }) => name === profile?.roleName);
  if (role === undefined) return [];
  const may = (action: string, arn: string): boolean =>
    authorize(role, action, arn).outcome === 'allowed';
  const parameters = [...secrets].filter(([name]) =>
    may('ssm:GetParameter', `arn:aws:ssm:${region.name}:${region.account}:parameter${name}`),
  );
  const stored = await Promise.all(
    Object.values(region.buckets).map(async ({ name }) =>
      (await objects.list(name))
        .filter(({ key }) => may('s3:GetObject', `arn:aws:s3:::${name}/${key}`))
        .map(({ key, sha256 }) => `${name}/${key} ${sha256}`),
    ),
  );
  return [...parameters.map(([name, value]) => `${name} ${value}`), ...stored.flat()];
}
