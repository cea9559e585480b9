import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CommandError } from '../../process.ts';
import { listen } from '../listen.ts';
import { startProgram } from './program.ts';

let folder: string;
let port: number;
let hasEnded = false;
beforeEach(async () => {
  hasEnded = false;
  folder = await mkdtemp(join(tmpdir(), 'program-'));
  const server = createServer();
  ({ port } = await listen(server, { address: '127.0.0.1', port: 0 }, 'the test'));
  server.close();
  await once(server, 'close');
});
afterEach(() => rm(folder, { recursive: true }));

const start = (script: string, timeout = 20_000, program = process.execPath) =>
  startProgram(program, ['--eval', script], {
    ...{ env: {}, log: join(folder, 'log'), ports: [port], timeout },
    onEnd: () => {
      hasEnded = true;
    },
  });

test('one that says too early that it listens is ready when it does', async () => {
  const program = await start(`console.log('running');
    setTimeout(() => require('net').createServer().listen(${port}, '127.0.0.1'), 300);`);
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.destroy();
  await program.stop();
  expect(await readFile(join(folder, 'log'), 'utf8')).toBe('running\n');
  expect(hasEnded).toBe(true);
});

test('one that ends before it is ready is told with what it said', async () => {
  const error = await start(`console.error('no such file'); process.exitCode = 3;`).catch(String);
  expect(error).toContain('exited with 3');
  expect(error).toContain('no such file');
});

test('one that never listens is ended', async () => {
  const started = start('setInterval(() => {}, 1000);', 500);
  await expect(started).rejects.toThrow('it is not ready after 500 ms');
  expect(hasEnded).toBe(true);
});

test('one that is not there is named', async () => {
  const nobody = start('', 20_000, '/usr/bin/of-nobody');
  await expect(nobody).rejects.toThrow(CommandError);
  await expect(nobody).rejects.toThrow('/usr/bin/of-nobody');
});
