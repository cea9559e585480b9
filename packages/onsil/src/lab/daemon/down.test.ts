/** What of taking a lab down needs no kernel: what counts as a lab, and in which order it goes. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { leftOvers, takeDown } from './down.ts';

const host = vi.hoisted(() => ({
  ...{ root: '', machines: [] as string[], fabrics: [] as string[], done: [] as string[] },
}));
vi.mock('../layout.ts', async (original) => ({
  ...(await original<typeof import('../layout.ts')>()),
  get runRoot() {
    return `${host.root}/run`;
  },
  get stateRoot() {
    return `${host.root}/state`;
  },
  labFolders: (lab: string) => ({ run: `${host.root}/run/${lab}` }),
}));
vi.mock('../machine/stop.ts', () => ({
  labsWithMachines: async () => host.machines,
  removeMachines: async (lab: string) => void host.done.push(`machines of ${lab}`),
}));
vi.mock('../fabric/remove.ts', () => ({
  findLabs: async () => host.fabrics,
  removeFabric: async (lab: string) => void host.done.push(`fabric of ${lab}`),
}));
// Another process may hold the lock: that is not looked at here.
vi.mock('../lock.ts', () => ({
  withLock: async (_lab: string, work: () => Promise<unknown>) => work(),
}));

beforeEach(async () => {
  host.root = await mkdtemp(join(tmpdir(), 'onsil-down-'));
  Object.assign(host, { machines: [], fabrics: [], done: [] });
});
afterEach(async () => {
  await rm(host.root, { recursive: true });
});
const make = (...path: readonly string[]) => mkdir(join(host.root, ...path), { recursive: true });

test('nothing at all is no lab', async () => {
  expect(await leftOvers()).toEqual([]);
});

test('a folder, a disk, a cgroup or a namespace: each alone is a lab, all of them are one', async () => {
  await make('run', 'run-only');
  await make('state', 'state-only');
  host.machines = ['cgroup-only'];
  host.fabrics = ['fabric-only'];
  expect(await leftOvers()).toEqual(['cgroup-only', 'fabric-only', 'run-only', 'state-only']);
  for (const place of ['run', 'state']) await make(place, 'all');
  host.machines.push('all');
  host.fabrics.push('all');
  expect((await leftOvers()).filter((lab) => lab === 'all')).toEqual(['all']);
});

test('processes go before the namespaces that they are in, then the files', async () => {
  await make('run', 'shop');
  await writeFile(join(host.root, 'run', 'shop', 'status.json'), '{}');
  expect(await takeDown('shop')).toBe(true);
  expect(host.done).toEqual(['machines of shop', 'fabric of shop']);
  // The folder that all labs share goes with the last of them.
  expect(await readdir(host.root)).toEqual([]);
});

test("another lab's folders stay", async () => {
  for (const lab of ['shop', 'other']) await make('run', lab);
  expect(await takeDown('shop')).toBe(true);
  expect(await readdir(join(host.root, 'run'))).toEqual(['other']);
});

test('a lab of which there is nothing is swept all the same, and said not to have been there', async () => {
  expect(await takeDown('shop')).toBe(false);
  expect(host.done).toEqual(['machines of shop', 'fabric of shop']);
});
