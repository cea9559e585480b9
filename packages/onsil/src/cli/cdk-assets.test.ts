/** What the asset manifests of a cloud assembly become in the request for a lab. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { prepare } from '../lab/daemon/prepare.ts';

vi.hoisted(() => {
  const fs = process.getBuiltinModule('node:fs');
  const os = process.getBuiltinModule('node:os');
  process.env['ONSIL_CACHE'] = fs.mkdtempSync(`${os.tmpdir()}/onsil-assets-cache-`);
});
const { asksForSameLab, requestOf } = await import('./request.ts');
const { assetsIn, placed } = await import('./cdk-assets.ts');
const { cacheFolders } = await import('../lab/layout.ts');

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onsil-assets-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
  await rm(process.env['ONSIL_CACHE'] ?? '', { recursive: true, force: true });
});

const BUCKET = 'cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}';
const IN_SEOUL = 'cdk-hnb659fds-assets-123456789012-ap-northeast-2';
const to = (objectKey: string, bucketName = BUCKET) => ({
  here: { bucketName, objectKey, assumeRoleArn: 'arn:${AWS::Partition}:iam::…' },
});

interface Parts {
  readonly template: object;
  readonly files?: object;
  readonly dockerImages?: object;
  readonly after?: readonly string[];
}

/** A cloud assembly, whose stacks have their own template as an asset, as the CDK does it. */
async function assembly(stacks: Readonly<Record<string, Parts>>): Promise<string> {
  const artifacts: Record<string, object> = {};
  for (const [name, { template, files = {}, after = [], dockerImages }] of Object.entries(stacks)) {
    const templateFile = `${name}.template.json`;
    artifacts[`${name}.assets`] = {
      type: 'cdk:asset-manifest',
      properties: { file: `${name}.assets.json` },
    };
    artifacts[name] = {
      type: 'aws:cloudformation:stack',
      environment: 'aws://unknown-account/unknown-region',
      dependencies: [`${name}.assets`, ...after],
      properties: { templateFile, stackName: name },
    };
    const own = { source: { path: templateFile, packaging: 'file' }, destinations: to('own.json') };
    const manifest = { files: { own, ...files }, ...(dockerImages && { dockerImages }) };
    await writeFile(join(folder, `${name}.assets.json`), JSON.stringify(manifest));
    await writeFile(join(folder, templateFile), JSON.stringify(template));
  }
  await writeFile(join(folder, 'manifest.json'), JSON.stringify({ artifacts }));
  return folder;
}

const vpc = (CidrBlock: string) => ({ Type: 'AWS::EC2::VPC', Properties: { CidrBlock } });
const page = { source: { path: 'asset.1', packaging: 'zip' }, destinations: to('1.zip') };
const script = { source: { path: 'asset.2.sh' }, destinations: to('2.sh') };

async function withFiles(): Promise<void> {
  await mkdir(join(folder, 'asset.1'));
  await writeFile(join(folder, 'asset.1', 'index.html'), '<p>온실</p>');
  await writeFile(join(folder, 'asset.2.sh'), 'echo here\n');
}

test('names have account, region and partition of the lab', () => {
  expect(placed(BUCKET, 'eu-west-1')).toBe('cdk-hnb659fds-assets-123456789012-eu-west-1');
  expect(placed('${AWS::Partition}/${AWS::Region}', 'cn-north-1')).toBe('aws-cn/cn-north-1');
});

test('files of every stack, each once, in the buckets of the region; without templates of stacks', async () => {
  await withFiles();
  const app = await assembly({
    Net: { template: { Resources: { Vpc: vpc('10.0.0.0/16') } }, files: { script } },
    Web: {
      template: { Resources: { Vpc: vpc('10.1.0.0/16') } },
      files: { page, script, apart: { ...script, destinations: to('x/3.sh', 'apart.example') } },
      after: ['Net'],
    },
  });
  const { request } = await requestOf({ app, param: [] }, 0, true);
  expect(request.assets?.map(({ bucket, key }) => `${bucket}/${key}`)).toEqual([
    ...[`${IN_SEOUL}/2.sh`, `${IN_SEOUL}/1.zip`, 'apart.example/x/3.sh'],
  ]);
  expect(request.staging).toEqual([IN_SEOUL, 'apart.example']);
  await rm(folder, { recursive: true });
  await mkdir(folder);
  const [first] = request.assets ?? [];
  expect(await readFile(first?.file ?? '', 'utf8')).toBe('echo here\n');
  expect(first?.file).toBe(join(cacheFolders.assets, first?.hash ?? ''));
});

test('a question keeps no file, and knows the buckets', async () => {
  await withFiles();
  const app = await assembly({ Web: { template: { Resources: {} }, files: { page } } });
  const { request } = await requestOf({ app, param: [], region: 'eu-west-1' }, 0);
  expect(request.assets).toBeUndefined();
  expect(request.staging).toEqual(['cdk-hnb659fds-assets-123456789012-eu-west-1']);
});

test('it is the same lab as long as the files have the same content', async () => {
  await withFiles();
  const app = await assembly({ Web: { template: { Resources: {} }, files: { page, script } } });
  const asked = async () => (await requestOf({ app, param: [] }, 0, true)).request;
  const before = await asked();
  await cp(join(folder, 'asset.2.sh'), join(folder, 'copy'));
  expect(asksForSameLab(before, await asked())).toBe(true);
  await writeFile(join(folder, 'asset.1', 'index.html'), '<p>other</p>');
  expect(asksForSameLab(before, await asked())).toBe(false);
});

test('a file that is not there is told by its key', async () => {
  const app = await assembly({ Web: { template: { Resources: {} }, files: { script } } });
  await expect(requestOf({ app, param: [] }, 0, true)).rejects.toThrow(
    /The asset 2\.sh of the app cannot be kept for the lab: ENOENT.*asset\.2\.sh/,
  );
});

test('what only a program makes is named', async () => {
  await assembly({
    Web: {
      template: { Resources: {} },
      files: { a: { source: { executable: ['make', 'zip'] }, destinations: to('a.zip') } },
      dockerImages: { b: { displayName: 'Web/Image', source: { directory: 'asset.b' } } },
    },
  });
  const { unmade, sources } = await assetsIn(folder, ['Web.assets.json'], 'Web.template.json');
  expect({ unmade, sources }).toEqual({ unmade: ['a', 'Web/Image'], sources: [] });
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  try {
    await requestOf({ app: folder, param: [] }, 0, true);
    expect(said.mock.calls.flat().join('\n')).toMatch(
      /^warning {2}Not made for the lab: a, Web\/Image\. /,
    );
    said.mockClear();
    await requestOf({ app: folder, param: [] }, 0);
    expect(said.mock.calls).toEqual([]);
  } finally {
    said.mockRestore();
  }
});

test('a nested stack of a stack that comes first is run, not recorded', async () => {
  const path = 'NetInner.nested.template.json';
  const TemplateURL = {
    'Fn::Sub': `https://s3.\${AWS::Region}.\${AWS::URLSuffix}/${BUCKET}/some/prefix/0123.json`,
  };
  const Inner = { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL } };
  const app = await assembly({
    Net: {
      template: { Resources: { Inner } },
      files: { inner: { source: { path }, destinations: to('some/prefix/0123.json') } },
    },
    Web: { template: { Resources: { Vpc: vpc('10.1.0.0/16') } }, after: ['Net'] },
  });
  await writeFile(join(folder, path), JSON.stringify({ Resources: { Vpc: vpc('10.77.0.0/16') } }));
  const { request } = await requestOf({ app, param: [] }, 0, true);
  const { region, problems } = prepare(request, 'ssh-ed25519 AAAA', 'salt');
  expect(problems).toEqual([]);
  expect(Object.values(region.vpcs).flatMap(({ cidrs }) => cidrs)).toContain('10.77.0.0/16');
  // As on AWS: a later update may name it by its address.
  expect(request.assets?.map(({ key }) => key)).toEqual(['some/prefix/0123.json']);
});
