import { describe, expect, test } from 'vitest';
import { inVpc, refusal, stackOf, warningsOf } from '../../cloudformation/testing.ts';
import { interfacesOf } from '../lookup.ts';

const AMI = 'ImageId: ami-0123456789abcdef0';
const instance = (properties: string, more = '') =>
  inVpc(`${more}\nI: {Type: AWS::EC2::Instance, Properties: {${AMI}, ${properties}}}`);

function made(text: string, name = 'I') {
  const { region, stack } = stackOf(text);
  const found = region.instances[stack.resources[name]?.physicalId ?? ''];
  if (found === undefined) throw new Error(`${name} is no instance`);
  const volumes = Object.values(region.volumes);
  return { ...found, interfaces: interfacesOf(region, found), volumes, region };
}

describe('network', () => {
  test('the short form: subnet, groups, address', () => {
    const { interfaces, ...rest } = made(
      instance(
        'SubnetId: !Ref Private, SecurityGroupIds: [!Ref Group], PrivateIpAddress: 10.0.2.10, SourceDestCheck: "false"',
      ),
    );
    expect(interfaces).toMatchObject([
      { privateIps: ['10.0.2.10'], sourceDestCheck: false, attachment: { deviceIndex: 0 } },
    ]);
    expect(rest).toMatchObject({
      id: expect.stringMatching(/^i-0[0-9a-f]{16}$/),
      name: 'I',
      zone: 'ap-northeast-2a',
      instanceType: 'm1.small',
      privateDnsName: 'ip-10-0-2-10.ap-northeast-2.compute.internal',
    });
    expect(interfaces[0]?.publicIp).toBeUndefined();
  });
  test('a subnet that maps public addresses gives one, and a public name', () => {
    const text = instance('SubnetId: !Ref Public');
    const publicIp = made(text).interfaces[0]?.publicIp ?? '';
    expect(publicIp).toMatch(/^198\.18\./);
    expect(stackOf(text).stack.resources['I']?.attributes).toMatchObject({
      PublicIp: publicIp,
      PublicDnsName: `ec2-${publicIp.replaceAll('.', '-')}.ap-northeast-2.compute.amazonaws.com`,
    });
  });
  test.each([
    ['true', 'Private', true],
    ['false', 'Public', false],
  ])('AssociatePublicIpAddress: %s in %s', (associate, subnet, has) => {
    const text = instance(
      `NetworkInterfaces: [{DeviceIndex: "0", AssociatePublicIpAddress: ${associate}, SubnetId: !Ref ${subnet}, GroupSet: [!Ref Group]}]`,
    );
    expect(made(text).interfaces[0]?.publicIp !== undefined).toBe(has);
    expect(warningsOf(stackOf(text))).toEqual([]);
  });
  test('existing and inline interfaces, by device index', () => {
    const { interfaces, region } = made(
      instance(
        'NetworkInterfaces: [{DeviceIndex: 1, SubnetId: !Ref Private}, {DeviceIndex: 0, NetworkInterfaceId: !Ref Eni}]',
        'Eni: {Type: AWS::EC2::NetworkInterface, Properties: {SubnetId: !Ref Public}}',
      ),
    );
    const cidrs = interfaces.map(({ subnetId }) => region.subnets[subnetId]?.cidr);
    expect(cidrs).toEqual(['10.0.1.0/24', '10.0.2.0/24']);
  });
  test.each([
    [
      'NetworkInterfaces: [{DeviceIndex: 1, SubnetId: !Ref Private}]',
      'NetworkInterfaces: The instance has no interface with DeviceIndex 0.',
    ],
    [
      'InstanceType: t4g.nano',
      'SubnetId: The instance would go to the default VPC, and this region has none. Give the SubnetId of a subnet.',
    ],
    [
      'SubnetId: !Ref Public, AvailabilityZone: ap-northeast-2c',
      'AvailabilityZone: "ap-northeast-2c" is not the zone of the subnet: ap-northeast-2a.',
    ],
    [
      'SubnetId: !Ref Public, KeyName: me',
      'KeyName: "me" is not a key pair of this region; it has operator. Add an AWS::EC2::KeyPair with PublicKeyMaterial, or name one that exists.',
    ],
    [
      'SubnetId: !Ref Public, IamInstanceProfile: admin',
      'IamInstanceProfile: "admin" is not an instance profile of this region; it has none.',
    ],
    [
      'SubnetId: !Ref Public, UserData: "#!/bin/sh"',
      'UserData: The user data is not base64. Wrap it in Fn::Base64.',
    ],
  ])('refuses %s', (properties, message) => {
    expect(refusal(instance(properties))).toEqual([`Resources.I.Properties.${message}`]);
  });
});

describe('machine', () => {
  test('user data is decoded', () => {
    expect(
      made(instance('SubnetId: !Ref Public, UserData: !Base64 "#!/bin/sh\\necho 안녕"')).userData,
    ).toBe('#!/bin/sh\necho 안녕');
  });
  test('user data has a limit', () => {
    const text = instance(`SubnetId: !Ref Public, UserData: !Base64 ${'x'.repeat(16_385)}`);
    expect(refusal(text)).toEqual([
      'Resources.I.Properties.UserData: The user data has 16385 bytes; AWS allows 16384. Fetch the long part from S3.',
    ]);
  });
  test('metadata options directly and by default', () => {
    const direct = instance(
      'SubnetId: !Ref Public, MetadataOptions: {HttpTokens: required, HttpPutResponseHopLimit: 2}',
    );
    expect(made(direct).metadataOptions).toEqual({
      enabled: true,
      httpTokens: 'required',
      hopLimit: 2,
    });
    expect(made(instance('SubnetId: !Ref Public')).metadataOptions).toEqual({
      enabled: true,
      httpTokens: 'optional',
      hopLimit: 1,
    });
  });
  test.each(['LaunchTemplateId: !Ref Template', 'LaunchTemplateName: mine'])(
    'a launch template by %s',
    (reference) => {
      const text = instance(
        `SubnetId: !Ref Public, InstanceType: t4g.nano, LaunchTemplate: {${reference}, Version: !GetAtt Template.LatestVersionNumber}`,
        `
Template:
  Type: AWS::EC2::LaunchTemplate
  Properties:
    LaunchTemplateName: mine
    LaunchTemplateData:
      InstanceType: t4g.large
      KeyName: operator
      MetadataOptions: {HttpTokens: required}
      TagSpecifications: [{ResourceType: instance, Tags: [{Key: Name, Value: web}]}]
      Foo: bar`,
      );
      expect(made(text)).toMatchObject({
        name: 'web',
        instanceType: 't4g.nano',
        keyName: 'operator',
        metadataOptions: { httpTokens: 'required' },
      });
      expect(warningsOf(stackOf(text))).toEqual([
        'Resources.Template.Properties.LaunchTemplateData.Foo: Foo of AWS::EC2::LaunchTemplate is not modelled: it has no effect here.',
      ]);
    },
  );
  test('root and extra volumes', () => {
    const { volumes, rootVolumeId, id } = made(
      instance(
        'SubnetId: !Ref Public, BlockDeviceMappings: [{DeviceName: /dev/xvda, Ebs: {VolumeSize: 20, VolumeType: gp3, Encrypted: true}}, {DeviceName: /dev/sdf, Ebs: {VolumeSize: "5"}}]',
      ),
    );
    expect(volumes).toMatchObject([
      {
        id: rootVolumeId,
        size: 20,
        encrypted: true,
        root: true,
        attachment: { instanceId: id, device: '/dev/xvda' },
      },
      {
        size: 5,
        encrypted: false,
        root: false,
        attachment: { instanceId: id, device: '/dev/sdf' },
      },
    ]);
  });
  test('a volume of its own, attached', () => {
    const { volumes } = made(
      instance(
        'SubnetId: !Ref Public',
        `
Data: {Type: AWS::EC2::Volume, DeletionPolicy: Snapshot, Properties: {Size: 10, AvailabilityZone: !GetAtt Public.AvailabilityZone, Encrypted: true}}
Mount: {Type: AWS::EC2::VolumeAttachment, Properties: {InstanceId: !Ref I, VolumeId: !Ref Data, Device: /dev/sdf}}`,
      ),
    );
    expect(volumes.find(({ root }) => !root)).toMatchObject({
      size: 10,
      encrypted: true,
      attachment: { device: '/dev/sdf' },
    });
  });
  test('refuses a volume of another zone', () => {
    const text = instance(
      'SubnetId: !Ref Public, Volumes: [{Device: /dev/sdf, VolumeId: !Ref Data}]',
      'Data: {Type: AWS::EC2::Volume, Properties: {Size: 10, AvailabilityZone: ap-northeast-2c}}',
    );
    expect(refusal(text)[0]).toMatch(
      /^Resources\.I\.Properties\.Volumes\[0\]\.VolumeId: vol-0\w+ is in ap-northeast-2c, the instance in ap-northeast-2a\.$/,
    );
  });
  test('names are unique: the logical id is added', () => {
    const tags = 'SubnetId: !Ref Public, Tags: [{Key: Name, Value: api}]';
    const text = instance(tags, `J: {Type: AWS::EC2::Instance, Properties: {${AMI}, ${tags}}}`);
    expect(made(text, 'J').name).toBe('api');
    expect(made(text, 'I').name).toBe('api-I');
    expect(warningsOf(stackOf(text))).toEqual([
      'Resources.I.Properties.Tags: There is already an instance "api": this one is called "api-I". Give each instance a Name tag of its own.',
    ]);
  });
});

test('AWS::EC2::KeyPair keeps a public key, and generates none', () => {
  const key = (more: string) =>
    `Resources: {K: {Type: AWS::EC2::KeyPair, Properties: {KeyName: mine${more}}}}`;
  const { region, stack } = stackOf(key(', PublicKeyMaterial: "ssh-ed25519 AAAA me"'));
  expect(Object.values(region.keyPairs)[1]).toMatchObject({
    name: 'mine',
    publicKey: 'ssh-ed25519 AAAA me',
  });
  expect(stack.resources['K']?.physicalId).toBe('mine');
  expect(refusal(key(''))).toEqual([
    'Resources.K.Properties.PublicKeyMaterial: AWS would generate the key here; onsil does not. Give the public key of yours in OpenSSH form, e.g. ssh-ed25519 AAAA….',
  ]);
  expect(refusal(key(', PublicKeyMaterial: x'))[0]).toContain(
    'This is not a public key in OpenSSH form',
  );
});
