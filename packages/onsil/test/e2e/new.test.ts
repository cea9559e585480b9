/** What `onsil new` makes: its own tests pass, and it comes up and serves, without a further step. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../../src/lab/process.ts';
import { labCommands, parseEvents, statusOf, succeed } from './support/onsil.ts';
import { ask } from './support/site.ts';

const LAB = 'newdemo';
const { down } = labCommands(LAB);

/** Every machine is set up from nothing. */
const FIRST_UP_MS = 600_000;

/** What npm has got once is not asked for again. */
const CACHED = { npm_config_prefer_offline: 'true' };

let parent = '';
let project = '';
const npm = async (...words: readonly string[]): Promise<string> =>
  (await run('npm', words, { cwd: project })).stdout;

beforeAll(async () => {
  await down();
  parent = await mkdtemp(join(tmpdir(), 'onsil-e2e-new-'));
  project = join(parent, LAB);
  await succeed(['new', project, '--apis', '1', '--yes'], { cwd: parent, env: CACHED });
});

afterAll(async () => {
  await down();
  await rm(parent, { recursive: true });
});

test('npm test passes: both servers, and the policies', async () => {
  const stdout = await npm('test');
  expect(stdout).toMatch(/^[#ℹ] pass 2$/m);
  expect(stdout).toContain('14 policies: 14 kept, 0 broken.');
});

test(
  'npm run up: the page is served, and the api counts in the database',
  async () => {
    const stdout = await npm('run', '--silent', 'up', '--', '--json');
    expect(parseEvents(stdout).at(-1)).toMatchObject({ kind: 'ready' });
    const site = (await statusOf(LAB)).site ?? '';
    const page = await ask(site, '/');
    expect({ status: page.status, body: page.body }).toMatchObject({
      status: 200,
      body: expect.stringContaining('<h1>newdemo</h1>'),
    });
    expect((await ask(site, '/page.js')).headers['content-type']).toContain('text/javascript');
    const visit = async () => JSON.parse((await ask(site, '/api/visits', { method: 'POST' })).body);
    expect(await visit()).toMatchObject({ visits: 1 });
    expect(await visit()).toMatchObject({ visits: 2 });
    expect((await ask(site, '/api/health')).status).toBe(200);
  },
  FIRST_UP_MS,
);
