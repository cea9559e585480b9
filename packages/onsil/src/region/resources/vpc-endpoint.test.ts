import { describe, expect, test } from 'vitest';
import { inVpc, refusal, stackOf, warningsOf } from '../../cloudformation/testing.ts';

const endpoint = (properties: string, more = '') =>
  inVpc(`Other: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.9.0.0/16}}
T2: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
T3: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Other}}
Zone: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.3.0/24, AvailabilityZone: ap-northeast-2b}}
Far: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Other, CidrBlock: 10.9.3.0/24}}
Endpoint: {Type: AWS::EC2::VPCEndpoint, Properties: {VpcId: !Ref Vpc, ${properties}}}
${more}`);
const S3 = `ServiceName: !Sub "com.amazonaws.\${AWS::Region}.s3"`;
const SSM = 'VpcEndpointType: Interface, ServiceName: com.amazonaws.ap-northeast-2.ssm';

function made(text: string) {
  const { region, stack } = stackOf(text);
  const idOf = (name: string) => stack.resources[name]?.physicalId ?? '';
  return { region, stack, idOf, endpoint: region.vpcEndpoints[idOf('Endpoint')] };
}

describe('a gateway endpoint', () => {
  test("has a route to the service's prefix list in each of its tables", () => {
    const text = endpoint(`${S3}, RouteTableIds: [!Ref Table, !Ref T2]`);
    const { region, idOf, ...rest } = made(text);
    expect(rest.endpoint).toEqual({
      id: expect.stringMatching(/^vpce-0[0-9a-f]{16}$/),
      vpcId: idOf('Vpc'),
      serviceName: 'com.amazonaws.ap-northeast-2.s3',
      type: 'gateway',
      routeTableIds: [idOf('Table'), idOf('T2')],
      networkInterfaceIds: [],
      tags: {},
    });
    for (const name of ['Table', 'T2']) {
      const [local, added, ...more] = region.routeTables[idOf(name)]?.routes ?? [];
      expect(local?.target.kind).toBe('local');
      expect(added?.target).toEqual({ kind: 'vpc-endpoint', id: rest.endpoint?.id });
      const prefixList = region.prefixLists[added?.destination ?? ''];
      expect(prefixList).toMatchObject({ name: 'com.amazonaws.ap-northeast-2.s3', family: 'ipv4' });
      expect(prefixList).not.toHaveProperty('entries');
      expect(more).toEqual([]);
    }
    expect(warningsOf(stackOf(text))).toEqual([]);
  });
  test.each([
    [
      'ServiceName: com.amazonaws.ap-northeast-2.ssm',
      /ServiceName: "com\.amazonaws\.ap-northeast-2\.ssm" has no gateway endpoint; com\.amazonaws\.ap-northeast-2\.s3, .+ have\. Others need VpcEndpointType: Interface\.$/,
    ],
    [
      'ServiceName: com.amazonaws.us-east-1.s3',
      /ServiceName: "com\.amazonaws\.us-east-1\.s3" has no gateway/,
    ],
    [
      'ServiceName: com.amazonaws.global.cloudfront.origin-facing',
      /ServiceName: "com\.amazonaws\.global\.cloudfront\.origin-facing" has no gateway/,
    ],
    [`${S3}, RouteTableIds: [rtb-1]`, /RouteTableIds\[0\]: "rtb-1" is no route table of this/],
    [
      `${S3}, RouteTableIds: [!Ref T3]`,
      /RouteTableIds: rtb-0\w+ is in vpc-0\w+, the endpoint in vpc-0\w+\.$/,
    ],
    [
      `${S3}, RouteTableIds: [!Ref T2, !Ref T2]`,
      /RouteTableIds: rtb-0\w+ already has a route to pl-\w+ \(com\.amazonaws\.ap-northeast-2\.s3\)\.$/,
    ],
  ])('refuses %s', (properties, message) => {
    const problems = refusal(endpoint(properties));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
  });
});

describe('an interface endpoint', () => {
  test('has one interface in each subnet, with its groups', () => {
    const text = endpoint(
      `${SSM}, SubnetIds: [!Ref Private, !Ref Zone], SecurityGroupIds: [!Ref Group]`,
    );
    const { region, stack, idOf, ...rest } = made(text);
    expect(rest.endpoint).toMatchObject({ type: 'interface', routeTableIds: [] });
    const ids = rest.endpoint?.networkInterfaceIds ?? [];
    expect(ids.map((id) => region.networkInterfaces[id])).toMatchObject(
      ['Private', 'Zone'].map((name) => ({
        subnetId: idOf(name),
        vpcId: idOf('Vpc'),
        privateIps: [expect.stringMatching(name === 'Private' ? /^10\.0\.2\./ : /^10\.0\.3\./)],
        securityGroupIds: [idOf('Group')],
        sourceDestCheck: true,
        managedBy: { kind: 'vpc-endpoint', id: rest.endpoint?.id },
      })),
    );
    expect(stack.resources['Endpoint']?.attributes).toMatchObject({
      NetworkInterfaceIds: ids,
      DnsEntries: [
        expect.stringMatching(/^Z\w+:vpce-0.+\.ssm\.ap-northeast-2\.vpce\.amazonaws\.com$/),
      ],
    });
  });
  test('takes the default group where it names none', () => {
    const { region, endpoint: found, idOf } = made(endpoint(`${SSM}, SubnetIds: [!Ref Private]`));
    const [id = ''] = found?.networkInterfaceIds ?? [];
    expect(region.networkInterfaces[id]?.securityGroupIds).toEqual([
      region.vpcs[idOf('Vpc')]?.defaultSecurityGroupId,
    ]);
  });
  test('names its private DNS and its policy as not modelled', () => {
    const text = endpoint(`${SSM}, PrivateDnsEnabled: true, PolicyDocument: {}`);
    expect(warningsOf(stackOf(text)).map((line) => line.split(': ')[1])).toEqual([
      'PrivateDnsEnabled of AWS::EC2::VPCEndpoint is not modelled',
      'PolicyDocument of AWS::EC2::VPCEndpoint is not modelled',
    ]);
  });
  test.each([
    ['SubnetIds: [!Ref Far]', /SubnetIds\[0\]: subnet-0\w+ is in vpc-0\w+, the endpoint in vpc-/],
    [
      'SubnetIds: [!Ref Private, !Ref Public]',
      /SubnetIds\[1\]: subnet-0\w+ is in ap-northeast-2a as subnet-0\w+; a zone has one interface\.$/,
    ],
    ['SubnetIds: [subnet-1]', /SubnetIds\[0\]: "subnet-1" is no subnet of this region; it has/],
    ['SecurityGroupIds: [sg-1]', /SecurityGroupIds\[0\]: "sg-1" is no security group/],
  ])('refuses %s', (properties, message) => {
    const problems = refusal(endpoint(`${SSM}, ${properties}`));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
  });
});

test('one of a Gateway Load Balancer is a target by name only', () => {
  const route = (name: string) =>
    `${name}: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, VpcEndpointId: !Ref Endpoint}}`;
  const text = endpoint(
    'VpcEndpointType: GatewayLoadBalancer, ServiceName: com.amazonaws.vpce.ap-northeast-2.vpce-svc-1',
    route('R'),
  );
  const { region, idOf } = made(text);
  expect(region.vpcEndpoints).toEqual({});
  expect(region.routeTables[idOf('Table')]?.routes.at(-1)?.target).toEqual({
    kind: 'not-modelled',
    id: expect.stringMatching(/^shop-Endpoint-/),
  });
  expect(warningsOf(stackOf(text))).toHaveLength(2);
  expect(refusal(endpoint(S3, route('R')))[0]).toMatch(
    /VpcEndpointId: vpce-0\w+ is of the type gateway: no target of a route\./,
  );
});
