import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createObjectStore } from '../services/object-store.ts';
import { testEngine } from '../stacks/testing.ts';
import { bootstraps, putAssets } from './bootstrap.ts';
import { prepare } from './prepare.ts';

const region = 'ap-northeast-2';
const USUAL = `cdk-hnb659fds-assets-123456789012-${region}`;
const OWN = `cdk-garden-assets-123456789012-${region}`;

test('a stack with each bucket; the usual one is the CDK’s own by its names', async () => {
  const inputs = bootstraps({ region, staging: [USUAL, OWN, 'files.shop.example'] });
  expect(inputs.map(({ stackName }) => stackName)).toEqual([
    ...['CDKToolkit', `CDKToolkit-${OWN}`, 'CDKToolkit-files-shop-example'],
  ]);
  const { engine, applier } = testEngine();
  for (const each of inputs) {
    engine.createStack({ ...each, checkAll: true });
    expect((await engine.settled(each.stackName)).status).toBe('CREATE_COMPLETE');
  }
  const { buckets, parameters } = applier.region();
  expect(Object.keys(buckets)).toEqual([USUAL, OWN, 'files.shop.example']);
  const versions = Object.keys(parameters).filter((name) => name.startsWith('/cdk-bootstrap/'));
  expect(versions).toEqual(['/cdk-bootstrap/hnb659fds/version', '/cdk-bootstrap/garden/version']);
  expect(bootstraps({ region })).toEqual([]);
});

test('a template that asks for the version of its bootstrap finds it', () => {
  const template = {
    Parameters: {
      BootstrapVersion: {
        Type: 'AWS::SSM::Parameter::Value<String>',
        Default: '/cdk-bootstrap/garden/version',
      },
    },
    Resources: { Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } } },
  };
  const request = {
    ...{ lab: 'shop', region, template: JSON.stringify(template), templateFile: 't.json' },
    parameters: {},
  };
  const of = (staging: readonly string[]) => prepare({ ...request, staging }, 'ssh-ed25519 A', 's');
  expect(() => of([USUAL])).toThrow('/cdk-bootstrap/garden/version');
  const { stack, problems } = of([OWN]);
  expect({ version: stack.parameters['BootstrapVersion'], problems }).toEqual({
    ...{ version: '30', problems: [] },
  });
});

test('files are in their buckets', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'onsil-bootstrap-'));
  try {
    const objects = createObjectStore(join(folder, 'objects'));
    const file = join(folder, 'kept');
    await writeFile(file, 'one');
    await putAssets(objects, [{ bucket: USUAL, key: 'a/b.txt', file, hash: '1' }]);
    expect((await objects.head(USUAL, 'a/b.txt'))?.size).toBe(3);
    await expect(
      putAssets(objects, [{ bucket: USUAL, key: 'c', file: `${file}.gone`, hash: '2' }]),
    ).rejects.toThrow('ENOENT');
    expect(await objects.head(USUAL, 'c')).toBeUndefined();
  } finally {
    await rm(folder, { recursive: true });
  }
});
