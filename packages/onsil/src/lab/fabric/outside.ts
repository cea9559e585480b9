/**
 * The way out to the real Internet: slirp4netns, a user-mode network stack, carries what leaves
 * the lab's Internet as connections of an ordinary process of the host. The host's routes,
 * firewall and resolver stay as they are.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { OUTSIDE_CIDR } from '../addresses.ts';
import { CommandError } from '../process.ts';
import { TAP } from './internet.ts';
import { ipBatch } from './kernel.ts';
import {
  FabricError,
  internetNamespace,
  labOfNamespace,
  NAMESPACES,
  namespaceFile,
} from './names.ts';

export interface Outside {
  readonly pid: number;
}

/**
 * Opens the way out of a lab's Internet, whose namespace must be there (see ensureNamespace); it
 * leads to wherever the caller is, so the caller must be in the host's network namespace. Returns
 * once packets can travel. Ended by removeFabric; it outlives the caller. Does nothing but return
 * the process where it is open already. Throws FabricError for a caller inside the lab,
 * CommandError with what slirp4netns said.
 */
export async function startOutside(lab: string): Promise<Outside> {
  const [running] = (await outsideProcesses()).filter((each) => each.lab === lab);
  if (running !== undefined) return { pid: running.pid };
  const namespace = internetNamespace(lab);
  await refuseInside(namespace);
  // The host itself is not "outside": its own addresses, whatever block they are from, would
  // reach services that listen on all of them.
  await ipBatch(
    hostAddresses().map((address) => `route replace blackhole ${address}/32`),
    namespace,
  );
  const command = [
    '--configure',
    '--mtu=1500',
    '--disable-host-loopback',
    `--cidr=${OUTSIDE_CIDR}`,
    '--ready-fd=3',
    '--netns-type=path',
    namespaceFile(namespace),
    TAP,
  ];
  // Not through `run`, which waits for the end: this process stays. What it says goes to a file
  // without a name, since a pipe that nobody reads any more would end it.
  const log = await unnamedFile();
  try {
    const child = spawn('slirp4netns', command, {
      stdio: ['ignore', log.fd, log.fd, 'pipe'],
      cwd: '/',
      detached: true,
    });
    const ready = child.stdio[3] as Readable;
    const outcome: unknown = await Promise.race([
      once(ready, 'data').then(() => 'ready'),
      once(child, 'exit').then(([code]: unknown[]) => code),
    ]);
    if (outcome !== 'ready' || child.pid === undefined) {
      const { buffer, bytesRead } = await log.read(Buffer.alloc(4096), 0, 4096, 0);
      const stderr = buffer.toString('utf8', 0, bytesRead);
      const code = typeof outcome === 'number' ? outcome : undefined;
      throw new CommandError(['slirp4netns', ...command], code, { stdout: '', stderr });
    }
    ready.destroy();
    child.unref();
    return { pid: child.pid };
  } finally {
    await log.close();
  }
}

async function unnamedFile() {
  const folder = await mkdtemp(join(tmpdir(), 'onsil-'));
  try {
    return await open(join(folder, 'log'), 'w+');
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Ways out that are open, of any lab; known by the namespace in their command. */
export async function outsideProcesses(): Promise<
  readonly { readonly lab: string; readonly pid: number }[]
> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      // A process may end while its file is read.
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      if (!command.includes('slirp4netns\0')) return [];
      const file = command.split('\0').find((word) => word.startsWith(`${NAMESPACES}/`));
      const lab = labOfNamespace(file?.slice(NAMESPACES.length + 1) ?? '');
      return lab === undefined ? [] : [{ lab, pid: Number(pid) }];
    }),
  );
  return found.flat();
}

/** From inside, slirp4netns would carry the lab's packets back into the lab. */
async function refuseInside(namespace: string): Promise<void> {
  const [own, labs] = await Promise.all([
    stat('/proc/self/ns/net'),
    stat(namespaceFile(namespace)).catch((cause: unknown) => {
      throw new FabricError(`There is no network namespace ${namespace} to lead out of.`, {
        cause,
      });
    }),
  ]);
  if (own.ino !== labs.ino || own.dev !== labs.dev) return;
  throw new FabricError(
    `The way out of ${namespace} cannot be opened from inside it: start it from the host's ` +
      'network namespace, before entering the lab.',
  );
}

function hostAddresses(): readonly string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
}
