/** Journals of several machines as one stream. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';
import { guestCommand } from '../../lab/machine/guest.ts';
import type { LogLine } from '../api.ts';
import { AskedError, type Context } from './context.ts';
import type { EventStream } from './stream.ts';

/** A journal of each is a program that runs. */
const MOST_HOSTS = 32;
const MOST_LINES = 1000;

/** Follows until the reader goes, or every machine went off. Throws AskedError before anything is sent. */
export function journals(
  context: Context,
  query: URLSearchParams,
): (stream: EventStream<LogLine>) => void {
  const names = (query.get('hosts') ?? '').split(',').filter((name) => name !== '');
  const lines = Number(query.get('lines') ?? 100);
  if (names.length === 0 || names.length > MOST_HOSTS) {
    throw new AskedError(`Journals of 1 to ${MOST_HOSTS} hosts can be read: hosts=api-1,api-2.`);
  }
  if (!Number.isInteger(lines) || lines < 0 || lines > MOST_LINES) {
    throw new AskedError(`lines is a whole number from 0 to ${MOST_LINES}.`);
  }
  const match = (query.get('match') ?? '').toLowerCase();
  const { region, machines } = context.lab();
  const leaders = names.map((name) => {
    const instance = Object.values(region.instances).find((each) => each.name === name);
    if (instance === undefined)
      throw new AskedError(`There is no instance ${JSON.stringify(name)}.`, 404);
    if (machines.state(instance) !== 'running') {
      throw new AskedError(`${name} is not running: its journal cannot be read.`, 409);
    }
    return { name, leader: machines.running(instance).leader };
  });
  return (stream) => {
    const children = leaders.map(({ name, leader }) =>
      follow(name, leader, lines, (line) => {
        if (match === '' || `${line.unit} ${line.text}`.toLowerCase().includes(match)) {
          stream.send(line);
        }
      }),
    );
    let left = children.length;
    for (const child of children) {
      child.once('close', () => {
        left -= 1;
        if (left === 0) stream.end('None of these machines runs any more.');
      });
    }
    stream.onClose(() => {
      for (const child of children) child.kill();
    });
  };
}

function follow(
  host: string,
  leader: number,
  lines: number,
  tell: (line: LogLine) => void,
): ChildProcess {
  const fields = ['MESSAGE', 'PRIORITY', '_SYSTEMD_UNIT', 'SYSLOG_IDENTIFIER'];
  // Without --all, what is longer than 4 KiB comes as null.
  const [program = '', ...args] = guestCommand(leader, [
    ...['journalctl', '--follow', '--no-pager', '--all', `--lines=${lines}`, '--output=json'],
    `--output-fields=${fields.join(',')}`,
  ]);
  const child = spawn(program, args, { cwd: '/', stdio: ['ignore', 'pipe', 'ignore'] });
  child.once('error', () => child.emit('close'));
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = parseLine(host, text);
    if (line !== undefined) tell(line);
  });
  return child;
}

/** https://systemd.io/JOURNAL_EXPORT_FORMATS/#journal-json-format */
export function parseLine(host: string, json: string): LogLine | undefined {
  let entry: Readonly<Record<string, unknown>>;
  try {
    entry = JSON.parse(json);
  } catch {
    // A machine that goes off in the middle of a line.
    return undefined;
  }
  const text = (field: string): string => textOf(entry[field]);
  const unit = text('_SYSTEMD_UNIT').replace(/\.service$/, '');
  return {
    ...{ host, cursor: text('__CURSOR') },
    at: Math.floor(Number(entry['__REALTIME_TIMESTAMP']) / 1000),
    unit: unit === '' || unit === 'init.scope' ? text('SYSLOG_IDENTIFIER') : unit,
    priority: Number(text('PRIORITY') || 6),
    text: stripVTControlCharacters(text('MESSAGE')),
  };
}

/** What is no text, or has control characters, comes as bytes; what is there twice, as a list. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return '';
  if (value.every((each) => typeof each === 'number')) return Buffer.from(value).toString('utf8');
  return value.map(textOf).join('\n');
}
