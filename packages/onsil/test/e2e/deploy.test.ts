/** `onsil deploy`, `diff` and `destroy`, from one configuration to two stages and back to nothing. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { run } from '../../src/lab/process.ts';
import { type Endpoints, endpoints } from './support/endpoints.ts';
import { type Ended, onsil, ROOT } from './support/onsil.ts';
import { type Folder, folderWith } from './support/project.ts';

const NAME = 'e2e-deploy';
const SECRET = `/${NAME}/database/password`;
const EXAMPLE = join(ROOT, 'examples/everydaehwa');

// The CDK takes ten seconds on a free machine, and a minute on one that is busy.
vi.setConfig({ testTimeout: 300_000 });

let aws: Endpoints;
let folder: Folder;
let keys = '';

beforeAll(async () => {
  aws = await endpoints();
  folder = await folderWith({ 'onsil.config.ts': config() });
  keys = await mkdtemp(join(tmpdir(), 'onsil-keys-'));
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(keys, 'me')]);
});
afterAll(async () => {
  expect(aws.errors).toEqual([]);
  await aws[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
  await rm(keys, { recursive: true });
});

function config(more: object = {}): string {
  const architecture = process.arch === 'arm64' ? 'arm64' : 'x86_64';
  const service = {
    ...{ name: NAME, domain: 'deploy.invalid', architecture },
    web: { source: join(EXAMPLE, 'web') },
    api: { source: join(EXAMPLE, 'api'), instances: 1 },
    stages: { dev: { network: { cidr: '10.1.0.0/16' } } },
    ...more,
  };
  return `import { defineService } from 'onsil';\nexport default defineService(${JSON.stringify(service)});\n`;
}

const write = (more: object): Promise<void> =>
  writeFile(join(folder.path, 'onsil.config.ts'), config(more));

const command = (...words: readonly string[]): Promise<Ended> =>
  onsil(words, { cwd: folder.path, env: aws.environment });

const stackNamed = (name: string) => aws.context.stacks.find(name);

/** Of one line of JSON for each section. */
const sections = (stdout: string): readonly Record<string, unknown>[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

test('a dry run asks nothing of anybody', async () => {
  const { code, stdout } = await onsil(['deploy', '--dry-run', '--admin', '203.0.113.7'], {
    cwd: folder.path,
    env: { AWS_EC2_METADATA_DISABLED: 'true' },
  });
  expect(stdout).toContain('- credentials');
  expect(stdout).toMatch(/✓ \d+ policies: \d+ kept, 0 broken/);
  expect(stdout).toMatch(/\$\d+\.\d\d a month/);
  expect(stdout).toContain('Nothing was asked of AWS');
  // The key is still missing: a deploy would stop there.
  expect(stdout).toContain('✗ key pair');
  expect(code).toBe(1);
});

test('nobody to ask is no agreement', async () => {
  const given = ['--admin', '203.0.113.7', '--key', join(keys, 'me.pub')];
  const { code, stderr } = await command('deploy', ...given);
  expect(stderr).toContain('give --yes to agree beforehand');
  expect(code).toBe(2);
  expect(stackNamed(NAME)).toBeUndefined();
});

test('the first deploy makes the bucket for templates, the secret, the stack and the releases', async () => {
  const given = ['--admin', '203.0.113.7', '--key', join(keys, 'me.pub')];
  const { code, stdout, stderr } = await command('deploy', ...given, '--yes');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('the deploy makes its stack CDKToolkit first');
  expect(stdout).toContain('ReleasesBucket (AWS::S3::Bucket)  made');
  expect(stdout).toContain('deployed in ');

  const stack = stackNamed(NAME);
  expect(stack?.status).toBe('CREATE_COMPLETE');
  const secret = aws.context.parameters.get(SECRET);
  expect(secret?.type).toBe('SecureString');
  expect(secret?.value).toMatch(/^[\w-]{32}$/);
  for (const text of [stdout, stderr, stack?.templateBody]) {
    expect(text).not.toContain(secret?.value);
  }
  const bucket = stack?.stack?.resources['ReleasesBucket']?.physicalId ?? '';
  for (const app of ['web', 'api']) {
    const key = `releases/${app}/current.json`;
    expect(await aws.context.objects.head(bucket, key), key).toBeDefined();
  }
});

test('the same again is nothing to do, and keeps the address, the key and the secret', async () => {
  const before = aws.context.parameters.get(SECRET)?.value;
  const { code, stdout } = await command('deploy', '--yes');
  expect(stdout).toContain('nothing to do in ');
  expect(stdout).toContain('203.0.113.7/32 may reach the bastion');
  expect(stdout).not.toContain('former release');
  expect(code).toBe(0);
  expect(aws.context.parameters.get(SECRET)?.value).toBe(before);
});

test('diff tells resources and reachability against what is deployed', async () => {
  await write({ api: { source: join(EXAMPLE, 'api'), instances: 2 } });
  const { code, stdout } = await command('diff', '--json');
  expect(code).toBe(0);
  const { changes, reachability } = JSON.parse(stdout);
  expect(changes).toContainEqual(
    expect.objectContaining({ logicalId: 'Api2Instance', kind: 'add' }),
  );
  expect(reachability.exposed).toEqual([]);
  expect(JSON.stringify(reachability.hosts)).toContain('api-2');
});

test('a broken policy stops the deploy', async () => {
  await write({ policy: [{ from: 'internet', mustNotReach: 'edge' }] });
  const before = stackNamed(NAME)?.updatedAt;
  const { code, stdout, stderr } = await command('deploy', '--yes');
  expect(stdout).toContain('Broken: ');
  expect(stderr).toContain('Nothing was deployed (1 policies not kept)');
  expect(code).toBe(1);
  expect(stackNamed(NAME)?.updatedAt).toBe(before);
});

test('an update says what it replaces, and what it holds', async () => {
  await write({ database: { volumeSize: 9 }, sizes: { web: 't3.small' } });
  const { code, stdout, stderr } = await command('deploy', '--yes', '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const changes = sections(stdout).find((each) => 'changes' in each)?.['changes'];
  expect(changes).toContainEqual(
    expect.objectContaining({ logicalId: 'DatabaseVolume', kind: 'update' }),
  );
  expect(stackNamed(NAME)?.status).toBe('UPDATE_COMPLETE');
  expect(sections(stdout).at(-1)).toMatchObject({ outcome: 'deployed' });
});

test('a stage is a stack of its own', async () => {
  const given = ['--admin', '203.0.113.7', '--key', join(keys, 'me.pub')];
  const { code, stdout } = await command('deploy', '--stage', 'dev', ...given, '--yes');
  expect(code).toBe(0);
  expect(stdout).toContain('dev.deploy.invalid');
  expect(JSON.stringify(aws.region().vpcs)).toContain('10.1.0.0/16');
  expect(stackNamed(NAME)?.status).toBe('UPDATE_COMPLETE');
  expect(stackNamed(`${NAME}-dev`)?.status).toBe('CREATE_COMPLETE');
  expect(aws.context.parameters.get(`/${NAME}-dev/database/password`)).toBeDefined();
});

test('destroy names what is kept, and leaves the rest of the region alone', async () => {
  const bucket = stackNamed(NAME)?.stack?.resources['ReleasesBucket']?.physicalId ?? '';
  const { code, stdout } = await command('destroy', '--yes');
  expect(code).toBe(0);
  expect(stdout).toContain(`kept: ReleasesBucket (AWS::S3::Bucket, ${bucket})`);
  expect(stdout).toMatch(/kept as a snapshot: DatabaseVolume/);
  expect(stdout).toContain(`kept: ${SECRET}`);
  expect(stackNamed(NAME)).toBeUndefined();
  expect(stackNamed(`${NAME}-dev`)?.status).toBe('CREATE_COMPLETE');
  const again = await command('destroy', '--yes');
  expect(again.stdout).toContain(`There is no stack ${NAME} in ap-northeast-2`);
  expect((await command('destroy', '--stage', 'dev', '--yes')).code).toBe(0);
});

test('credentials that AWS does not take are said so', async () => {
  const env = { ...aws.environment, AWS_SECRET_ACCESS_KEY: 'wrong' };
  const { code, stdout, stderr } = await onsil(['deploy', '--yes'], { cwd: folder.path, env });
  expect(stdout).toMatch(/✗ credentials/);
  expect(stderr).toContain('preflight: credentials');
  expect(code).toBe(1);
  expect(await readFile(join(folder.path, 'onsil.config.ts'), 'utf8')).toContain(NAME);
});
