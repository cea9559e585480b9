/** Boots machines and follows their set-up, or boots them from the layer of an earlier one. */
import { authorize } from '../../region/authorize.ts';
import type { Instance } from '../../region/instance.ts';
import type { Region } from '../../region/region.ts';
import type { AddedImage } from '../image/added.ts';
import type { Image } from '../image/build.ts';
import { chooseImage } from '../image/choose.ts';
import { layerKey } from '../layer/key.ts';
import { captureLayer, findLayer, type Layer } from '../layer/store.ts';
import type { RunningMachine } from '../machine/start.ts';
import { dbServers } from '../managed/db-server.ts';
import type { ObjectStore } from '../services/object-store.ts';
import { type ReferencePlace, resolveSecrets } from '../services/references.ts';
import type { EventLog } from './events.ts';
import type { Machines } from './machines.ts';
import { booted, followForeignSetup, followSetup, SetupError } from './setup.ts';
import { owedBy, type SignalBox } from './signals.ts';

/** What machines are made of and find when they boot. */
export interface Ground {
  readonly region: () => Region;
  readonly machines: Machines;
  readonly log: EventLog;
  readonly signals: SignalBox;
  /** Those that were added. */
  readonly images: readonly AddedImage[];
  readonly imageOf: (instance: Instance) => Image;
  /** Whether the blueprint made the template: its machines are nothing without their set-up. */
  readonly isOwn: boolean;
  readonly objects: ObjectStore;
  /** What is kept of parameters and secrets. */
  readonly values: ReferencePlace['context'];
  /** Provision again even where a layer is kept. */
  readonly fresh: boolean;
}

export interface Boot {
  readonly instance: Instance;
  /** Absent where what it sets up is not to be kept. */
  readonly key: string | undefined;
  readonly layer: Layer | undefined;
}

/** Which layer an instance would start from, if any. */
export async function planBoot(ground: Ground, instance: Instance): Promise<Boot> {
  const { fresh, imageOf } = ground;
  const region = ground.region();
  if (mayFillDatabase(region, instance)) return { instance, key: undefined, layer: undefined };
  const inputs = {
    imageKey: imageOf(instance).key,
    region,
    instance,
    readable: await readable(ground, instance),
  };
  const key = layerKey(inputs);
  return { instance, key, layer: fresh ? undefined : await findLayer(key, Date.now()) };
}

/** A database begins empty with each lab: what its clients set up in it is not in their layers. */
function mayFillDatabase(region: Region, { vpcId }: Instance): boolean {
  return dbServers(region).some(({ instances }) => instances[0].vpcId === vpcId);
}

/** Switches the machine on. `setUp` settles when everything that it runs at its first boot is done. */
export async function boot(
  ground: Ground,
  { instance, key, layer }: Boot,
): Promise<{ readonly machine: RunningMachine; readonly setUp: Promise<void> }> {
  const { machines, log } = ground;
  const say = (setup: Parameters<Machines['note']>[1], detail?: string): void => {
    machines.note(instance, setup, setup === 'failed' ? detail : undefined);
    const more = detail === undefined ? {} : { detail };
    log.emit({ kind: 'machine', name: instance.name, setup, ...more });
  };
  const failed = (error: unknown): Error => {
    say('failed', error instanceof Error ? error.message.split('\n')[0] : String(error));
    return error instanceof SetupError || !(error instanceof Error)
      ? (error as Error)
      : new Error(`${instance.name}: ${error.message}`, { cause: error });
  };
  const follow = async (machine: RunningMachine): Promise<void> => {
    try {
      if (layer !== undefined || instance.userData === undefined) {
        await booted(machine);
        say(layer === undefined ? 'none' : 'done');
        return;
      }
      say('running');
      const owed = owedBy(ground.region(), instance).map((each) => ground.signals.wait(each));
      const reason = await followed(ground, instance, machine, owed);
      if (reason !== undefined) {
        log.emit({ kind: 'warning', message: `The set-up of ${instance.name} failed: ${reason}` });
        say('failed', reason);
        return;
      }
      if (key !== undefined) await captureLayer(key, machine.plan);
      say('done');
    } catch (error) {
      throw failed(error);
    }
  };
  try {
    say('starting', layer === undefined ? 'first boot' : 'from its layer');
    const machine = await machines.start(instance, layer);
    const setUp = follow(machine);
    setUp.catch(() => {});
    return { machine, setUp };
  } catch (error) {
    throw failed(error);
  }
}

/** Why a set-up failed where only the machine is worse for it; throws where the stack is. */
async function followed(
  { isOwn, images }: Ground,
  { imageId }: Instance,
  machine: RunningMachine,
  owed: readonly Promise<void>[],
): Promise<string | undefined> {
  if (!isOwn) {
    const { runs, os, standsIn } = chooseImage(imageId, images);
    const writtenFor = standsIn && os !== null ? { writtenFor: os } : {};
    return followForeignSetup(machine, owed, { runs, ...writtenFor });
  }
  await followSetup(
    machine,
    Promise.all(owed).then(() => {}),
  );
  return undefined;
}

/** Names and digests of what the instance's role may read: its set-up may depend on it. */
async function readable(ground: Ground, instance: Instance): Promise<readonly string[]> {
  const { objects, values } = ground;
  const region = ground.region();
  const given = secretUserData(ground, instance);
  const profile = region.instanceProfiles[instance.instanceProfileName ?? ''];
  const role = Object.values(region.roles).find(({ name }) => name === profile?.roleName);
  if (role === undefined) return given;
  const may = (action: string, arn: string): boolean =>
    authorize(role, action, arn).outcome === 'allowed';
  const parameters = [...values.parameters.list()].filter(({ name }) =>
    may('ssm:GetParameter', `arn:aws:ssm:${region.name}:${region.account}:parameter${name}`),
  );
  const stored = await Promise.all(
    Object.values(region.buckets).map(async ({ name }) =>
      (await objects.list(name))
        .filter(({ key }) => may('s3:GetObject', `arn:aws:s3:::${name}/${key}`))
        .map(({ key, sha256 }) => `${name}/${key} ${sha256}`),
    ),
  );
  return [
    ...given,
    ...parameters.map(({ name, value }) => `${name} ${value}`),
    ...secretsOf(ground, region, may),
    ...stored.flat(),
  ];
}

/** User data with the secrets in it; nothing where it has none. */
function secretUserData(
  { region, values }: Ground,
  { userData = '' }: Instance,
): readonly string[] {
  try {
    const resolved = resolveSecrets(userData, { region: region(), context: values });
    return resolved === userData ? [] : [resolved];
  } catch {
    // One that is not there fails the instance when its turn comes, with the reason.
    return [];
  }
}

function secretsOf(
  { values }: Ground,
  region: Region,
  may: (action: string, arn: string) => boolean,
): readonly string[] {
  const kept = new Map([...values.secrets.list()].map((each) => [each.arn, each.versions[0]]));
  const made = Object.values(region.secrets).filter(({ arn }) => !kept.has(arn));
  return [
    ...[...kept].map(([arn, version]) => ({ arn, text: JSON.stringify(version) })),
    ...made.map((secret) => ({ arn: secret.arn, text: values.secretValue(secret) })),
  ]
    .filter(({ arn }) => may('secretsmanager:GetSecretValue', arn))
    .map(({ arn, text }) => `${arn} ${text}`);
}
