import { expect, test } from 'vitest';
import { Terminal } from './terminal.ts';

function start(...command: readonly string[]) {
  let text = '';
  const waiting = new Set<() => void>();
  const terminal = new Terminal(command, { columns: 80, rows: 24 }, (bytes) => {
    text += bytes.toString('utf8');
    for (const each of waiting) each();
  });
  const says = (wanted: RegExp) =>
    new Promise<void>((resolve) => {
      const look = (): void => {
        if (!wanted.test(text)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  return { terminal, says, text: () => text };
}

test('a program has a terminal of its own, of the size that it is given', async () => {
  const { terminal, text } = start('sh', '-c', 'test -t 0 && stty size && exit 7');
  expect(await terminal.ended).toBe(7);
  expect(text()).toBe('24 80\r\n');
});

test('what is typed arrives, and another size is told', async () => {
  const { terminal, says } = start('sh');
  terminal.write(Buffer.from('echo "a""b"\n'));
  await says(/ab\r\n/);
  terminal.resize({ columns: 132, rows: 50 });
  terminal.write(Buffer.from('stty size\n'));
  await says(/50 132/);
  terminal.write(Buffer.from('exit 3\n'));
  expect(await terminal.ended).toBe(3);
});

test('Ctrl-C ends what runs in front, not the shell', async () => {
  const { terminal, says } = start('env', 'PS1=ready>', 'bash', '--norc', '-i');
  terminal.write(Buffer.from(`sh -c 'echo g""o; exec sleep 1000'\n`));
  // It speaks from in front: the shell has handed it the terminal before it runs.
  await says(/go\r\n/);
  terminal.write(Buffer.from([3]));
  // What is typed before the shell is back is thrown away with it.
  await says(/\^C[\s\S]*ready>/);
  terminal.write(Buffer.from('exit 5\n'));
  expect(await terminal.ended).toBe(5);
});

test('a terminal that is closed hangs up', async () => {
  const { terminal, says } = start('sh', '-c', 'echo go; sleep 1000');
  await says(/go/);
  terminal.close();
  expect(await terminal.ended).not.toBe(0);
});
