import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AwsError } from '../endpoints/error.ts';
import { unescapeXml, xmlDocument } from '../endpoints/xml.ts';
import { type ObjectStore, type StoredObject, write } from '../object-store.ts';
import type { Bytes } from '../signature/payload.ts';
import { S3_NAMESPACE } from './list.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MIN_PART_BYTES = 5 * 1024 * 1024;
const MAX_PARTS = 10_000;
const MOST_LISTED = 1_000;

interface Upload {
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** An upload in parts: a folder with `upload.json` and a file `NUMBER-MD5` per part. */
export async function createUpload(
  store: ObjectStore,
  bucket: string,
  upload: Upload,
): Promise<string> {
  const id = randomBytes(32).toString('hex');
  const folder = join(store.uploads(bucket), id);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'upload.json'), JSON.stringify(upload));
  return id;
}

/** The part's ETag. */
export async function putPart(
  store: ObjectStore,
  place: UploadPlace,
  number: number,
  body: Bytes,
): Promise<string> {
  if (!Number.isInteger(number) || number < 1 || number > MAX_PARTS) {
    throw new AwsError(
      400,
      'InvalidArgument',
      `Part number must be an integer between 1 and ${MAX_PARTS}, inclusive`,
    );
  }
  const { folder } = await open(store, place);
  const temporary = join(folder, `new-${randomBytes(8).toString('hex')}`);
  try {
    const { md5 } = await write(temporary, body);
    const name = `${number}-${md5}`;
    for (const old of await readdir(folder)) {
      if (old.startsWith(`${number}-`) && old !== name)
        await rm(join(folder, old), { force: true });
    }
    await rename(temporary, join(folder, name));
    return md5;
  } catch (cause) {
    await rm(temporary, { force: true });
    throw cause;
  }
}

/** @param document the body of CompleteMultipartUpload */
export async function completeUpload(
  store: ObjectStore,
  place: UploadPlace,
  document: string,
): Promise<StoredObject> {
  const { folder, upload } = await open(store, place);
  const parts = parseParts(document);
  const names = parts.map(({ number, etag }) => `${number}-${etag}`);
  const present = new Set(await readdir(folder));
  for (const [index, name] of names.entries()) {
    if (!present.has(name)) {
      throw new AwsError(
        400,
        'InvalidPart',
        `One or more of the specified parts could not be found: part ${parts[index]?.number}.`,
      );
    }
    const { size } = await stat(join(folder, name));
    if (size < MIN_PART_BYTES && index < names.length - 1) {
      throw new AwsError(
        400,
        'EntityTooSmall',
        `Part ${parts[index]?.number} has ${size} bytes: all but the last need ${MIN_PART_BYTES}.`,
      );
    }
  }
  async function* whole(): AsyncGenerator<Uint8Array> {
    for (const name of names) yield* createReadStream(join(folder, name));
  }
  const together = createHash('md5');
  for (const { etag } of parts) together.update(Buffer.from(etag, 'hex'));
  const stored = await store.put(place.bucket, place.key, whole(), {
    headers: upload.headers,
    etag: `${together.digest('hex')}-${parts.length}`,
  });
  await rm(folder, { recursive: true, force: true });
  return stored;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html */
export async function partsDocument(
  store: ObjectStore,
  place: UploadPlace,
  query: ReadonlyMap<string, string>,
): Promise<string> {
  const { folder } = await open(store, place);
  const most = Math.min(Number(query.get('max-parts') ?? MOST_LISTED), MOST_LISTED);
  const after = Number(query.get('part-number-marker') ?? 0);
  if (!Number.isInteger(most) || most < 0 || !Number.isInteger(after) || after < 0) {
    throw new AwsError(400, 'InvalidArgument', 'max-parts and part-number-marker are numbers.');
  }
  const all = (await readdir(folder))
    .flatMap((name) => {
      const [, number, etag] = /^(\d+)-([0-9a-f]{32})$/.exec(name) ?? [];
      return number === undefined || etag === undefined ? [] : [{ name, etag, number: +number }];
    })
    .filter(({ number }) => number > after)
    .toSorted((one, other) => one.number - other.number);
  const listed = all.slice(0, most);
  const Part = await Promise.all(
    listed.map(async ({ name, number, etag }) => {
      const { size, mtime } = await stat(join(folder, name));
      return {
        ...{ PartNumber: String(number), LastModified: mtime.toISOString() },
        ...{ ETag: `"${etag}"`, Size: String(size) },
      };
    }),
  );
  return xmlDocument(
    'ListPartsResult',
    {
      ...{ Bucket: place.bucket, Key: place.key, UploadId: place.id, MaxParts: String(most) },
      ...{ PartNumberMarker: String(after), IsTruncated: String(listed.length < all.length) },
      ...(listed.length < all.length
        ? { NextPartNumberMarker: String(listed.at(-1)?.number ?? after) }
        : {}),
      ...{ StorageClass: 'STANDARD', Part },
    },
    S3_NAMESPACE,
  );
}

export async function abortUpload(store: ObjectStore, place: UploadPlace): Promise<void> {
  const { folder } = await open(store, place);
  await rm(folder, { recursive: true, force: true });
}

export interface UploadPlace {
  readonly bucket: string;
  readonly key: string;
  readonly id: string;
}

async function open(store: ObjectStore, { bucket, key, id }: UploadPlace) {
  if (/^[0-9a-f]{64}$/.test(id)) {
    const folder = join(store.uploads(bucket), id);
    try {
      const upload = JSON.parse(await readFile(join(folder, 'upload.json'), 'utf8')) as Upload;
      if (upload.key === key) return { folder, upload };
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    }
  }
  throw new AwsError(
    404,
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    { details: { UploadId: id } },
  );
}

function parseParts(document: string) {
  const parts = [...document.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = '']) => ({
    number: Number(/<PartNumber>\s*(\d+)\s*</.exec(part)?.[1]),
    etag: unescapeXml(/<ETag>([^<]*)</.exec(part)?.[1] ?? '').replaceAll(/["\s]/g, ''),
  }));
  const wellFormed = parts.every(
    ({ number, etag }) => Number.isInteger(number) && /^[0-9a-f]{32}$/.test(etag),
  );
  if (parts.length === 0 || !wellFormed) {
    throw new AwsError(
      400,
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema',
    );
  }
  if (parts.some(({ number }, index) => number <= (parts[index - 1]?.number ?? 0))) {
    throw new AwsError(400, 'InvalidPartOrder', 'The list of parts was not in ascending order.');
  }
  return parts;
}
