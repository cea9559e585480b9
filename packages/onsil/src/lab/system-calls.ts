/**
 * The system calls that Node has no function for. A socket belongs to the network namespace in
 * which it was made and setns(2) changes the namespace of a thread, so one process can have
 * sockets in hundreds of namespaces: a process in each would cost 40 MB and 60 ms each.
 */
import { closeSync, openSync } from 'node:fs';
import koffi from 'koffi';
import { type NamespaceReference, referenceFile } from './fabric/namespace.ts';

const libc = koffi.load('libc.so.6');
const calls = {
  setns: libc.func('int setns(int fd, int nstype)'),
  socket: libc.func('int socket(int domain, int type, int protocol)'),
  bind: libc.func('int bind(int fd, const void *address, int length)'),
  connect: libc.func('int connect(int fd, const void *address, int length)'),
  listen: libc.func('int listen(int fd, int backlog)'),
  poll: libc.func('int poll(void *fds, unsigned long count, int timeout)'),
  sendto: libc.func(
    'long sendto(int fd, const void *data, size_t size, int flags, const void *to, int length)',
  ),
  recvfrom: libc.func(
    'long recvfrom(int fd, void *data, size_t size, int flags, void *from, void *length)',
  ),
  setsockopt: libc.func(
    'int setsockopt(int fd, int level, int name, const void *value, int length)',
  ),
  getsockopt: libc.func('int getsockopt(int fd, int level, int name, void *value, void *length)'),
};

/** Node's own table has no EINPROGRESS. Of two names for a number (EAGAIN, EWOULDBLOCK) the first. */
const NAMES = new Map(
  Object.entries(koffi.os.errno)
    .toSorted(([a], [b]) => (a < b ? 1 : -1))
    .map(([name, number]) => [number, name]),
);
/** e.g. `ECONNREFUSED`. */
export const nameOf = (errno: number): string => NAMES.get(errno) ?? `errno ${errno}`;

const CLONE_NEWNET = 0x40000000;

/** A system call that failed, with the kernel's code as in Node's own errors. */
export class SystemCallError extends Error {
  override readonly name = 'SystemCallError';
  readonly code: string;

  constructor(call: string, errno: number) {
    const code = nameOf(errno);
    super(`${call}: ${code}`);
    this.code = code;
  }
}

/** Throws SystemCallError. @returns what the call gives, which is not negative */
export function call(name: keyof typeof calls, ...args: readonly unknown[]): number {
  for (;;) {
    const result: unknown = calls[name](...args);
    const value = Number(result);
    if (value >= 0) return value;
    const errno = koffi.errno();
    // A signal came first, e.g. that of a child's end. None of these calls has begun then.
    if (errno !== koffi.os.errno['EINTR']) throw new SystemCallError(name, errno);
  }
}

/**
 * Runs `work` in a network namespace and comes back. Synchronous, so that nothing else of this
 * process finds itself there. Throws SystemCallError, and Node's own error where there is no such
 * namespace.
 */
export function inNamespace<T>(reference: NamespaceReference, work: () => T): T {
  const home = openSync('/proc/thread-self/ns/net', 'r');
  try {
    const there = openSync(referenceFile(reference), 'r');
    try {
      call('setns', there, CLONE_NEWNET);
    } finally {
      closeSync(there);
    }
    try {
      return work();
    } finally {
      call('setns', home, CLONE_NEWNET);
    }
  } finally {
    closeSync(home);
  }
}

/** Kinds of sockets, and what is set of each: socket(2). */
export const SOCK = { stream: 1, datagram: 2, raw: 3 } as const;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;

/** A socket that no call waits for. Throws SystemCallError. */
export function openSocket(domain: number, type: number, protocol: number): number {
  return call('socket', domain, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
}
