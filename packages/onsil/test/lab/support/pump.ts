/**
 * A program that keeps a TCP stream to a host and a port busy: numbered lines go, and each must
 * come back, in order. When its standard input ends it closes the stream and prints what it saw.
 */
import { createConnection } from 'node:net';
import { createInterface } from 'node:readline';

export interface PumpReport {
  /** Lines that came back, all of those that were sent unless there is a fault. */
  readonly lines: number;
  /** The longest time in which nothing came back, in milliseconds. */
  readonly longestSilence: number;
  /** What went wrong first. */
  readonly fault?: string;
}

const EVERY_MS = 2;
const END_MS = 10_000;
const REST = '.'.repeat(1000);

const [host = '', port] = process.argv.slice(2);
const socket = createConnection({ host, port: Number(port) });
let sent = 0;
let back = 0;
let longestSilence = 0;
let last: number | undefined;
let fault: string | undefined;
let giveUp: NodeJS.Timeout | undefined;
const textOf = (line: number): string => `${line} ${REST}`;
const sending = setInterval(() => {
  // Its first line is the listener's own.
  if (last === undefined) return;
  socket.write(`${textOf(sent)}\n`);
  sent += 1;
}, EVERY_MS);

createInterface({ input: socket }).on('line', (line) => {
  const now = performance.now();
  if (last === undefined) {
    process.stdout.write('ready\n');
  } else {
    longestSilence = Math.max(longestSilence, now - last);
    if (line !== textOf(back)) fault ??= `instead of line ${back} came ${line.slice(0, 40)}`;
    back += 1;
  }
  last = now;
});
socket.on('error', ({ message }) => {
  fault ??= message;
});
socket.once('close', () => {
  clearInterval(sending);
  clearTimeout(giveUp);
  process.stdin.destroy();
  if (back !== sent) fault ??= `of ${sent} lines ${back} came back`;
  const report: PumpReport = {
    lines: back,
    longestSilence,
    ...(fault === undefined ? {} : { fault }),
  };
  process.stdout.write(`${JSON.stringify(report)}\n`);
});
process.stdin.resume().once('end', () => {
  clearInterval(sending);
  socket.end();
  // Of a network that is gone nothing ever comes.
  giveUp = setTimeout(() => socket.destroy(), END_MS);
});
