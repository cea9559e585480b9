/** The CDK's own command line against a lab's endpoints: nothing is set but its environment. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { synthesizeWithLookups } from '../../src/aws/cdk-lookup.ts';
import { labEnvironment } from '../../src/aws/environment.ts';
import { appStacks } from '../../src/cli/cdk-app.ts';
import { bootstraps } from '../../src/lab/daemon/bootstrap.ts';
import { CommandError, type Output, run } from '../../src/lab/process.ts';
import { type Endpoints, endpoints } from './support/endpoints.ts';
import { ROOT } from './support/onsil.ts';

const CDK = join(ROOT, 'node_modules/.bin/cdk');
const APP = join(import.meta.dirname, '../fixtures/cdk-app/app.mjs');

// The CDK takes ten seconds on a free machine, and a minute on one that is busy.
vi.setConfig({ testTimeout: 300_000 });

let aws: Endpoints;
let folder = '';

beforeAll(async () => {
  aws = await endpoints();
  folder = await mkdtemp(join(tmpdir(), 'onsil-cdk-'));
});
afterAll(async () => {
  expect(aws.errors).toEqual([]);
  await aws[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function cdk(words: readonly string[], more: Record<string, string> = {}): Promise<Output> {
  const app = ['--app', `${process.execPath} ${APP}`, '--output', join(folder, 'cdk.out')];
  try {
    return await run(process.execPath, [CDK, ...words, ...app, '--no-notices', '--no-color'], {
      cwd: folder,
      env: {
        ...aws.environment,
        // Nothing of whoever runs the tests; and its check of the template takes longer than all.
        ...{ HOME: folder, CDK_VALIDATION: 'false', CDK_DISABLE_VERSION_CHECK: '1', CI: 'true' },
        ...more,
      },
    });
  } catch (error) {
    if (!(error instanceof CommandError) || error.exitCode !== 1) throw error;
    throw new Error(`${error.output.stdout}\n${error.output.stderr}`, { cause: error });
  }
}

const said = ({ stdout, stderr }: Output): string => stdout + stderr;
const stack = () => aws.context.stacks.find('Garden');

test('bootstrap takes over what `up --app` made, and adds the repository and the roles', async () => {
  const bucket = 'cdk-hnb659fds-assets-123456789012-ap-northeast-2';
  const [small] = bootstraps({ region: 'ap-northeast-2', staging: [bucket] });
  if (small === undefined) throw new Error('no bootstrap');
  const id = aws.context.stacks.createStack(small);
  await aws.context.stacks.settled(id);
  await aws.context.objects.put(bucket, 'kept', 'of the app');
  expect(said(await cdk(['bootstrap', 'aws://123456789012/ap-northeast-2']))).toContain(
    'bootstrapped',
  );
  expect(aws.context.stacks.find('CDKToolkit')).toMatchObject({ id, status: 'UPDATE_COMPLETE' });
  const { roles, buckets } = aws.region();
  const role = (name: string) => `cdk-hnb659fds-${name}-role-123456789012-ap-northeast-2`;
  for (const name of ['deploy', 'lookup', 'file-publishing', 'image-publishing', 'cfn-exec']) {
    expect(Object.values(roles).map((each) => each.name)).toContain(role(name));
  }
  expect(Object.values(buckets).map(({ name }) => name)).toContain(bucket);
  expect((await aws.context.objects.head(bucket, 'kept'))?.size).toBe(10);
});

test('deploy publishes the file and makes the stack, as the roles of the bootstrap', async () => {
  const output = said(await cdk(['deploy', '--require-approval', 'never']));
  expect(output).toContain('Garden: success: Published Page');
  expect(stack()?.status).toBe('CREATE_COMPLETE');
  const region = aws.region();
  const own = Object.values(region.vpcs).find(({ tags }) => tags['Name'] === 'Garden/Vpc');
  const subnets = Object.values(region.subnets).filter(({ vpcId }) => vpcId === own?.id);
  expect(new Set(subnets.map(({ zone }) => zone)).size).toBe(2);
  expect(Object.keys(region.natGateways)).toHaveLength(1);
  const url = stack()?.stack?.outputs['PageUrl']?.value ?? '';
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.+)$/.exec(url) ?? [];
  expect((await aws.context.objects.head(bucket, key))?.size).toBeGreaterThan(0);
});

test('diff tells a change, and deploy makes it in place', async () => {
  const changed = { GARDEN_PORT: '8080' };
  const difference = said(await cdk(['diff'], changed));
  expect(difference).toContain('Number of stacks with differences: 1');
  expect(difference).toMatch(/\[~\] AWS::EC2::SecurityGroup/);
  const before = Object.keys(aws.region().instances);
  await cdk(['deploy', '--require-approval', 'never'], changed);
  expect(stack()?.status).toBe('UPDATE_COMPLETE');
  expect(Object.keys(aws.region().instances)).toEqual(before);
  const ports = Object.values(aws.region().securityGroups).flatMap(({ ingress }) =>
    ingress.flatMap((rule) => ('fromPort' in rule ? [rule.fromPort] : [])),
  );
  expect(ports).toContain(8080);
  expect(ports).not.toContain(80);
  expect(said(await cdk(['deploy', '--require-approval', 'never'], changed))).toContain(
    '(no changes)',
  );
});

test('what another app looks up is found in the lab', async () => {
  const before = { ...process.env };
  labEnvironment('endpoints', 'ap-northeast-2', aws.environment);
  try {
    const stacks = await appStacks({
      app: `${process.execPath} ${join(APP, '../lookup.mjs')}`,
      region: 'ap-northeast-2',
      lookUp: synthesizeWithLookups,
    });
    const template = JSON.parse(stacks[0]?.template ?? '{}');
    const host = Object.values<{ Type: string; Properties: { SubnetId: string } }>(
      template.Resources,
    ).find(({ Type }) => Type === 'AWS::EC2::Instance');
    const own = aws.region().subnets[host?.Properties.SubnetId ?? ''];
    expect(own?.tags['Name']).toMatch(/^Garden\/Vpc\/PrivateSubnet/);
  } finally {
    for (const name of Object.keys(process.env)) delete process.env[name];
    Object.assign(process.env, before);
  }
});

test('destroy leaves nothing of the stack', async () => {
  expect(said(await cdk(['destroy', '--force']))).toContain('destroyed');
  expect(stack()).toBeUndefined();
  const region = aws.region();
  expect([region.instances, region.natGateways, region.elasticIps]).toEqual([{}, {}, {}]);
});
