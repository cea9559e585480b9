/** Ports of this host's loopback: which are free, and who has the others. */
import { readdir, readFile, readlink } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';

/** Only the host itself may come in. */
export const LOOPBACK = '127.0.0.1';

export interface PortUser {
  /** Absent where the kernel does not tell: the process belongs to another user. */
  readonly pid?: number;
  /** For messages, e.g. `node server.mjs (process 4711)`. */
  readonly description: string;
}

export class PortInUseError extends Error {
  override readonly name = 'PortInUseError';
  readonly port: number;

  constructor(port: number, user: PortUser | undefined, options?: ErrorOptions) {
    super(
      `Port ${port} of ${LOOPBACK} is used by ${user?.description ?? 'another process'}. ` +
        'Stop it, or choose another port, or name none and the next free one is taken.',
      options,
    );
    this.port = port;
  }
}

export interface LocalListener {
  readonly port: number;
  /**
   * Bound and listening. To hand it to another process, spawn that with `fd` among its stdio and
   * close this one at once: until then both would accept connections.
   */
  readonly server: Server;
  readonly fd: number;
}

/** How many ports after the preferred one are tried. */
const TRIES = 100;

/**
 * Listens on 127.0.0.1 in the network namespace of this process.
 * @param preferred the port, 1 to 65535
 * @param explicit the user asked for this very port: then no other one is taken
 * @throws PortInUseError naming who has the port
 */
export async function listenLocal(preferred: number, explicit = false): Promise<LocalListener> {
  const last = explicit ? preferred : Math.min(preferred + TRIES - 1, 65_535);
  for (let port = preferred; port <= last; port += 1) {
    const listener = await tryPort(port);
    if (listener !== undefined) return listener;
  }
  throw new PortInUseError(preferred, await portUser(preferred));
}

async function tryPort(port: number): Promise<LocalListener | undefined> {
  // A browser asks [::1] for name.localhost before it asks 127.0.0.1: somebody who has the port
  // there only would get our visitors.
  if ((await listeningSocket(port)) !== undefined) return undefined;
  const server = createServer();
  const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    server.once('error', resolve);
    server.listen(port, LOOPBACK, () => resolve(undefined));
  });
  if (error === undefined) return { port, server, fd: descriptorOf(server) };
  if (error.code === 'EADDRINUSE') return undefined;
  if (error.code === 'EACCES') {
    throw new Error(
      `Only root may listen on port ${port} of ${LOOPBACK}. Choose one from 1024 on.`,
      { cause: error },
    );
  }
  throw error;
}

/** Node has no public name for it: a listening socket is only ever handed on by its number. */
function descriptorOf(server: Server): number {
  const handle: unknown = Reflect.get(server, '_handle');
  const fd: unknown = typeof handle === 'object' && handle ? Reflect.get(handle, 'fd') : undefined;
  if (typeof fd === 'number' && fd >= 0) return fd;
  throw new Error('This Node does not tell the file descriptor of a listening socket');
}

/** Who listens on a port of this host's loopback; undefined where nobody does. */
export async function portUser(port: number): Promise<PortUser | undefined> {
  const socket = await listeningSocket(port);
  if (socket === undefined) return undefined;
  const pid = await ownerOf(socket.inode);
  if (pid === undefined) return { description: `a process of user ${socket.uid}` };
  const command = (await text(`/proc/${pid}/cmdline`)).split('\0').join(' ').trim();
  return { pid, description: `${command.slice(0, 80) || 'a program'} (process ${pid})` };
}

interface ListeningSocket {
  readonly inode: string;
  readonly uid: number;
}

async function listeningSocket(port: number): Promise<ListeningSocket | undefined> {
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map(text));
  return tables.flatMap((table) => listening(table, port))[0];
}

/**
 * Sockets that listen on a port of the loopback or of every address.
 * https://www.kernel.org/doc/html/latest/networking/proc_net_tcp.html
 * @param table the text of /proc/net/tcp or /proc/net/tcp6
 */
export function listening(table: string, port: number): readonly ListeningSocket[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([, local = '', , state, , , , uid, , inode]) => {
      if (state !== '0A' || !local.endsWith(suffix) || inode === undefined) return [];
      const address = local.slice(0, -suffix.length);
      return LOCAL.test(address) ? [{ inode, uid: Number(uid) }] : [];
    });
}

/** Every address, 127.0.0.0/8 and ::1, and the last two as mapped into IPv6; words in host order. */
const LOCAL = /^(?:0{8}|.{6}7F|0{32}|0{24}01000000|0{16}FFFF0000(?:0{8}|.{6}7F))$/;

async function ownerOf(inode: string): Promise<number | undefined> {
  const wanted = `socket:[${inode}]`;
  for (const pid of (await entries('/proc')).filter((name) => /^\d+$/.test(name))) {
    for (const fd of await entries(`/proc/${pid}/fd`)) {
      const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '');
      if (target === wanted) return Number(pid);
    }
  }
  return undefined;
}

// Processes end while they are looked at, and those of others may not be looked into.
const entries = (path: string): Promise<readonly string[]> => readdir(path).catch(() => []);
const text = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');
