import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { appStacks } from './cdk-app.ts';
import { runMain } from './testing.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onsil-app-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const REGION = 'ap-northeast-2';
const stackArtifact = (name: string, dependencies: readonly string[] = [], more: object = {}) => ({
  type: 'aws:cloudformation:stack',
  environment: 'aws://unknown-account/unknown-region',
  dependencies,
  properties: { templateFile: `${name}.json`, stackName: name },
  ...more,
});

/** A cloud assembly, in which each stack's template has what is given. */
async function assembly(
  stacks: Readonly<Record<string, object>>,
  templates: Readonly<Record<string, object>> = {},
  more: object = {},
  into = folder,
): Promise<string> {
  await writeFile(join(into, 'manifest.json'), JSON.stringify({ artifacts: stacks, ...more }));
  for (const name of Object.keys(stacks)) {
    const template = templates[name] ?? { Resources: {} };
    await writeFile(join(into, `${name}.json`), JSON.stringify(template));
  }
  return into;
}

const namesOf = async (app: string, stack?: string) =>
  (await appStacks({ app, region: REGION, ...(stack === undefined ? {} : { stack }) })).map(
    ({ name }) => name,
  );

describe('which stacks', () => {
  test('the only one', async () => {
    expect(await namesOf(await assembly({ One: stackArtifact('One') }))).toEqual(['One']);
  });

  test('the one that nothing depends on, after what it needs', async () => {
    const app = await assembly({
      Web: stackArtifact('Web', ['Data', 'Network']),
      Data: stackArtifact('Data', ['Network']),
      Network: stackArtifact('Network'),
    });
    expect(await namesOf(app)).toEqual(['Network', 'Data', 'Web']);
    expect(await namesOf(app, 'Data')).toEqual(['Network', 'Data']);
  });

  test('it must be clear which', async () => {
    const app = await assembly({ A: stackArtifact('A'), B: stackArtifact('B') });
    await expect(namesOf(app)).rejects.toThrow(
      /several stacks: name one with --stack NAME\. It has:\n {2}A\n {2}B$/,
    );
    await expect(namesOf(app, 'C')).rejects.toThrow('no such stack. It has:\n  A\n  B');
    expect(await namesOf(app, 'B')).toEqual(['B']);
  });

  test('those of a stage of the app, by their place in it', async () => {
    const stage = join(folder, 'assembly-Dev');
    await mkdir(stage);
    await assembly(
      { DevWeb: stackArtifact('Dev-Web', [], { displayName: 'Dev/Web' }) },
      {},
      {},
      stage,
    );
    await cp(join(stage, 'DevWeb.json'), join(stage, 'Dev-Web.json'));
    const nested = { type: 'cdk:cloud-assembly', properties: { directoryName: 'assembly-Dev' } };
    await writeFile(
      join(folder, 'manifest.json'),
      JSON.stringify({ artifacts: { 'assembly-Dev': nested } }),
    );
    expect(await namesOf(folder, 'Dev/Web')).toEqual(['Dev-Web']);
  });
});

test('a lookup that nobody answers is said, with what to do', async () => {
  const missing = [{ key: 'vpc', provider: 'vpc-provider', props: {} }];
  await assembly({ One: stackArtifact('One') }, {}, { missing });
  const app = `cp ${folder}/*.json "$CDK_OUTDIR"`;
  await expect(appStacks({ app, region: REGION })).rejects.toThrow(
    /looks something up in an account \(vpc-provider\), and no lab is up/,
  );
  let asked = false;
  await appStacks({
    ...{ app, region: REGION },
    lookUp: async ({ command }, outdir) => {
      asked = command === app && outdir !== '';
    },
  });
  expect(asked).toBe(true);
});

test('what the app says when it fails is passed on', async () => {
  const app = 'echo "Cannot find module ./stack" >&2; exit 3';
  await expect(appStacks({ app, region: REGION })).rejects.toThrow(
    /does not synthesize: it exited with 3:\nCannot find module/,
  );
  await expect(appStacks({ app: 'true', region: REGION })).rejects.toThrow(
    'ended without a cloud assembly',
  );
});

test('what to do next is said with each failure, in lines that fit', async () => {
  const failures = [
    ['seq 20; exit 1', /\n12\n… and 8 more lines\.\nRun it by itself, or `cdk synth`, until/],
    ['no-such-program', /127:\n.*no-such-program.*\nThe shell did not find a program of it: check/],
    ['true', /\nIt must make an App of aws-cdk-lib and call app\.synth\(\)\./],
    [folder, /has no manifest\.json.*\nMake one with `cdk synth`, or name the app/],
    [
      await assembly({}, {}, {}, await mkdtemp(join(folder, 'none-'))),
      /The app has no stack\.\nMake/,
    ],
  ] as const;
  for (const [app, said] of failures) {
    const error = await appStacks({ app, region: REGION }).then(String, String);
    expect(error).toMatch(said);
    const lines = error.replaceAll(folder, '/folder').split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  }
});

describe('an app of aws-cdk-lib', () => {
  const fixture = join(import.meta.dirname, '../../test/fixtures/cdk-app/app.mjs');
  let before = '';
  beforeAll(() => {
    before = process.cwd();
  });
  afterAll(() => process.chdir(before));

  test('is asked like a template', async () => {
    const { stdout, stderr, exitCode } = await runMain(
      'reach',
      '--app',
      `node ${fixture}`,
      '--json',
    );
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toContainEqual(
      expect.objectContaining({ from: 'internet', to: 'Garden/Web', services: 'tcp 80' }),
    );
  });

  test('a nested stack, whose template is an asset of the app', async () => {
    const TemplateURL = {
      'Fn::Sub':
        'https://s3.${AWS::Region}.${AWS::URLSuffix}/cdk-assets-${AWS::AccountId}/0123.json',
    };
    const Net = { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL } };
    const vpc = { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.77.0.0/16' } };
    const manifest = { type: 'cdk:asset-manifest', properties: { file: 'Web.assets.json' } };
    const app = await assembly(
      { Web: stackArtifact('Web', ['Web.assets']), 'Web.assets': manifest as never },
      { Web: { Resources: { Net } } },
    );
    const path = 'WebNet.nested.template.json';
    const files = {
      a: { source: { path }, destinations: { b: { bucketName: 'cdk', objectKey: '0123.json' } } },
    };
    await writeFile(join(folder, 'Web.assets.json'), JSON.stringify({ files }));
    await writeFile(join(folder, path), JSON.stringify({ Resources: { Vpc: vpc } }));
    const { stdout, stderr } = await runMain('up', '--dry-run', '--app', app);
    expect(stderr).toBe('');
    expect(stdout).toContain('10.77.0.0/16');
    expect(stdout).not.toContain('recorded, not run');
  });

  test('a stack that imports what another one exports', async () => {
    const vpc = { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } };
    const subnet = (id: object) => ({
      Type: 'AWS::EC2::Subnet',
      Properties: { VpcId: id, CidrBlock: '10.0.1.0/24' },
    });
    const id = { Value: { Ref: 'Vpc' }, Export: { Name: 'Network:Vpc' } };
    const app = await assembly(
      { Web: stackArtifact('Web', ['Network']), Network: stackArtifact('Network') },
      {
        Network: { Resources: { Vpc: vpc }, Outputs: { Id: id } },
        Web: { Resources: { Subnet: subnet({ 'Fn::ImportValue': 'Network:Vpc' }) } },
      },
    );
    const { stdout, stderr } = await runMain('up', '--dry-run', '--app', app);
    expect(stderr).toBe('');
    expect(stdout).toContain('ip daddr 10.0.1.0/24');
  });
});
