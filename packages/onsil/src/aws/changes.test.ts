import { expect, test } from 'vitest';
import { parseTemplate } from '../cloudformation/parse.ts';
import { endings, endingsOfAll, resourceChanges } from './changes.ts';
import { templateDiff } from './template-diff.ts';

const instance = (properties: object, more: object = {}) => ({
  ...{ Type: 'AWS::EC2::Instance', Properties: properties },
  ...more,
});
const volume = (size: number, policy?: string) => ({
  Type: 'AWS::EC2::Volume',
  ...(policy === undefined ? {} : { DeletionPolicy: policy, UpdateReplacePolicy: policy }),
  Properties: { Size: size, AvailabilityZone: 'ap-northeast-2a' },
});
const text = (resources: object): string => JSON.stringify({ Resources: resources });

async function changed(before: object, after: object) {
  return resourceChanges(await templateDiff(text(before), text(after)));
}

test('what a change comes to is what AWS’s specification says', async () => {
  const changes = await changed(
    {
      Web: instance({ ImageId: 'ami-1', InstanceType: 't3.micro' }),
      Old: { Type: 'AWS::EC2::InternetGateway' },
    },
    {
      Web: instance({ ImageId: 'ami-2', InstanceType: 't3.micro' }),
      New: { Type: 'AWS::EC2::InternetGateway' },
    },
  );
  expect(changes.map(({ logicalId, kind }) => [logicalId, kind])).toEqual(
    expect.arrayContaining([
      ['Web', 'replace'],
      ['Old', 'remove'],
      ['New', 'add'],
    ]),
  );
  const web = changes.find(({ logicalId }) => logicalId === 'Web');
  expect(web?.properties).toEqual([{ name: 'ImageId', replaces: true }]);
  expect(endings(changes).map(({ logicalId }) => logicalId)).toEqual(['Web']);
});

test('an update in place ends nothing', async () => {
  const changes = await changed({ Data: volume(8) }, { Data: volume(16) });
  expect(changes).toMatchObject([{ logicalId: 'Data', kind: 'update' }]);
  expect(endings(changes)).toEqual([]);
});

test('what is removed is deleted, unless its policy keeps it', async () => {
  const before = { A: volume(8), B: volume(8, 'Retain'), C: volume(8, 'Snapshot') };
  const changes = await changed(before, { Gate: { Type: 'AWS::EC2::InternetGateway' } });
  expect(endings(changes).map(({ logicalId, kept }) => [logicalId, kept])).toEqual([
    ['A', 'deleted'],
    ['B', 'kept'],
    ['C', 'kept as a snapshot'],
  ]);
});

test('the deployed template may be YAML', async () => {
  const yaml =
    'Resources:\n  Data:\n    Type: AWS::EC2::Volume\n    Properties:\n      Size: 8\n      AvailabilityZone: ap-northeast-2a\n';
  const diff = await templateDiff(yaml, text({ Data: volume(8) }));
  expect(resourceChanges(diff)).toEqual([]);
});

test('of a whole stack, everything with data or a policy is named', () => {
  const template = parseTemplate(
    text({ A: volume(8), B: volume(8, 'Snapshot'), C: { Type: 'AWS::EC2::InternetGateway' } }),
    'stack',
  );
  expect(endingsOfAll(template)).toEqual([
    { logicalId: 'A', type: 'AWS::EC2::Volume', kept: 'deleted' },
    { logicalId: 'B', type: 'AWS::EC2::Volume', kept: 'kept as a snapshot' },
  ]);
});
