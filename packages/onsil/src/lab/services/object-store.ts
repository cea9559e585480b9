import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Bytes } from './signature/payload.ts';

export interface StoredObject {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Without quotes: the MD5, or that of the parts with their number. */
  readonly etag: string;
  /** Hexadecimal. */
  readonly sha256: string;
  /** Milliseconds, whole seconds: HTTP has no finer time. */
  readonly lastModified: number;
  /** Given back on every read: content-type, cache-control, x-amz-meta-*, checksums. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface OpenObject {
  readonly object: StoredObject;
  /** The bytes from first to last, both included; ends the use of the object. */
  stream(range?: { readonly start: number; readonly end: number }): Readable;
  /** For who does not read it. */
  close(): Promise<void>;
}

export interface PutOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** In the place of the MD5, for an object of several parts. */
  readonly etag?: string;
  /** Last word before the object is seen: what it throws undoes the upload. */
  readonly check?: (existing: StoredObject | undefined) => void;
}

export interface ObjectStore {
  /** Throws what the body throws; nothing is stored then. */
  put(
    bucket: string,
    key: string,
    body: Bytes | string,
    options?: PutOptions,
  ): Promise<StoredObject>;
  get(bucket: string, key: string): Promise<OpenObject | undefined>;
  head(bucket: string, key: string): Promise<StoredObject | undefined>;
  /** In the order of the keys' bytes, as S3 lists. */
  list(bucket: string, prefix?: string): Promise<readonly StoredObject[]>;
  /** Whether there was one. */
  delete(bucket: string, key: string): Promise<boolean>;
  /** Of all keys and contents under a prefix: equal digests, equal objects. Hexadecimal. */
  digest(bucket: string, prefix: string): Promise<string>;
  /** A folder for uploads in parts, on the same file system. */
  uploads(bucket: string): string;
}

/** What the JSON file of a key holds. */
interface Entry extends StoredObject {
  readonly data: string;
}

/**
 * Objects in a folder: `BUCKET/HASH-OF-KEY.json` says what a key holds, and names the file
 * with its content. No key becomes a path, and one rename makes a new content visible. One
 * process at a time may write; others may read.
 */
export function createObjectStore(folder: string, now: () => number = Date.now): ObjectStore {
  const commits = new Map<string, Promise<unknown>>();

  function place(bucket: string): string {
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) {
      throw new Error(
        `"${bucket}" is not the name of a bucket: 3 to 63 lower-case letters, digits, dots and hyphens`,
      );
    }
    return join(folder, bucket);
  }
  const entryFile = (bucket: string, key: string) => join(place(bucket), `${nameOf(key)}.json`);

  /** Commits of one key happen one after the other. */
  function alone<T>(file: string, work: () => Promise<T>): Promise<T> {
    const before = commits.get(file) ?? Promise.resolve();
    const done = before.then(work, work);
    const settled = done
      .catch(() => {})
      .then(() => {
        if (commits.get(file) === settled) commits.delete(file);
      });
    commits.set(file, settled);
    return done;
  }

  async function list(bucket: string, prefix = ''): Promise<readonly StoredObject[]> {
    const at = place(bucket);
    const names = (await optional(readdir(at))) ?? [];
    const entries = await Promise.all(
      names.filter((name) => name.endsWith('.json')).map((name) => readEntry(join(at, name))),
    );
    return entries
      .filter((entry) => entry?.key.startsWith(prefix) === true)
      .flatMap((entry) => (entry === undefined ? [] : [visible(entry)]))
      .toSorted((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
  }

  return {
    list,
    async put(bucket, key, body, options = {}) {
      const at = place(bucket);
      await mkdir(at, { recursive: true });
      const file = entryFile(bucket, key);
      const data = `${nameOf(key)}.${randomUUID()}.data`;
      try {
        const written = await write(join(at, data), body);
        return await alone(file, async () => {
          const before = await readEntry(file);
          options.check?.(before);
          const entry: Entry = {
            key,
            size: written.size,
            etag: options.etag ?? written.md5,
            sha256: written.sha256,
            lastModified: Math.floor(now() / 1000) * 1000,
            headers: options.headers ?? {},
            data,
          };
          await writeFile(`${file}.new`, JSON.stringify(entry));
          await rename(`${file}.new`, file);
          if (before !== undefined) await rm(join(at, before.data), { force: true });
          return visible(entry);
        });
      } catch (cause) {
        await rm(join(at, data), { force: true });
        throw cause;
      }
    },

    async get(bucket, key) {
      // The content may be replaced between the look at the entry and the opening.
      for (;;) {
        const entry = await readEntry(entryFile(bucket, key));
        if (entry === undefined) return undefined;
        const handle = await optional(open(join(place(bucket), entry.data)));
        if (handle === undefined) {
          const again = await readEntry(entryFile(bucket, key));
          if (again?.data !== entry.data) continue;
          throw new Error(`the content of ${bucket}/${key} is missing from ${place(bucket)}`);
        }
        return {
          object: visible(entry),
          stream: (range) => handle.createReadStream(range ?? {}),
          close: () => handle.close(),
        };
      }
    },

    async head(bucket, key) {
      const entry = await readEntry(entryFile(bucket, key));
      return entry === undefined ? undefined : visible(entry);
    },

    delete(bucket, key) {
      const file = entryFile(bucket, key);
      return alone(file, async () => {
        const entry = await readEntry(file);
        if (entry === undefined) return false;
        await rm(file, { force: true });
        await rm(join(place(bucket), entry.data), { force: true });
        return true;
      });
    },

    async digest(bucket, prefix) {
      const hash = createHash('sha256');
      for (const { key, sha256 } of await list(bucket, prefix)) {
        hash.update(`${JSON.stringify(key)} ${sha256}\n`);
      }
      return hash.digest('hex');
    },

    uploads: (bucket) => join(place(bucket), 'uploads'),
  };
}

/** Writes a stream to a file, without ever holding more than a piece of it. */
export async function write(
  file: string,
  body: Bytes | string,
): Promise<{ readonly size: number; readonly md5: string; readonly sha256: string }> {
  const md5 = createHash('md5');
  const sha256 = createHash('sha256');
  let size = 0;
  const handle = await open(file, 'wx');
  try {
    for await (const chunk of typeof body === 'string' ? [Buffer.from(body)] : body) {
      md5.update(chunk);
      sha256.update(chunk);
      size += chunk.length;
      await handle.writeFile(chunk);
    }
  } finally {
    await handle.close();
  }
  return { size, md5: md5.digest('hex'), sha256: sha256.digest('hex') };
}

function visible({ data: _inner, ...object }: Entry): StoredObject {
  return object;
}

function nameOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

async function readEntry(file: string): Promise<Entry | undefined> {
  const text = await optional(readFile(file, 'utf8'));
  return text === undefined ? undefined : (JSON.parse(text) as Entry);
}

async function optional<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
}
