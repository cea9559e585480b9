import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { expect, test } from 'vitest';
import { beginConnection, connectionState } from './sockets.ts';

/** Tells its port, and takes nobody: who comes when its queue is full waits. */
const DEAF = `const server = require('node:net').createServer().listen(0, '127.0.0.1', 1, () => {
  require('node:fs').writeSync(1, String(server.address().port));
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});`;

test('a signal between is no answer', async () => {
  const deaf = spawn(process.execPath, ['--eval', DEAF], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = await once(deaf.stdout, 'data');
  const sockets = Array.from({ length: 8 }, () => beginConnection('127.0.0.1', Number(port)));
  const waiting = sockets.filter((each) => connectionState(each) === undefined);
  expect(waiting.length).toBeGreaterThan(0);
  let signals = 0;
  const count = (): void => void signals++;
  process.on('SIGUSR2', count);
  const storm = `for (let i = 0; i < 20_000; i++) process.kill(${process.pid}, 'SIGUSR2')`;
  const ended = once(spawn(process.execPath, ['--eval', storm], { stdio: 'inherit' }), 'exit');
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  try {
    while (!isOver) {
      for (let i = 0; i < 1000; i++)
        expect(waiting.map(connectionState)).toEqual(waiting.map(() => undefined));
      await new Promise(setImmediate);
    }
  } finally {
    await ended;
    process.off('SIGUSR2', count);
    for (const socket of sockets) closeSync(socket);
    deaf.kill('SIGKILL');
  }
  expect(await ended).toEqual([0, null]);
  expect(signals).toBeGreaterThan(0);
});
