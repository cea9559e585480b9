import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inVpc, stackOf } from '../../cloudformation/testing.ts';
import { put } from '../../region/region.ts';
import { type LayerInputs, layerKey } from './key.ts';

const STATEMENT = "{Effect: Allow, Action: 's3:GetObject', Resource: '*'}";
/** Every line may be replaced by a test. */
const TEMPLATE = inVpc(`
Role:
  Type: AWS::IAM::Role
  Properties:
    AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: 'sts:AssumeRole'}]}
    Policies: [{PolicyName: p, PolicyDocument: {Version: "2012-10-17", Statement: [${STATEMENT}]}}]
Profile: {Type: AWS::IAM::InstanceProfile, Properties: {Roles: [!Ref Role]}}
Data: {Type: AWS::EC2::Volume, Properties: {Size: 8, AvailabilityZone: ap-northeast-2a}}
Attached: {Type: AWS::EC2::VolumeAttachment, Properties: {VolumeId: !Ref Data, InstanceId: !Ref Box, Device: /dev/sdf}}
Zone: {Type: AWS::Route53::HostedZone, Properties: {Name: shop.internal, VPCs: [{VPCId: !Ref Vpc, VPCRegion: !Ref AWS::Region}]}}
Record: {Type: AWS::Route53::RecordSet, Properties: {HostedZoneId: !Ref Zone, Name: db.shop.internal, Type: A, TTL: 60, ResourceRecords: [10.0.2.9]}}
Other: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-0b, InstanceType: t4g.nano, SubnetId: !Ref Private, PrivateIpAddress: 10.0.2.9}}
Box:
  Type: AWS::EC2::Instance
  Properties:
    ImageId: ami-0a
    InstanceType: t4g.nano
    KeyName: operator
    SubnetId: !Ref Private
    PrivateIpAddress: 10.0.2.7
    AvailabilityZone: ap-northeast-2a
    IamInstanceProfile: !Ref Profile
    SecurityGroupIds: [!Ref Group]
    Tags: [{Key: Name, Value: box}, {Key: Purpose, Value: a}]
    UserData: !Base64 "#!/bin/sh"
`).replace('CidrBlock: 10.0.2.0/24}', 'CidrBlock: 10.0.2.0/24, AvailabilityZone: ap-northeast-2a}');

function inputs(text: string, more: Partial<LayerInputs> = {}): LayerInputs {
  const { region } = stackOf(text);
  const instance = Object.values(region.instances).find(({ logicalId }) => logicalId === 'Box');
  if (instance === undefined) throw new Error('no instance');
  return { imageKey: 'image', region, instance, readable: ['a 1', 'b 2'], ...more };
}

/** The key after one change of the template's text, which must be there. */
function keyAfter(from: string, to: string): string {
  if (!TEMPLATE.includes(from)) throw new Error(`not in the template: ${from}`);
  return layerKey(inputs(TEMPLATE.replace(from, to)));
}

const KEY = layerKey(inputs(TEMPLATE));

test('is short, and the same for equal inputs', () => {
  expect(KEY).toMatch(/^[0-9a-f]{24}$/);
  expect(layerKey(inputs(TEMPLATE))).toBe(KEY);
});

test('changes on purpose only: with every change of it each machine is set up anew', () => {
  expect(KEY).toBe('1ba654bf2c961c20b850b22a');
});

test('another one for another IPv6 address', () => {
  const { region, ...rest } = inputs(TEMPLATE);
  const [id = ''] = rest.instance.networkInterfaceIds;
  const networkInterface = region.networkInterfaces[id];
  if (networkInterface === undefined) throw new Error('no interface');
  const keyWith = (...ipv6Addresses: readonly string[]) =>
    layerKey({
      ...rest,
      region: put(region, 'networkInterfaces', id, { ...networkInterface, ipv6Addresses }),
    });
  const keys = [KEY, keyWith('2001:db8::5'), keyWith('2001:db8::6')];
  expect(new Set(keys).size).toBe(3);
});

describe('another one for another', () => {
  test.each([
    ['user data', '"#!/bin/sh"', '"#!/bin/bash"'],
    ['instance type', 'InstanceType: t4g.nano\n', 'InstanceType: t4g.micro\n'],
    ['address', '10.0.2.7', '10.0.2.8'],
    ['block of its subnet', 'CidrBlock: 10.0.2.0/24', 'CidrBlock: 10.0.2.0/25'],
    ['policy of its role', "'s3:GetObject'", "'s3:PutObject'"],
    ['size of its volume', 'Size: 8', 'Size: 9'],
    ['device of its volume', '/dev/sdf', '/dev/sdg'],
    ['record that it may look up', '[10.0.2.9]', '[10.0.2.10]'],
    ['key pair', '      KeyName: operator\n', ''],
    ['profile', '      IamInstanceProfile: !Ref Profile\n', ''],
  ])('%s', (_what, from, to) => {
    expect(keyAfter(from, to)).not.toBe(KEY);
  });
  test('key of the same name', () => {
    const given = inputs(TEMPLATE);
    const pair = given.region.keyPairs['key-0operator'];
    if (pair === undefined) throw new Error('no key pair');
    const keyPairs = { 'key-0operator': { ...pair, publicKey: 'ssh-ed25519 BBBB' } };
    expect(layerKey({ ...given, region: { ...given.region, keyPairs } })).not.toBe(KEY);
  });
  test('image', () => {
    expect(layerKey(inputs(TEMPLATE, { imageKey: 'other' }))).not.toBe(KEY);
  });
  test('content that it can read, more of it, or less', () => {
    for (const readable of [['a 1', 'b 3'], ['a 1', 'b 2', 'c 3'], ['a 1']]) {
      expect(layerKey(inputs(TEMPLATE, { readable }))).not.toBe(KEY);
    }
  });
});

describe('the same one for another', () => {
  test.each([
    ['tag', 'Value: a}', 'Value: b}'],
    ['instance beside it', 'ami-0b', 'ami-0c'],
    [
      'rule of its security group',
      'GroupName: test',
      'GroupName: test, SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}]',
    ],
  ])('%s', (_what, from, to) => {
    expect(keyAfter(from, to)).toBe(KEY);
  });
  test('order of what it can read', () => {
    const given = inputs(TEMPLATE);
    fc.assert(
      fc.property(
        fc
          .uniqueArray(fc.string())
          .chain((words) =>
            fc.tuple(fc.constant(words), fc.shuffledSubarray(words, { minLength: words.length })),
          ),
        ([words, shuffled]) => {
          const key = (readable: readonly string[]) => layerKey({ ...given, readable });
          expect(key(shuffled)).toBe(key(words));
        },
      ),
    );
  });
});
