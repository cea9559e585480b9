import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { UsageError } from './errors.ts';
import { asksForSameLab, parametersOf, requestOf } from './request.ts';

vi.mock('./template.ts', () => ({
  templateOf: async ({ name }: { name: string }) => `the template of ${name}`,
}));

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onsil-request-'));
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

describe('parameters', () => {
  test.each([
    [['A=1', 'B=two words'], { A: '1', B: 'two words' }],
    [['Cidr=10.0.0.0/8', 'Key=ssh-ed25519 AA=='], { Cidr: '10.0.0.0/8', Key: 'ssh-ed25519 AA==' }],
    [['Empty='], { Empty: '' }],
    [['A=1', 'A=2'], { A: '2' }],
    [[], {}],
  ])('%j', (words, parameters) => {
    expect(parametersOf(words)).toEqual(parameters);
  });
  test.each(['A', '=1', ''])('%j has no value', (word) => {
    expect(() => parametersOf([word])).toThrow(UsageError);
    expect(() => parametersOf([word])).toThrow(`--param ${JSON.stringify(word)} has no value`);
  });
  test('values come through as they are', () => {
    const key = fc.stringMatching(/^[A-Za-z0-9]+$/);
    fc.assert(
      fc.property(key, fc.string(), (name, value) => {
        expect(parametersOf([`${name}=${value}`])).toEqual({ [name]: value });
      }),
    );
  });
});

describe('a template', () => {
  test('has no site, and so no port', async () => {
    const file = join(folder, 'vpc.yaml');
    const options = { template: file, param: [], port: 8080 };
    await expect(requestOf(options, 0)).rejects.toThrow('--port 8080 is for the site');
  });
  test('its file is the project, and names the lab', async () => {
    const file = join(folder, 'Vpc.yaml');
    await writeFile(file, 'Resources: {}');
    expect(await requestOf({ template: file, param: ['A=1'] }, 7)).toEqual({
      request: {
        ...{ lab: 'vpc', project: file, region: 'ap-northeast-2', startedAt: 7, fresh: false },
        ...{ template: 'Resources: {}', templateFile: file, parameters: { A: '1' } },
      },
    });
  });
  test('what is given wins', async () => {
    const file = join(folder, 'vpc.yaml');
    await writeFile(file, '');
    const options = { template: file, param: [], lab: 'mine', region: 'eu-west-1', fresh: true };
    const { request } = await requestOf(options, 0);
    expect(request).toMatchObject({ lab: 'mine', region: 'eu-west-1', fresh: true });
  });
  test('one that cannot be read keeps its cause', async () => {
    const error: unknown = await requestOf({ template: 'no.yaml', param: [] }, 0).catch((e) => e);
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({
      message: 'The template no.yaml does not exist. Check the path.',
      cause: { code: 'ENOENT' },
    });
  });
});

describe('a configuration', () => {
  beforeEach(async () => {
    await mkdir(join(folder, 'app'));
    const text = `export default { name: 'shop', domain: 'shop.example', region: 'us-east-1',
      web: { source: './app' }, api: { source: './app' } };`;
    await writeFile(join(folder, 'onsil.config.ts'), text);
  });

  test('names lab and region, and makes the template', async () => {
    const { request, service } = await requestOf({ param: [] }, 7);
    expect(service?.name).toBe('shop');
    expect(request).toEqual({
      ...{ lab: 'shop', service: 'shop', project: folder, region: 'us-east-1', startedAt: 7 },
      ...{ fresh: false, parameters: {}, template: 'the template of shop' },
      templateFile: 'the template of onsil.config.ts',
    });
  });
  test('another lab of the same service keeps its name', async () => {
    const { request } = await requestOf({ param: [], lab: 'mine' }, 0);
    expect(request).toMatchObject({ lab: 'mine', service: 'shop' });
  });
  test('has a region of its own', async () => {
    await expect(requestOf({ param: [], region: 'eu-west-1' }, 0)).rejects.toThrow(
      '--region eu-west-1 is for --template FILE',
    );
  });
});

describe('the lab of a request', () => {
  const request = (template: string, parameters = {}) => ({
    ...{ lab: 'shop', project: '/shop', startedAt: 0, region: 'ap-northeast-2', fresh: false },
    ...{ template, templateFile: 'template.json', parameters },
  });
  const template = (policy: readonly unknown[], site = 'https://shop.example') =>
    JSON.stringify({ Metadata: { Onsil: { site, policy } }, Resources: {} }, null, 2);

  test('is the same whatever its policies', () => {
    const [one, other] = [template([]), template([{ from: 'internet', mustNotReach: 'web' }])];
    expect(asksForSameLab(request(one), request(other))).toBe(true);
  });
  test('is another one for anything else', () => {
    expect(asksForSameLab(request(template([])), request(template([], 'https://x.y')))).toBe(false);
    expect(asksForSameLab(request('a: 1'), request('a: 2'))).toBe(false);
    expect(asksForSameLab(request('{a: 1}'), request('{a: 2}'))).toBe(false);
    expect(asksForSameLab(request('a: 1', { A: '1' }), request('a: 1'))).toBe(false);
  });
});
