/** The command line's end of the control socket. */
import { readFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { createInterface } from 'node:readline';
import { labFolders } from '../layout.ts';
import type { TimedEvent } from './events.ts';
import type { FlowEvent, FlowLoss } from './flow.ts';
import type { LabStatus } from './status.ts';
import type { UpdateRequest } from './update.ts';

export class NoDaemonError extends Error {
  override readonly name = 'NoDaemonError';
}

/** Asks the lab's daemon. Throws NoDaemonError where none answers, and what the daemon reports. */
export async function ask<T>(lab: string, route: string, body?: unknown): Promise<T> {
  const response = await send(lab, route, body);
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  const value = text === '' ? undefined : JSON.parse(text);
  if (response.statusCode !== 200) throw new Error(value?.message ?? `${route} failed.`);
  return value as T;
}

/** The events of an `up`, from its beginning, as they come. */
export function events(lab: string): AsyncGenerator<TimedEvent> {
  return lines(lab, 'GET /events');
}

/** Changes a lab that is up; its events as they come. */
export function update(lab: string, body: UpdateRequest): AsyncGenerator<TimedEvent> {
  return lines(lab, 'POST /update', body);
}

/** What the routers decide from now on, and what of it was lost. Throws what the daemon reports. */
export function flow(lab: string): AsyncGenerator<FlowEvent | FlowLoss> {
  return lines(lab, 'GET /flow');
}

async function* lines<T>(lab: string, route: string, body?: unknown): AsyncGenerator<T> {
  const response = await send(lab, route, body);
  for await (const line of createInterface({ input: response })) {
    const value = JSON.parse(line);
    if (response.statusCode !== 200) throw new Error(value?.message ?? `${route} failed.`);
    yield value as T;
  }
}

function send(lab: string, route: string, body?: unknown): Promise<IncomingMessage> {
  const [method, path] = route.split(' ');
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath: labFolders(lab).socket, method, path }, resolve);
    outgoing.once('error', (cause: NodeJS.ErrnoException) => {
      if (cause.code === 'EACCES') {
        reject(new Error(`Only root may speak to the lab ${lab}: run it with sudo.`, { cause }));
        return;
      }
      const absent = ['ENOENT', 'ECONNREFUSED', 'ECONNRESET'].includes(cause.code ?? '');
      reject(absent ? new NoDaemonError(`No lab ${lab} is up.`, { cause }) : cause);
    });
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/**
 * The status that the daemon keeps in a file which everyone may read. Undefined when there is
 * none, or when the daemon that wrote it is gone.
 */
export async function readStatus(lab: string): Promise<LabStatus | undefined> {
  const text = await readFile(`${labFolders(lab).run}/status.json`, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const status = JSON.parse(text) as LabStatus;
  return (await isDaemon(status.pid, lab)) ? status : undefined;
}

/** Whether that process is the daemon of that lab: ids are used again. */
export async function isDaemon(pid: number, lab: string): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const words = command.split('\0');
  return words.some((word) => word.endsWith('daemon/main.ts')) && words.includes(lab);
}
