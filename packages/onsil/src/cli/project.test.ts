import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LAB_NAME } from '../lab/layout.ts';
import { assertLabName, labOfTemplate, projectFolder, resolveLab } from './project.ts';

const place = vi.hoisted(() => ({ root: '', status: {} as Record<string, object> }));
vi.mock('../lab/layout.ts', async (original) => ({
  ...(await original<typeof import('../lab/layout.ts')>()),
  get runRoot() {
    return `${place.root}/run`;
  },
}));
vi.mock('../lab/daemon/client.ts', () => ({
  readStatus: async (lab: string) => place.status[lab],
}));

let folder = '';
beforeEach(async () => {
  place.root = await mkdtemp(join(tmpdir(), 'onsil-project-'));
  place.status = {};
  folder = join(place.root, 'shop');
  await mkdir(folder);
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(place.root, { recursive: true });
});

async function labs(...names: readonly string[]): Promise<void> {
  for (const name of names) await mkdir(join(place.root, 'run', name), { recursive: true });
}

async function writeConfig(where = folder): Promise<void> {
  await mkdir(join(where, 'app'), { recursive: true });
  const text = `export default { name: 'shop', domain: 'shop.example',
    web: { source: './app' }, api: { source: './app' } };`;
  await writeFile(join(where, 'onsil.config.ts'), text);
}

describe('the project of a folder', () => {
  test('is the folder with the configuration', async () => {
    await writeConfig();
    expect(await projectFolder()).toBe(folder);
  });
  test("is the one that the folder's package.json names", async () => {
    await writeFile(join(folder, 'package.json'), '{"onsil": {"project": "examples/a"}}');
    expect(await projectFolder()).toBe(join(folder, 'examples', 'a'));
  });
  test('its own configuration goes first', async () => {
    await writeConfig();
    await writeFile(join(folder, 'package.json'), '{"onsil": {"project": "examples/a"}}');
    expect(await projectFolder()).toBe(folder);
  });
  test.each(['{}', '{"onsil": {}}', '{"onsil": {"project": 1}}', 'null'])(
    'is none where package.json is %s',
    async (text) => {
      await writeFile(join(folder, 'package.json'), text);
      expect(await projectFolder()).toBeUndefined();
    },
  );
  test('cannot be told where package.json is no JSON', async () => {
    await writeFile(join(folder, 'package.json'), '{');
    await expect(projectFolder()).rejects.toThrow(`${join(folder, 'package.json')}, which`);
  });
  test('is none in an empty folder', async () => {
    expect(await projectFolder()).toBeUndefined();
  });
});

describe("a template's lab", () => {
  test.each([
    ['/a/vpc.yaml', 'vpc'],
    ['My VPC.template.json', 'my-vpc-template'],
    ['--x--.yaml', 'x'],
    ['온실.yaml', 'template'],
    ['01-vpc.yaml', 'stack-01-vpc'],
    [`${'a'.repeat(31)}-b.yaml`, 'a'.repeat(31)],
  ])('%s is %s', (file, lab) => {
    expect(labOfTemplate(file)).toBe(lab);
  });
  test('any file gives a name that a lab may have', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (file) => {
        expect(labOfTemplate(file)).toMatch(LAB_NAME);
      }),
    );
  });
});

describe('the name of a lab', () => {
  test.each(['a', 'shop-2', '0', 'a'.repeat(32)])('%s', (name) => {
    expect(assertLabName(name)).toBe(name);
  });
  test.each(['', '-a', 'a-', 'A', 'a.b', 'a/b', '..', 'a b', 'a\n', '온실', 'a'.repeat(33)])(
    '%j is none',
    (name) => {
      expect(() => assertLabName(name)).toThrow(`--lab ${JSON.stringify(name)} is no name`);
    },
  );
});

describe('the lab that is meant', () => {
  test('is the given one, whatever else there is', async () => {
    await labs('a', 'b');
    expect(await resolveLab('other')).toBe('other');
  });
  test('is the one of this folder, among others', async () => {
    await writeConfig();
    await labs('a', 'shop');
    expect(await resolveLab(undefined)).toBe('shop');
  });
  test('a running lab of this folder spares loading its configuration', async () => {
    await writeFile(join(folder, 'onsil.config.ts'), 'does not load');
    await labs('other', 'shop');
    place.status = {
      other: { project: folder, service: 'shop' },
      shop: { project: folder, service: 'shop' },
    };
    expect(await resolveLab(undefined)).toBe('shop');
  });
  test('a lab of the same name from elsewhere is not asked whose service it is', async () => {
    await writeConfig();
    await labs('cart');
    place.status = { cart: { project: '/elsewhere', service: 'cart' } };
    expect(await resolveLab(undefined)).toBe('shop');
  });
  test('is the only one there is, where no configuration is', async () => {
    await labs('vpc');
    expect(await resolveLab(undefined)).toBe('vpc');
  });
  test('several: the names to choose from', async () => {
    await labs('vpc', 'api');
    await expect(resolveLab(undefined)).rejects.toThrow(
      'Several labs are up (api, vpc): name one with --lab NAME.',
    );
  });
  test('none', async () => {
    await expect(resolveLab(undefined)).rejects.toThrow(
      `No lab is up, and there is no onsil.config.ts in ${folder} to start one from.`,
    );
  });
});
