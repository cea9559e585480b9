/** Boots machines and follows their set-up, or boots them from the layer of an earlier one. */
import { authorize } from '../../region/authorize.ts';
import type { Instance } from '../../region/instance.ts';
import type { Region } from '../../region/region.ts';
import type { Image } from '../image/build.ts';
import { layerKey } from '../layer/key.ts';
import { captureLayer, findLayer, type Layer } from '../layer/store.ts';
import type { RunningMachine } from '../machine/start.ts';
import type { ObjectStore } from '../services/object-store.ts';
import type { ParameterStore } from '../services/ssm.ts';
import type { EventLog } from './events.ts';
import type { Machines } from './machines.ts';
import { booted, followSetup, SetupError } from './setup.ts';
import { owedBy, type SignalBox } from './signals.ts';

/** What machines are made of and find when they boot. */
export interface Ground {
  readonly region: () => Region;
  readonly machines: Machines;
  readonly log: EventLog;
  readonly signals: SignalBox;
  readonly image: Image;
  readonly objects: ObjectStore;
  readonly secrets: ParameterStore;
  /** Provision again even where a layer is kept. */
  readonly fresh: boolean;
}

export interface Boot {
  readonly instance: Instance;
  readonly key: string;
  readonly layer: Layer | undefined;
}

/** Which layer an instance would start from, if any. */
export async function planBoot(ground: Ground, instance: Instance): Promise<Boot> {
  const { fresh, image } = ground;
  const region = ground.region();
  const inputs = {
    imageKey: image.key,
    region,
    instance,
    readable: await readable(ground, instance),
  };
  const key = layerKey(inputs);
  return { instance, key, layer: fresh ? undefined : await findLayer(key, Date.now()) };
}

/** Switches the machine on. `setUp` settles when everything that it runs at its first boot is done. */
export async function boot(
  ground: Ground,
  { instance, key, layer }: Boot,
): Promise<{ readonly machine: RunningMachine; readonly setUp: Promise<void> }> {
  const { machines, log } = ground;
  const say = (setup: Parameters<Machines['note']>[1], detail?: string): void => {
    machines.note(instance, setup);
    const more = detail === undefined ? {} : { detail };
    log.emit({ kind: 'machine', name: instance.name, setup, ...more });
  };
  const failed = (error: unknown): Error => {
    say('failed');
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
      await followSetup(
        machine,
        Promise.all(owed).then(() => {}),
      );
      await captureLayer(key, machine.plan);
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

/** Names and digests of what the instance's role may read: its set-up may depend on it. */
async function readable(ground: Ground, instance: Instance): Promise<readonly string[]> {
  const { objects, secrets } = ground;
  const region = ground.region();
  const profile = region.instanceProfiles[instance.instanceProfileName ?? ''];
  const role = Object.values(region.roles).find(({ name }) => name === profile?.roleName);
  if (role === undefined) return [];
  const may = (action: string, arn: string): boolean =>
    authorize(role, action, arn).outcome === 'allowed';
  const parameters = [...secrets.list()].filter(({ name }) =>
    may('ssm:GetParameter', `arn:aws:ssm:${region.name}:${region.account}:parameter${name}`),
  );
  const stored = await Promise.all(
    Object.values(region.buckets).map(async ({ name }) =>
      (await objects.list(name))
        .filter(({ key }) => may('s3:GetObject', `arn:aws:s3:::${name}/${key}`))
        .map(({ key, sha256 }) => `${name}/${key} ${sha256}`),
    ),
  );
  return [...parameters.map(({ name, value }) => `${name} ${value}`), ...stored.flat()];
}
