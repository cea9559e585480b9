/** A lab on its way up, at the other end of its control socket. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { serveControl } from '../lab/daemon/control.ts';
import { EventLog, type TimedEvent } from '../lab/daemon/events.ts';
import { routes } from '../lab/daemon/routes.ts';
import type { LabStatus } from '../lab/daemon/status.ts';
import { follow, LabFailure } from './follow.ts';

const place = vi.hoisted(() => ({ root: '' }));
vi.mock('../lab/layout.ts', async (original) => ({
  ...(await original<typeof import('../lab/layout.ts')>()),
  labFolders: (lab: string) => ({
    run: `${place.root}/${lab}`,
    socket: `${place.root}/${lab}/daemon.sock`,
  }),
}));

let close: (() => Promise<void>) | undefined;
beforeEach(async () => {
  place.root = await mkdtemp(join(tmpdir(), 'onsil-follow-'));
  await mkdir(join(place.root, 'shop'));
});
afterEach(async () => {
  await close?.();
  await rm(place.root, { recursive: true });
});

/** A lab without instances. */
async function serve(change: Partial<LabStatus>): Promise<EventLog> {
  const status: LabStatus = {
    ...{ lab: 'shop', project: '/p', service: null, ready: false, phase: 'failed', seconds: 1 },
    ...{ site: null, endpoint: null, console: null, instances: [], managed: [], pid: 1 },
    ...change,
  };
  const log = new EventLog(0, () => 0);
  close = await serveControl(
    join(place.root, 'shop', 'daemon.sock'),
    routes({
      ...{ log, status: () => status, lab: () => undefined },
      materials: Promise.withResolvers(),
    }),
  );
  return log;
}

async function ended(): Promise<{ readonly shown: readonly string[]; readonly error?: unknown }> {
  const shown: string[] = [];
  const progress = { show: ({ kind }: TimedEvent) => shown.push(kind), end: () => {} };
  try {
    await follow('shop', progress);
    return { shown };
  } catch (error) {
    return { shown, error };
  }
}

test('a stack that fails when its services are there is left for a look, also without instances', async () => {
  const log = await serve({ laidOut: true });
  log.emit({ kind: 'step', step: 'network', done: true });
  log.emit({ kind: 'failed', message: 'Ready (AWS::CloudFormation::WaitCondition): no signal' });
  const { shown, error } = await ended();
  expect(shown).toEqual(['step', 'failed']);
  expect(error).toBeInstanceOf(LabFailure);
  expect(String(error)).toMatch(
    /no signal\n\nThe lab is left as it is for a look: npx onsil status/,
  );
});

test('a template that makes no region leaves nothing to look at', async () => {
  const log = await serve({});
  log.emit({ kind: 'failed', message: 'The template is empty.' });
  const { error } = await ended();
  expect(error).toEqual(new Error('The template is empty.'));
  expect(error).not.toBeInstanceOf(LabFailure);
});

test('a lab that is ready is followed no further', async () => {
  const log = await serve({ laidOut: true, phase: 'ready' });
  log.emit({ kind: 'ready', seconds: 1 });
  log.emit({ kind: 'warning', message: 'later' });
  expect(await ended()).toEqual({ shown: ['ready'] });
});

test('a lab that goes while it comes up is told so', async () => {
  await expect(follow('shop', { show: () => {}, end: () => {} })).rejects.toThrow(
    'The lab shop was taken down while it came up.',
  );
});
