import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CommandError, quote, type RunOptions, run } from './process.ts';

const sh = (script: string, options?: RunOptions) => run('/bin/sh', ['-c', script], options);

async function failure(output: Promise<unknown>): Promise<CommandError> {
  const error: unknown = await output.catch((thrown: unknown) => thrown);
  if (error instanceof CommandError) return error;
  throw new Error('no CommandError was thrown', { cause: error });
}

describe('a program', () => {
  test('gives what it printed, each stream apart', async () => {
    expect(await sh('echo out; echo err >&2')).toEqual({ stdout: 'out\n', stderr: 'err\n' });
  });
  test('gets its arguments as they are, whatever a shell would make of them', async () => {
    const words = ['a b', '$HOME', "it's", '*', ';', '\n', ''];
    const { stdout } = await run('printf', ['<%s>', ...words]);
    expect(stdout).toBe(words.map((word) => `<${word}>`).join(''));
  });
  test('gets input, environment and folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'onsil-process-'));
    try {
      const options = { input: '온실', env: { GREETING: 'hello' }, cwd: folder };
      const { stdout } = await sh('cat; echo " $GREETING $LC_ALL"; pwd -P', options);
      expect(stdout).toBe(`온실 hello C.UTF-8\n${folder}\n`);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
  test('has no input where none is given', async () => {
    expect((await sh('cat')).stdout).toBe('');
  });
  test('that does not read its input is judged by its exit code alone', async () => {
    const input = Buffer.alloc(1024 ** 2);
    expect(await sh('exec 0<&-; exit 0', { input })).toEqual({ stdout: '', stderr: '' });
    expect((await failure(sh('exec 0<&-; exit 7', { input }))).exitCode).toBe(7);
  });
});

describe('lines', () => {
  test('come whole, of both streams, with a last one that has no end', async () => {
    const lines: string[] = [];
    await sh("printf 'one\\ntw'; sleep 0.02; printf 'o\\n\\nlast'", {
      onLine: (line) => lines.push(line),
    });
    expect(lines).toEqual(['one', 'two', '', 'last']);
  });
  test('come as they are printed', async () => {
    const stop = new AbortController();
    const output = sh('echo begun; exec sleep 60', {
      signal: stop.signal,
      onLine: () => stop.abort(),
    });
    expect((await failure(output)).output.stdout).toBe('begun\n');
  });
  test('a letter that is cut in two arrives whole', async () => {
    const lines: string[] = [];
    await sh("printf '\\354\\230'; sleep 0.02; printf '\\250\\n'", {
      onLine: (line) => lines.push(line),
    });
    expect(lines).toEqual(['온']);
  });
});

describe('a failure', () => {
  test('has the command, the exit code and what was printed', async () => {
    const error = await failure(sh('echo out; echo err >&2; exit 3'));
    expect(error.message).toBe("/bin/sh -c 'echo out; echo err >&2; exit 3' exited with 3:\nerr");
    expect(error).toMatchObject({
      ...{ exitCode: 3, command: ['/bin/sh', '-c', 'echo out; echo err >&2; exit 3'] },
      output: { stdout: 'out\n', stderr: 'err\n' },
    });
  });
  test('shows the last eight lines only, of standard output where the other is empty', async () => {
    const error = await failure(sh('seq 20; exit 1'));
    expect(error.message.split('\n').slice(1)).toEqual([
      '13',
      '14',
      '15',
      '16',
      '17',
      '18',
      '19',
      '20',
    ]);
  });
  test('in silence ends with the exit code', async () => {
    expect((await failure(run('false', []))).message).toBe('false exited with 1');
  });
  test('by a signal has no exit code', async () => {
    const error = await failure(sh('kill -9 $$'));
    expect(error.exitCode).toBeUndefined();
    expect(error.message).toContain('did not finish');
  });
  test('to start keeps its cause', async () => {
    const error = await failure(run('onsil-no-such-program', ['-x'], { input: 'text' }));
    expect(error.exitCode).toBeUndefined();
    expect(error.message).toBe(
      'onsil-no-such-program -x did not finish:\nspawn onsil-no-such-program ENOENT',
    );
    expect(error.cause).toMatchObject({ code: 'ENOENT' });
  });
});

describe('a program that is given up', () => {
  test('is over when it has ended, not before', async () => {
    const stop = new AbortController();
    const said = await failure(
      sh("trap 'echo tidied; exit 5' TERM; echo ready; while :; do sleep 0.01; done", {
        signal: stop.signal,
        onLine: (line) => line === 'ready' && stop.abort(),
      }),
    );
    expect(said).toMatchObject({ exitCode: 5, output: { stdout: 'ready\ntidied\n' } });
  });
  test('before it began never succeeds', async () => {
    const error = await failure(run('sleep', ['60'], { signal: AbortSignal.abort() }));
    expect(error.exitCode).toBeUndefined();
  });
});

test.each([
  ['plain-1.2/x:y,z=%@+', 'plain-1.2/x:y,z=%@+'],
  ['two words', "'two words'"],
  ["it's", "'it'\\''s'"],
  ['', "''"],
  ['a\nb', "'a\nb'"],
  ['$x', "'$x'"],
])('%j in a message', (word, quoted) => {
  expect(quote(word)).toBe(quoted);
});

test('a shell reads a quoted word as it was', async () => {
  const words = ["it's", '$(id)', '`id`', '"', '\\', '*', '', 'a\n'];
  const { stdout } = await sh(`printf '<%s>' ${words.map(quote).join(' ')}`);
  expect(stdout).toBe(words.map((word) => `<${word}>`).join(''));
});
