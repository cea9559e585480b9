/** What a stack of a cloud assembly wants published before it begins: its asset manifests. */
import { readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { NestedTemplate } from '../cloudformation/nested-stack.ts';
import type { Asset } from '../lab/daemon/request.ts';
import { ACCOUNT } from '../region/region.ts';
import { partitionOf } from '../region/resources/resource-type.ts';

/** A file or folder, and where it goes: names may have placeholders of account and region. */
export interface AssetSource {
  /** Absolute. */
  readonly path: string;
  readonly packaging: 'file' | 'zip';
  readonly bucket: string;
  readonly key: string;
}

export interface StackAssets {
  /** Without the stack's own template. */
  readonly sources: readonly AssetSource[];
  /** Those of the stack's own template too: the app supposes that they are there. */
  readonly buckets: readonly string[];
  /** Templates of nested stacks, by the last part of their key. */
  readonly nested: Readonly<Record<string, NestedTemplate>>;
  /** What only a program makes, by its name: Docker images above all. */
  readonly unmade: readonly string[];
}

/** https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.cloud_assembly_schema.AssetManifest.html */
interface AssetManifest {
  readonly files?: Readonly<Record<string, FileAsset>>;
  readonly dockerImages?: Readonly<Record<string, ImageAsset>>;
}

interface FileAsset {
  readonly displayName?: string;
  readonly source: {
    readonly path?: string;
    readonly packaging?: 'file' | 'zip';
    readonly executable?: readonly string[];
  };
  readonly destinations?: Readonly<
    Record<string, { readonly bucketName: string; readonly objectKey: string }>
  >;
}

interface ImageAsset {
  readonly displayName?: string;
  readonly source: { readonly directory?: string };
}

/** How the CDK calls the template of a NestedStack. */
const NESTED = '.nested.template.json';

/**
 * @param folder of the cloud assembly
 * @param manifests the stack's, by their names in the folder
 * @param templateFile the stack's own, which the CDK's command line publishes as a file too
 */
export async function assetsIn(
  folder: string,
  manifests: readonly string[],
  templateFile: string,
): Promise<StackAssets> {
  const read = await Promise.all(
    manifests.map(
      async (name) => JSON.parse(await readFile(join(folder, name), 'utf8')) as AssetManifest,
    ),
  );
  const files = read.flatMap(({ files: own = {} }) => Object.entries(own));
  const images = read.flatMap(({ dockerImages = {} }) => Object.entries(dockerImages));
  const sources = files.flatMap(([, { source, destinations = {} }]) =>
    source.path === undefined || source.path === templateFile
      ? []
      : Object.values(destinations).map(({ bucketName, objectKey }) => ({
          path: resolve(folder, source.path ?? ''),
          packaging: source.packaging ?? 'file',
          bucket: bucketName,
          key: objectKey,
        })),
  );
  const nested = await Promise.all(
    sources
      .filter(({ path }) => path.endsWith(NESTED))
      .map(async ({ path, key }) => {
        const template = { body: await readFile(path, 'utf8'), fileName: relative(folder, path) };
        return [key.split('/').at(-1) ?? key, template] as const;
      }),
  );
  return {
    sources,
    buckets: files.flatMap(([, { destinations = {} }]) =>
      Object.values(destinations).map(({ bucketName }) => bucketName),
    ),
    nested: Object.fromEntries(nested),
    unmade: [
      ...files
        .filter(([, { source }]) => source.path === undefined)
        .map(([id, { displayName = id }]) => displayName),
      ...images.map(([id, { displayName, source }]) => displayName ?? source.directory ?? id),
    ],
  };
}

/**
 * Keeps the files in a folder of the cache, folders as archives. Throws where one is not there.
 */
export async function keepAssets(
  sources: readonly AssetSource[],
  cache: string,
): Promise<readonly Asset[]> {
  if (sources.length === 0) return [];
  const { keepFile, keepZip, pruneKept } = await import('./kept-file.ts');
  const assets: Asset[] = [];
  for (const { path, packaging, bucket, key } of sources) {
    try {
      const kept = await (packaging === 'zip' ? keepZip(path, cache) : keepFile(path, cache));
      assets.push({ bucket, key, ...kept });
    } catch (cause) {
      const what = cause instanceof Error ? cause.message : String(cause);
      throw new Error(
        `The asset ${key} of the app cannot be kept for the lab: ${what}\n` +
          'Synthesize the app again, and see that its folder of assets is whole.',
        { cause },
      );
    }
  }
  await pruneKept(cache, Date.now());
  return assets;
}

/**
 * A name with what stands for account and region filled in, as the lab has them.
 * https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.cx_api.EnvironmentPlaceholders.html
 */
export function placed(name: string, region: string): string {
  return name
    .replaceAll('${AWS::AccountId}', ACCOUNT)
    .replaceAll('${AWS::Region}', region)
    .replaceAll('${AWS::Partition}', partitionOf(region));
}
