import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Scene } from '../../diagram/scene.ts';
import { runMain } from '../testing.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onsil-diagram-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('a file that is no picture is refused before anything is drawn', async () => {
  const { exitCode, stderr } = await runMain('diagram', '-o', join(folder, 'x.gif'));
  expect(exitCode).toBe(2);
  expect(stderr).toContain('x.gif" ends with none of .svg, .png, .html');
});

test('a path that nothing is on is refused, with those that there are', async () => {
  const office = 'packages/onsil/test/fixtures/diagram/ipv6.yaml';
  const { exitCode, stderr } = await runMain(
    'diagram',
    '--template',
    office,
    '--highlight',
    'admin',
  );
  expect(exitCode).toBe(2);
  expect(stderr).toContain('--highlight admin: nothing here is on that path.');
  expect(stderr).toContain('request, outbound');
});

test('a highlighted path dims what is not on it', async () => {
  const file = join(folder, 'admin.svg');
  const { stdout } = await runMain(
    'diagram',
    '-o',
    file,
    '--highlight',
    'admin',
    '--theme',
    'dark',
  );
  expect(stdout).toBe(`Wrote ${file}: 10 parts and 57 arrows, each proved.\n`);
  const svg = await readFile(file, 'utf8');
  expect(svg).not.toContain('prefers-color-scheme');
  const [faint, lit] = ['request faint', 'admin'].map((name) => svg.includes(`class="${name}" d=`));
  expect({ faint, lit }).toEqual({ faint: true, lit: true });
});

test('with prices: those of the bill, and each part has its own', async () => {
  vi.stubEnv('ONSIL_CACHE', folder);
  const scene: Scene = JSON.parse((await runMain('diagram', '--cost', '--json')).stdout);
  const bill = JSON.parse((await runMain('cost', '--json')).stdout);
  expect(scene.cost?.usd).toBe(bill.total);
  const nat = bill.lines.filter((line: { resource: string }) => line.resource === 'nat');
  const usd = nat.reduce((sum: number, line: { usd: number }) => sum + line.usd, 0);
  expect(usd).toBeGreaterThan(0);
  expect(scene.nodes.find(({ title }) => title === 'nat')?.usd).toBeCloseTo(usd, 6);
});

test('what is left out is a note, and what it counts agrees with its number', async () => {
  const office = 'packages/onsil/test/fixtures/diagram/two-vpcs.yaml';
  const file = join(folder, 'office.svg');
  const { stdout, stderr } = await runMain('diagram', '--template', office, '-o', file);
  expect(stdout).toBe(`Wrote ${file}: 2 parts and 1 arrow, each proved.\n`);
  expect(stderr).toBe('note     Peering connects office and shop.\n');
});
