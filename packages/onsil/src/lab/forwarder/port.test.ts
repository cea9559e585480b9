import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { LOOPBACK, listening, listenLocal, PortInUseError, portUser } from './port.ts';

const open: { close: () => unknown }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

/** Some port that is free now. */
async function freePort(): Promise<number> {
  const listener = await listenLocal(20_000 + (process.pid % 20_000));
  listener.server.close();
  await once(listener.server, 'close');
  return listener.port;
}

test('reads the kernel’s table: only who listens, and on the loopback or everywhere', () => {
  const row = (local: string, state: string, inode: string) =>
    `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1`;
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    row('0100007F:1F90', '0A', '11'),
    row('00000000:1F90', '0A', '12'),
    row('0100007F:1F90', '01', '13'),
    row('0A01000A:1F90', '0A', '14'),
    row('0100007F:1F91', '0A', '15'),
    row('00000000000000000000000001000000:1F90', '0A', '16'),
  ].join('\n');
  expect(listening(table, 8080)).toEqual(['11', '12', '16'].map((inode) => ({ inode, uid: 1000 })));
});

describe.skipIf(process.platform !== 'linux')('on this host', () => {
  test('takes the wanted port, else the next free one', async () => {
    const port = await freePort();
    const first = await listenLocal(port);
    open.push(first.server);
    expect(first.port).toBe(port);
    expect(first.fd).toBeGreaterThan(2);
    const second = await listenLocal(port);
    open.push(second.server);
    expect(second.port).toBeGreaterThan(port);
  });

  test('an explicit port that is taken names who has it', async () => {
    const port = await freePort();
    const script = `require('net').createServer().listen(${port}, '${LOOPBACK}', () => console.log('up'))`;
    const other: ChildProcess = spawn(process.execPath, ['-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    open.push({ close: () => other.kill() });
    if (other.stdout !== null) await once(other.stdout, 'data');
    expect((await portUser(port))?.pid).toBe(other.pid);
    const error = await listenLocal(port, true).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PortInUseError);
    expect(String(error)).toContain(`(process ${other.pid}). Stop it, or choose another port`);
  });

  test('a port that somebody has on IPv6 only is taken: browsers ask there first', async () => {
    const other = createServer().listen(0, '::1');
    open.push(other);
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(listenLocal(port, true)).rejects.toThrow(PortInUseError);
  });
});
