/** Forms that CloudFormation takes although no schema would. */
import { expect, test } from 'vitest';
import { stackOf, testRegion, warningsOf } from './testing.ts';

const resources = (more: string) => `Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
${more.replace(/^/gm, '  ')}`;

test.each([
  ['tcp', 6],
  ['TCP', 6],
  ['6', 6],
  ['"6"', 6],
  ['Udp', 17],
  ['"-1"', -1],
  ['-1', -1],
  ['icmp', 1],
  ['icmpv6', 58],
  ['50', 50],
])('the protocol %s', (protocol, number) => {
  const { region } = stackOf(
    resources(
      `G: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Vpc, GroupDescription: d, GroupName: g, SecurityGroupIngress: {IpProtocol: ${protocol}, FromPort: '80', ToPort: 80, CidrIp: 10.0.0.0/8}}}`,
    ),
  );
  const group = Object.values(region.securityGroups).find(({ name }) => name === 'g');
  expect(group?.ingress.map((rule) => rule.protocol)).toEqual([number]);
  if (number === 6) expect(group?.ingress[0]).toMatchObject({ fromPort: 80, toPort: 80 });
});

test.each([
  ['true', true],
  ['"True"', true],
  ['1', true],
  ['"1"', true],
  ['TRUE', true],
  ['0', false],
  ['"False"', false],
])('the boolean %s', (written, value) => {
  const { region } = stackOf(
    `Resources:\n  V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16, EnableDnsHostnames: ${written}}}`,
  );
  expect(Object.values(region.vpcs)[0]?.dnsHostnames).toBe(value);
});

test('one object for a list, one text for a list, host bits, and text as it was written', () => {
  const result = stackOf(
    `${resources(`Net: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.9/24, Tags: {Key: Account, Value: 027434742980}}}
G: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Vpc, GroupDescription: 000500}}
Eni: {Type: AWS::EC2::NetworkInterface, Properties: {SubnetId: !Ref Net, GroupSet: !Ref G}}`)}
Outputs:
  A: {Value: 000500}
  B: {Value: 2010-09-09}
  C: {Value: !Join ['-', [0o17, 1e3, 1.10, true]]}
`,
  );
  const { region, stack } = result;
  expect(Object.values(region.subnets)[0]).toMatchObject({
    ...{ cidr: '10.0.1.0/24', tags: { Account: '027434742980' } },
  });
  const group = stack.resources['G']?.physicalId ?? '';
  expect(region.securityGroups[group]?.description).toBe('000500');
  expect(Object.values(region.networkInterfaces)[0]?.securityGroupIds).toEqual([group]);
  expect(Object.values(stack.outputs).map(({ value }) => value)).toEqual([
    '000500',
    '2010-09-09',
    '0o17-1e3-1.10-true',
  ]);
  expect(warningsOf(result)).toEqual([
    'Resources.Net.Properties.CidrBlock: "10.0.1.9/24" has host bits set; AWS makes it 10.0.1.0/24. Write 10.0.1.0/24.',
  ]);
});

test('JSON has the same text: numbers and booleans of it are written out', () => {
  const text = JSON.stringify({
    Resources: {
      V: {
        Type: 'AWS::EC2::VPC',
        Properties: { CidrBlock: '10.0.0.0/16', EnableDnsSupport: false },
      },
      P: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: 80 } },
    },
  });
  const { region, stack } = stackOf(text);
  expect(Object.values(region.vpcs)[0]?.dnsSupport).toBe(false);
  expect(region.parameters[stack.resources['P']?.physicalId ?? '']?.value).toBe('80');
});

test('functions of the language extensions', () => {
  const { stack } = stackOf(`Transform: AWS::LanguageExtensions
Mappings: {M: {a: {b: 1}}}
Resources: {W: {Type: AWS::EC2::InternetGateway}}
Outputs:
  L: {Value: !Length [a, b, c]}
  J: {Value: {Fn::ToJsonString: {a: !Ref AWS::Region, b: [true]}}}
  F: {Value: !FindInMap [M, x, y, {DefaultValue: !Ref AWS::Region}]}`);
  expect(Object.values(stack.outputs).map(({ value }) => value)).toEqual([
    '3',
    '{"a":"ap-northeast-2","b":[true]}',
    'ap-northeast-2',
  ]);
});

test('attributes that a recorded type has on AWS, but not here, are stand-ins', () => {
  const { stack } = stackOf(`Resources:
  F: {Type: AWS::Lambda::Function}
Outputs: {A: {Value: !GetAtt F.Arn}, B: {Value: !GetAtt F.SnapStartResponse.ApplyOn}}`);
  expect(stack.outputs['A']?.value).toMatch(
    /^arn:aws:lambda:ap-northeast-2:123456789012:function:shop-F-\w{12}$/,
  );
  expect(stack.outputs['B']?.value).toMatch(/snapstartresponse\.applyon$/);
});

test('values that the parameter store has, in a property and in a parameter', () => {
  const region = testRegion();
  const stored = { name: '/net/block', type: 'String', value: '10.9.0.0/16' } as const;
  const list = { name: '/net/zones', type: 'StringList', value: 'a,b' } as const;
  const parameters = { ...region.parameters, '/net/block': stored, '/net/zones': list };
  const { stack, region: next } = stackOf(
    `Parameters: {Zones: {Type: 'AWS::SSM::Parameter::Value<List<String>>', Default: /net/zones}}
Resources: {V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: '{{resolve:ssm:/net/block:1}}'}}}
Outputs: {Z: {Value: !Select [1, !Ref Zones]}}`,
    {},
    { ...region, parameters },
  );
  expect(Object.values(next.vpcs)[0]?.cidrs).toEqual(['10.9.0.0/16']);
  expect(stack.outputs['Z']?.value).toBe('b');
});
