import { describe, expect, test } from 'vitest';
import { inVpc, refusal, stackOf } from '../../cloudformation/testing.ts';
import { contains } from '../ipv4.ts';

const eni = (properties: string) =>
  inVpc(
    `Eni: {Type: AWS::EC2::NetworkInterface, Properties: {SubnetId: !Ref Public, ${properties}}}`,
  );
function made(text: string, name = 'Eni') {
  const { region, stack } = stackOf(text);
  const found = region.networkInterfaces[stack.resources[name]?.physicalId ?? ''];
  if (found === undefined) throw new Error(`${name} is no interface`);
  return found;
}

describe('AWS::EC2::NetworkInterface', () => {
  test('draws an address in its subnet and takes the default group', () => {
    const { region } = stackOf(eni(''));
    const { privateIps, ...rest } = made(eni(''));
    expect(contains('10.0.1.0/24', privateIps[0] ?? '')).toBe(true);
    expect(rest).toMatchObject({
      id: expect.stringMatching(/^eni-0[0-9a-f]{16}$/),
      securityGroupIds: [Object.values(region.vpcs)[0]?.defaultSecurityGroupId],
      sourceDestCheck: true,
      macAddress: expect.stringMatching(/^02:/),
    });
    // Automatic public addresses belong to instances.
    expect(rest.publicIp).toBeUndefined();
  });
  test('keeps the addresses that it is given, the primary one first', () => {
    const text = eni(
      'GroupSet: [!Ref Group], SourceDestCheck: "false", PrivateIpAddresses: [{PrivateIpAddress: 10.0.1.21, Primary: "false"}, {PrivateIpAddress: 10.0.1.20, Primary: "true"}]',
    );
    expect(made(text)).toMatchObject({
      privateIps: ['10.0.1.20', '10.0.1.21'],
      sourceDestCheck: false,
    });
    expect(stackOf(text).stack.resources['Eni']?.attributes).toMatchObject({
      PrimaryPrivateIpAddress: '10.0.1.20',
      SecondaryPrivateIpAddresses: ['10.0.1.21'],
    });
  });
  test('draws further addresses', () => {
    const addresses = made(eni('SecondaryPrivateIpAddressCount: 3')).privateIps;
    expect(new Set(addresses).size).toBe(4);
  });
  test.each([
    ['10.0.2.5', '"10.0.2.5" is not inside 10.0.1.0/24, the block of subnet-'],
    [
      '10.0.1.3',
      '"10.0.1.3" is reserved: AWS keeps the first four and the last address of 10.0.1.0/24.',
    ],
    ['10.0.1.255', '"10.0.1.255" is reserved'],
    ['10.0.1.5junk', '"10.0.1.5junk" is not an IPv4 address.'],
  ])('refuses the address %s', (address, message) => {
    const [problem, ...more] = refusal(eni(`PrivateIpAddress: ${address}`));
    expect(problem).toContain(`Resources.Eni.Properties.PrivateIpAddress: ${message}`);
    expect(more).toEqual([]);
  });
  test('refuses an address that is taken', () => {
    const text = `${eni('PrivateIpAddress: 10.0.1.20')}  Two: {Type: AWS::EC2::NetworkInterface, Properties: {SubnetId: !Ref Public, PrivateIpAddress: 10.0.1.20}}`;
    expect(refusal(text)[0]).toMatch(
      /^Resources\.Two\.Properties\.PrivateIpAddress: "10\.0\.1\.20" is already in use in subnet-0\w+\.$/,
    );
  });
  test('refuses a group that is not there', () => {
    expect(refusal(eni('GroupSet: [sg-1]'))[0]).toMatch(
      /^Resources\.Eni\.Properties\.GroupSet\[0\]: "sg-1" is no security group; the subnet is in vpc-0\w+\.$/,
    );
  });
});

const BASTION = `
Bastion: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-0123456789abcdef0, SubnetId: !Ref Public}}
`;

describe('AWS::EC2::NetworkInterfaceAttachment', () => {
  const attachment = (index: number) =>
    inVpc(`${BASTION}
Eni: {Type: AWS::EC2::NetworkInterface, Properties: {SubnetId: !Ref Private}}
A: {Type: AWS::EC2::NetworkInterfaceAttachment, Properties: {InstanceId: !Ref Bastion, NetworkInterfaceId: !Ref Eni, DeviceIndex: ${index}}}`);
  test('adds the interface at its index', () => {
    const { region, stack } = stackOf(attachment(1));
    const instance = region.instances[stack.resources['Bastion']?.physicalId ?? ''];
    expect(instance?.networkInterfaceIds[1]).toBe(stack.resources['Eni']?.physicalId);
    expect(made(attachment(1)).attachment).toEqual({ instanceId: instance?.id, deviceIndex: 1 });
  });
  test('refuses an index that is taken', () => {
    expect(refusal(attachment(0))[0]).toMatch(/DeviceIndex: i-0\w+ already has eni-0\w+ at 0\.$/);
  });
});

describe('AWS::EC2::EIP', () => {
  test('an address of the public pool, by Ref', () => {
    const { region, stack } = stackOf(inVpc('Eip: {Type: AWS::EC2::EIP}'));
    const [address] = Object.values(region.elasticIps);
    expect(contains('198.18.0.0/16', address?.publicIp ?? '')).toBe(true);
    expect(stack.resources['Eip']).toMatchObject({
      physicalId: address?.publicIp,
      attributes: { AllocationId: address?.id },
    });
  });
  test.each([
    [
      'its instance',
      `${BASTION}\nEip: {Type: AWS::EC2::EIP, Properties: {InstanceId: !Ref Bastion}}`,
    ],
    [
      'an association by allocation id',
      `${BASTION}\nEip: {Type: AWS::EC2::EIP}\nA: {Type: AWS::EC2::EIPAssociation, Properties: {AllocationId: !GetAtt Eip.AllocationId, InstanceId: !Ref Bastion}}`,
    ],
    [
      'an association by address',
      `${BASTION}\nEip: {Type: AWS::EC2::EIP}\nA: {Type: AWS::EC2::EIPAssociation, Properties: {EIP: !Ref Eip, InstanceId: !Ref Bastion}}`,
    ],
  ])('is associated by %s', (_how, resources) => {
    const { region } = stackOf(inVpc(resources));
    const instance = Object.values(region.instances)[0];
    const primary = instance?.networkInterfaceIds[0] ?? '';
    expect(Object.values(region.elasticIps)[0]?.association).toEqual({
      id: expect.stringMatching(/^eipassoc-0/),
      networkInterfaceId: primary,
      privateIp: region.networkInterfaces[primary]?.privateIps[0],
    });
  });
  test('refuses a second one for the same private address', () => {
    const text = inVpc(
      `${BASTION}\nA: {Type: AWS::EC2::EIP, Properties: {InstanceId: !Ref Bastion}}\nB: {Type: AWS::EC2::EIP, Properties: {InstanceId: !Ref Bastion}}`,
    );
    expect(refusal(text)[0]).toMatch(
      /^Resources\.B\.Properties: 10\.0\.1\.\d+ of eni-0\w+ already has the Elastic IP 198\.18\./,
    );
  });
});
