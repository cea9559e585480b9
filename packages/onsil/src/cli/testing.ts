/** For tests: streams that stand for a terminal or a pipe, and what a command printed. */
import { Writable } from 'node:stream';
import { vi } from 'vitest';

interface Terminal {
  readonly columns: number;
  readonly rows: number;
  /** Bits; 1 where absent: no colours. */
  readonly colorDepth?: number;
}

/** A stream that keeps what is written; a terminal where its size is given. */
export function fakeStream(terminal?: Terminal) {
  let text = '';
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString('utf8');
      done();
    },
  });
  const { columns, rows, colorDepth = 1 } = terminal ?? {};
  const size = { columns, rows, isTTY: true, getColorDepth: () => colorDepth };
  return {
    stream: terminal === undefined ? stream : Object.assign(stream, size),
    written: () => text,
  };
}

/** The lines that a terminal without limits shows after a text with movements of its cursor. */
export function screenAfter(text: string): readonly string[] {
  const lines: string[] = [];
  // Up by n lines, then erase to the end of the screen.
  const [first = '', ...parts] = text.split(ESCAPE);
  const print = (more: string): number => lines.push(...more.split('\n').slice(0, -1));
  print(first);
  for (const part of parts) {
    const up = /^\[(\d+)A$/.exec(part)?.[1];
    if (up !== undefined) lines.splice(lines.length - Number(up));
    else if (part.startsWith('[0J')) print(part.slice(3));
    else throw new Error(`An unexpected sequence: ${JSON.stringify(part)}`);
  }
  return lines;
}

const ESCAPE = '\u001B';

export interface Printed {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line in this process. */
export async function runMain(...words: readonly string[]): Promise<Printed> {
  const { main } = await import('./main.ts');
  let stdout = '';
  let stderr = '';
  const line = (...parts: readonly unknown[]): string => `${parts.join(' ')}\n`;
  const spies = [
    vi.spyOn(process.stdout, 'on').mockReturnThis(),
    vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      stdout += String(chunk);
      return true;
    }),
    vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
      stderr += String(chunk);
      return true;
    }),
    vi.spyOn(console, 'log').mockImplementation((...parts) => {
      stdout += line(...parts);
    }),
    vi.spyOn(console, 'error').mockImplementation((...parts) => {
      stderr += line(...parts);
    }),
  ];
  try {
    return { exitCode: await main(words), stdout, stderr };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
