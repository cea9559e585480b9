/** What listens on a machine, as its kernel says. */
import { readFile } from 'node:fs/promises';
import type { Service } from './questions.ts';

/** https://man7.org/linux/man-pages/man5/proc_pid_net.5.html; states of net/tcp_states.h */
const TABLES = [
  { file: 'tcp', protocol: 6, state: '0A' },
  { file: 'tcp6', protocol: 6, state: '0A' },
  { file: 'udp', protocol: 17, state: '07' },
  { file: 'udp6', protocol: 17, state: '07' },
] as const;

/** @param pid of a process in the machine's network namespace */
export async function listenersOf(pid: number): Promise<readonly Service[]> {
  const found = await Promise.all(
    TABLES.map(async ({ file, protocol, state }) => {
      // A machine without IPv6 has no tables of it.
      const text = await readFile(`/proc/${pid}/net/${file}`, 'utf8').catch(() => '');
      return listening(text, protocol, state);
    }),
  );
  return found.flat();
}

/** Not those on loopback addresses: no packet of the network reaches them. */
export function listening(table: string, protocol: number, state: string): readonly Service[] {
  return table
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local = '', , now] = line.trim().split(/\s+/);
      const [address = '', port = ''] = local.split(':');
      const isLoopback = /^(.{6}7F|0{24}01000000)$/.test(address);
      return now === state && !isLoopback ? [{ protocol, port: Number.parseInt(port, 16) }] : [];
    });
}
