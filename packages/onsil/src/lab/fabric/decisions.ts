/** Decisions of a router as they are made, from what its rules log. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep, setInterval as ticks } from 'node:timers/promises';
import { CommandError, run } from '../process.ts';
import { type Decider, parseLabel } from './label.ts';
import { namespaceFile } from './names.ts';
import { type LoggedPacket, type LogMessage, LogReader, packetOf } from './nflog.ts';
import { LOG_GROUP } from './ruleset.ts';

/** What a router decided about a packet: it dropped it, or let a new connection pass a gate. */
export interface Decision {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly label: string;
  readonly decider: Decider;
  readonly accepted: boolean;
  readonly packet: LoggedPacket;
  /** Links of the router: where the packet came from, where it would leave. */
  readonly in?: string;
  readonly out?: string;
}

export interface Watch {
  /**
   * Ends it, once everything that was decided until now has been told: within two seconds where
   * packets do not come faster than they can be told.
   * @returns how many messages of the kernel were lost since the beginning, with one or more
   * decisions each: packets came too fast
   */
  end(): Promise<number>;
  /** Rejects where the watch ends by itself. */
  readonly ended: Promise<void>;
}

/**
 * Tells every decision of a router that is made once this has returned, each at most a second
 * late: the kernel sends its messages in batches, since one by one they would be too many. One at
 * a time can watch a router. Throws CommandError with what tcpdump said where it cannot.
 * @param namespace the router's
 * @param tellLost how many more messages of the kernel were lost, about a second after they were
 */
export async function watchDecisions(
  namespace: string,
  tell: (decision: Decision) => void,
  tellLost: (messages: number) => void = () => {},
): Promise<Watch> {
  const capture = ['tcpdump', '-i', `nflog:${LOG_GROUP}`, '-w', '-', '-U', '-n', '-B', '4096'];
  const command = ['nsenter', `--net=${namespaceFile(namespace)}`, '--', ...capture] as const;
  // Not through `run`, which waits for the end and keeps all that was printed.
  const child = spawn(command[0], command.slice(1), {
    cwd: '/',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  let isOver = false;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-2000);
  });
  const closed = once(child, 'close');
  // Awaited when its output has ended; a failure to start comes before that.
  closed.catch(() => {});
  const open = Promise.withResolvers<void>();
  const reader = new LogReader();
  const links = new LinkNames(namespace);
  const reading = async (): Promise<void> => {
    for await (const chunk of child.stdout) {
      for (const message of reader.read(chunk)) {
        const decision = await decisionOf(message, links);
        if (decision !== undefined) tell(decision);
      }
      if (reader.isOpen) open.resolve();
    }
    const [code]: unknown[] = await closed;
    if (isOver) return;
    const exitCode = typeof code === 'number' ? code : undefined;
    throw new CommandError(command, exitCode, { stdout: '', stderr });
  };
  const ended = reading();
  ended.catch((error: unknown) => {
    child.kill('SIGKILL');
    open.reject(error);
  });
  await open.promise;
  const over = new AbortController();
  const watching = watchLosses(child.pid ?? 0, tellLost, over.signal);
  ended.catch(() => {}).finally(() => over.abort());
  return {
    ended,
    end: async () => {
      const lost = await drained(child.pid ?? 0);
      isOver = true;
      child.kill('SIGTERM');
      await ended;
      await watching;
      return lost;
    },
  };
}

/** Looks once a second, until the signal: losses come in crowds. */
async function watchLosses(
  pid: number,
  tellLost: (messages: number) => void,
  signal: AbortSignal,
): Promise<void> {
  let told = 0;
  try {
    for await (const _ of ticks(LOOK_MS, undefined, { signal })) {
      const { lost } = await inKernel(pid);
      if (lost > told) tellLost(lost - told);
      told = Math.max(told, lost);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

const LOOK_MS = 1000;

/**
 * Waits until nothing of a process's log messages is in the kernel any more: first they are in the
 * group's batch, which is sent after a second at the latest, then in the process's socket.
 * @returns how many messages had no room there; nothing was lost where the process is gone
 */
async function drained(pid: number): Promise<number> {
  const deadline = Date.now() + DRAIN_MS;
  // Empty twice, with time between for what was just taken to be written.
  for (let empty = 0; ; await sleep(10)) {
    const { isEmpty, lost } = await inKernel(pid);
    empty = isEmpty ? empty + 1 : 0;
    if (empty === 2) return lost;
    // They come faster than they are told, and what waits is lost too.
    if (Date.now() > deadline) return lost + 1;
  }
}

const DRAIN_MS = 10_000;
const NETLINK_NETFILTER = '12';

/**
 * What waits for a process that reads log messages, and how many found no room.
 * https://man7.org/linux/man-pages/man5/proc_pid_net.5.html; columns of nfnetlink_log: group, port,
 * messages waiting; of netlink: protocol second, bytes waiting fifth, drops ninth.
 */
async function inKernel(
  pid: number,
): Promise<{ readonly isEmpty: boolean; readonly lost: number }> {
  const groups = await columns(pid, 'netfilter/nfnetlink_log');
  const sockets = await columns(pid, 'netlink');
  const [, port = '', batch = '0'] = groups.find(([group]) => group === String(LOG_GROUP)) ?? [];
  const socket = sockets.find((each) => each[1] === NETLINK_NETFILTER && each[2] === port) ?? [];
  const isEmpty = batch === '0' && (socket[4] ?? '0') === '0';
  return { isEmpty, lost: Number(socket[8] ?? 0) };
}

async function columns(pid: number, file: string): Promise<readonly (readonly string[])[]> {
  // The process may be gone.
  const text = await readFile(`/proc/${pid}/net/${file}`, 'utf8').catch(() => '');
  return text.split('\n').map((line) => line.trim().split(/\s+/));
}

async function decisionOf(
  { time, prefix, inIndex, outIndex, payload }: LogMessage,
  links: LinkNames,
): Promise<Decision | undefined> {
  const decider = parseLabel(prefix);
  const packet = packetOf(payload);
  if (decider === undefined || packet === undefined) return undefined;
  const [from, to] = [await links.of(inIndex), await links.of(outIndex)];
  return {
    ...{ time, label: prefix, decider, packet },
    accepted: decider.kind === 'security-group' && decider.rule !== undefined,
    ...(from === undefined ? {} : { in: from }),
    ...(to === undefined ? {} : { out: to }),
  };
}

/** The names of a namespace's links by their kernel numbers, which are not used again soon. */
class LinkNames {
  readonly #namespace: string;
  readonly #names = new Map<number, string | undefined>([[0, undefined]]);

  constructor(namespace: string) {
    this.#namespace = namespace;
  }

  async of(index: number): Promise<string | undefined> {
    if (!this.#names.has(index)) {
      const { stdout } = await run('ip', ['-n', this.#namespace, '-json', 'link', 'show']);
      const links: readonly { readonly ifindex: number; readonly ifname: string }[] =
        JSON.parse(stdout);
      for (const { ifindex, ifname } of links) this.#names.set(ifindex, ifname);
      // Gone already: it is not asked for again.
      if (!this.#names.has(index)) this.#names.set(index, undefined);
    }
    return this.#names.get(index);
  }
}
