import { expect, test } from 'vitest';
import { inVpc, stackOf } from '../../cloudformation/testing.ts';
import { chooseImage } from '../image/choose.ts';
import { describeInstance, describeManaged } from './status.ts';

const { region } = stackOf(
  inVpc(`
Named:
  Type: AWS::EC2::Subnet
  Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.3.0/24, Tags: [{Key: Name, Value: app}]}
Ip: {Type: AWS::EC2::EIP, Properties: {InstanceId: !Ref A}, DependsOn: Attachment}
A:
  Type: AWS::EC2::Instance
  Properties:
    ImageId: ami-0a
    SubnetId: !Ref Named
    PrivateIpAddress: 10.0.3.7
    SecurityGroupIds: [!Ref Group]
    Tags: [{Key: Name, Value: api-1}, {Key: Purpose, Value: answers requests}]
B: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-0a, SubnetId: !Ref Private, PrivateIpAddress: 10.0.2.7}}
`),
);
const [a, b] = ['api-1', 'B'].map((name) => {
  const found = Object.values(region.instances).find((instance) => instance.name === name);
  if (found === undefined) throw new Error(`no instance ${name}`);
  return describeInstance(region, found, {
    ...{ state: 'running', setup: 'done', reason: null, image: chooseImage(found.imageId, []) },
  });
});

test('an instance with a name, a public address and a purpose', () => {
  expect(a).toEqual({
    name: 'api-1',
    id: expect.stringMatching(/^i-[0-9a-f]{17}$/),
    state: 'running',
    setup: 'done',
    reason: null,
    image: { ami: 'ami-0a', name: null, os: null, runs: 'debian-12', standsIn: true },
    privateIp: '10.0.3.7',
    publicIp: Object.values(region.elasticIps)[0]?.publicIp,
    subnet: 'app',
    securityGroups: ['test'],
    purpose: 'answers requests',
  });
  expect(a?.publicIp).toMatch(/^198\.18\./);
});

test('one without is named as in the template', () => {
  const subnet = Object.values(region.subnets).find(({ cidr }) => cidr === '10.0.2.0/24');
  expect(b).toMatchObject({
    ...{ name: 'B', privateIp: '10.0.2.7', publicIp: null, subnet: subnet?.id, purpose: '' },
    securityGroups: ['default'],
  });
});

test('what AWS would run is listed apart, with its addresses', () => {
  const [eni = ''] = Object.values(region.instances).flatMap((each) => each.networkInterfaceIds);
  const machine = {
    ...{ id: 'elb-1', name: 'Web', type: 'Application Load Balancer', vpcId: '' },
    ...{ networkInterfaceIds: [eni], files: [], units: [] },
  };
  const list = () => [{ machine, state: 'failed' as const, reason: 'no way' }];
  expect(describeManaged(region, { list }, (id) => `detail of ${id}`)).toEqual([
    {
      ...{ name: 'Web', id: 'elb-1', type: 'Application Load Balancer' },
      ...{ state: 'failed', reason: 'no way', detail: 'detail of elb-1' },
      privateIps: region.networkInterfaces[eni]?.privateIps,
      publicIps: [a?.publicIp],
    },
  ]);
});
