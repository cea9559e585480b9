/**
 * Parameters and secrets that calls put. Those that the administrator put are kept in a file beside
 * the lab's keys, so that they outlive a daemon: an `up` that replaces a lab which failed, or whose
 * machine was switched off, finds them. `down` removes them. What instances put goes with them.
 */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Parameter } from '../../region/parameter.ts';
import { cacheFolders } from '../layout.ts';
import {
  type KeptSecret,
  memorySecretStore,
  type SecretStore,
  type SecretVersion,
} from '../services/aws/secretsmanager/secret-store.ts';
import { type KeptParameter, memoryParameterStore, type ParameterStore } from '../services/ssm.ts';

interface File {
  /** Names of things have it in them. */
  readonly region: string;
  readonly parameters: readonly KeptParameter[];
  readonly secrets: readonly (Omit<KeptSecret, 'versions'> & {
    readonly versions: readonly (Omit<SecretVersion, 'binary'> & { readonly base64?: string })[];
  })[];
}

const fileOf = (lab: string): string => join(cacheFolders.labs, lab, 'put.json');

/** @param own parameters that the lab makes for itself, under those that were put */
export async function putValues(
  lab: string,
  region: string,
  own: Iterable<Parameter>,
): Promise<{ readonly parameters: ParameterStore; readonly secrets: SecretStore }> {
  const parameters = memoryParameterStore(own);
  const secrets = memorySecretStore();
  const lasting = { parameters: new Set<string>(), secrets: new Set<string>() };
  const kept = await read(lab, region);
  for (const parameter of kept?.parameters ?? []) {
    lasting.parameters.add(parameter.name);
    await parameters.put(parameter, true);
  }
  for (const { versions, ...secret } of kept?.secrets ?? []) {
    lasting.secrets.add(secret.name);
    const whole = { ...secret, versions: versions.map(versionOf) };
    await secrets.put(whole, true);
  }

  let writing: Promise<void> = Promise.resolve();
  const write = (): Promise<void> => {
    writing = writing.catch(() => {}).then(() => save(lab, region, parameters, secrets, lasting));
    return writing;
  };
  return {
    parameters: lastingStore(parameters, lasting.parameters, write),
    secrets: lastingStore(secrets, lasting.secrets, write),
  };
}

/** Of a lab that is taken down. */
export async function forgetPutValues(lab: string): Promise<void> {
  await rm(fileOf(lab), { force: true });
}

interface Store<T> {
  list(): Iterable<T>;
  get(name: string): T | undefined;
  put(thing: T, lasting: boolean): void | Promise<void>;
  delete(name: string): boolean | Promise<boolean>;
}

/** The store; each change of what lasts is written before it returns. */
function lastingStore<T extends { readonly name: string }>(
  store: Store<T>,
  names: Set<string>,
  write: () => Promise<void>,
): Store<T> {
  return {
    list: () => store.list(),
    get: (name) => store.get(name),
    async put(thing, lasting) {
      await store.put(thing, lasting);
      if (lasting) names.add(thing.name);
      if (names.has(thing.name)) await write();
    },
    async delete(name) {
      const there = await store.delete(name);
      if (names.delete(name)) await write();
      return there;
    },
  };
}

async function read(lab: string, region: string): Promise<File | undefined> {
  const text = await readFile(fileOf(lab), 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw cause;
  });
  if (text === undefined) return undefined;
  const file = JSON.parse(text) as File;
  return file.region === region ? file : undefined;
}

async function save(
  lab: string,
  region: string,
  parameters: ParameterStore,
  secrets: SecretStore,
  lasting: { readonly parameters: ReadonlySet<string>; readonly secrets: ReadonlySet<string> },
): Promise<void> {
  const content: File = {
    region,
    parameters: [...parameters.list()].filter(({ name }) => lasting.parameters.has(name)),
    secrets: [...secrets.list()]
      .filter(({ name }) => lasting.secrets.has(name))
      .map(({ versions, ...secret }) => ({
        ...secret,
        versions: versions.map(({ binary, ...version }) => ({
          ...version,
          ...(binary === undefined ? {} : { base64: Buffer.from(binary).toString('base64') }),
        })),
      })),
  };
  const file = fileOf(lab);
  await mkdir(join(cacheFolders.labs, lab), { recursive: true, mode: 0o700 });
  await writeFile(`${file}.new`, JSON.stringify(content), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

function versionOf({
  base64,
  ...version
}: File['secrets'][number]['versions'][number]): SecretVersion {
  return {
    ...version,
    ...(base64 === undefined ? {} : { binary: new Uint8Array(Buffer.from(base64, 'base64')) }),
  };
}
