import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSecureContext, type SecureContext } from 'node:tls';
import { createLeaf, createRoot, type KeyPairPem } from './authority/certificate.ts';
import { writeOnce, writeWhole } from './authority/files.ts';

/** The leaf is made anew when less than this is left of it. */
const RENEW_LEAF_MILLISECONDS = 30 * 86_400_000;
const RENEW_ROOT_MILLISECONDS = 365 * 86_400_000;
/** More names than any lab has; beyond it, the certificate kept longest goes. */
const MAX_CACHED = 256;

/** A certificate with its chain and its key, as PEM. */
export type Leaf = KeyPairPem;

/** The lab's own certificate authority, which the machines' image trusts. */
export interface Authority {
  readonly rootPem: string;
  /** `root.pem`: the root alone. */
  readonly rootFile: string;
  /** `public-roots.pem`: roots of the public authority that outside hosts trust; may be absent. */
  readonly publicRootsFile: string;
  /**
   * A certificate for DNS names, which may begin with `*.`, or IP addresses; kept, and renewed
   * before it expires.
   */
  leaf(name: string, ...more: readonly string[]): Promise<Leaf>;
  /** For `SNICallback`: an error where `allows` does not know the name. */
  secureContext(name: string): Promise<SecureContext>;
}

/**
 * Reads the authority of a folder, or creates it there: `authority.pem` (key and certificate,
 * mode 0600), `root.pem`, `leaves/`. Two processes that create it at once end with the same one.
 */
export async function ensureAuthority(
  folder: string,
  now: () => number = Date.now,
): Promise<Authority> {
  const leaves = join(folder, 'leaves');
  await mkdir(leaves, { recursive: true, mode: 0o700 });
  const rootFile = join(folder, 'root.pem');
  const root = await ensureRoot(folder, now);
  if ((await read(rootFile)) !== root.certificate) {
    await writeWhole(rootFile, root.certificate, 0o644);
  }
  const issuer = new X509Certificate(root.certificate);
  const cached = new Map<string, Promise<Leaf>>();
  const contexts = new WeakMap<Leaf, SecureContext>();

  async function loadOrCreate(names: readonly [string, ...string[]]): Promise<Leaf> {
    const file = join(leaves, `${fileName(names)}.pem`);
    const kept = parse(await read(file));
    if (kept !== undefined && isFresh(kept, now(), RENEW_LEAF_MILLISECONDS, issuer)) return kept;
    const made = await createLeaf(root, names, now());
    await writeWhole(file, made.key + made.certificate, 0o600);
    return made;
  }

  async function leaf(name: string, ...more: readonly string[]): Promise<Leaf> {
    const names = [name, ...more].map((each) => each.toLowerCase()) as [string, ...string[]];
    const wrong = names.find((each) => !/^(\*\.)?(?!\.)[a-z0-9.:_-]{1,253}$/.test(each));
    if (wrong !== undefined) {
      throw new Error(`no certificate for "${wrong}": not a host name or an IP address`);
    }
    const known = names.join(' ');
    const before = await cached.get(known)?.catch(() => undefined);
    if (before !== undefined && isFresh(before, now(), RENEW_LEAF_MILLISECONDS)) return before;
    const pending = loadOrCreate(names);
    cached.delete(known);
    cached.set(known, pending);
    if (cached.size > MAX_CACHED) cached.delete(cached.keys().next().value ?? '');
    return pending;
  }

  return {
    rootPem: root.certificate,
    rootFile,
    publicRootsFile: join(folder, 'public-roots.pem'),
    leaf,
    async secureContext(name) {
      const pair = await leaf(name);
      const context =
        contexts.get(pair) ?? createSecureContext({ key: pair.key, cert: pair.certificate });
      contexts.set(pair, context);
      return context;
    },
  };
}

/** The name itself, or a digest of several and of those with an asterisk. */
function fileName(names: readonly [string, ...string[]]): string {
  const [name, ...more] = names;
  if (more.length === 0 && !name.startsWith('*')) return name;
  return createHash('sha256').update(names.join(' ')).digest('hex').slice(0, 32);
}

/** Adds a root to a file of PEMs, once. Returns whether it was new. */
export async function addRoot(file: string, pem: string): Promise<boolean> {
  const before = (await read(file)) ?? '';
  const added = pem.trim();
  if (before.includes(added)) return false;
  // Appended, so that labs that share the folder do not undo each other.
  await appendFile(file, `${added}\n`, { mode: 0o644 });
  return true;
}

async function ensureRoot(folder: string, now: () => number): Promise<KeyPairPem> {
  const file = join(folder, 'authority.pem');
  const kept = parse(await read(file));
  if (kept !== undefined && isFresh(kept, now(), RENEW_ROOT_MILLISECONDS)) return kept;
  const made = await createRoot(now());
  const text = made.key + made.certificate;
  // `up` and its daemon begin at once on an empty cache: the first file decides for both.
  await writeOnce(file, text, 0o600);
  const first = parse(await read(file));
  if (first !== undefined && isFresh(first, now(), RENEW_ROOT_MILLISECONDS)) return first;
  await writeWhole(file, text, 0o600);
  return parse(await read(file)) ?? made;
}

function isFresh(pair: KeyPairPem, now: number, margin: number, issuer?: X509Certificate): boolean {
  const certificate = new X509Certificate(pair.certificate);
  return (
    certificate.validToDate.getTime() - now > margin &&
    certificate.validFromDate.getTime() <= now &&
    certificate.checkPrivateKey(createPrivateKey(pair.key)) &&
    (issuer === undefined || certificate.verify(issuer.publicKey))
  );
}

/** Undefined for a file that is absent, cut short or not ours: it is then made anew. */
function parse(text: string | undefined): KeyPairPem | undefined {
  const match =
    /^(-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----\n)(-----BEGIN CERT.+)$/s;
  const found = match.exec(text ?? '');
  if (found?.[1] === undefined || found[2] === undefined) return undefined;
  try {
    new X509Certificate(found[2]);
    return { key: found[1], certificate: found[2] };
  } catch {
    return undefined;
  }
}

async function read(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
}
