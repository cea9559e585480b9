import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { publicAddresses } from '../region/elastic-ip.ts';
import { instanceByName, interfacesOf, routeTableOf } from '../region/lookup.ts';
import { parseTemplate } from './parse.ts';
import { createStack } from './stack.ts';
import { inVpc, refusal, stackOf, testRegion } from './testing.ts';

/** The article's system, as far as its network goes. */
const INSTANCES = {
  bastion: ['Public', 'Bastion'],
  nat: ['Public', 'NatGroup'],
  edge: ['Public', 'Edge'],
  web: ['App', 'Private'],
  gateway: ['App', 'Private'],
  'api-1': ['App', 'Private'],
  'api-2': ['App', 'Private'],
  database: ['Data', 'Database'],
} as const;
const tcp = (port: number, from: string) =>
  `{IpProtocol: tcp, FromPort: ${port}, ToPort: ${port}, ${from}}`;
const from = (group: string) => `SourceSecurityGroupId: !Ref ${group}`;
const ARTICLE = `
Parameters:
  Admin: {Type: String, AllowedPattern: '\\d+\\.\\d+\\.\\d+\\.\\d+/32'}
  Image: {Type: "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", Default: /aws/service/debian/release/12/latest/arm64}
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Igw: {Type: AWS::EC2::InternetGateway}
  Attachment: {Type: AWS::EC2::VPCGatewayAttachment, Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Igw}}
${['Public', 'App', 'Data']
  .map(
    (tier, index) => `
  ${tier}: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: !Select [${index}, !Cidr [!GetAtt Vpc.CidrBlock, 3, 8]], MapPublicIpOnLaunch: ${index === 0}}}
  ${tier}Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  ${tier}Association: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref ${tier}, RouteTableId: !Ref ${tier}Table}}
  ${tier}Default: {Type: AWS::EC2::Route, DependsOn: Attachment, Properties: {RouteTableId: !Ref ${tier}Table, DestinationCidrBlock: 0.0.0.0/0, ${index === 0 ? 'GatewayId: !Ref Igw' : 'InstanceId: !Ref nat'}}}`,
  )
  .join('')}
  Bastion: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Vpc, GroupDescription: bastion, SecurityGroupIngress: [${tcp(22, 'CidrIp: !Ref Admin')}, ${tcp(443, 'CidrIp: !Ref Admin')}]}}
  NatGroup: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Vpc, GroupDescription: nat, SecurityGroupIngress: [{IpProtocol: -1, CidrIp: !GetAtt Vpc.CidrBlock}]}}
  Edge: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Vpc, GroupDescription: edge, SecurityGroupIngress: [${tcp(80, 'CidrIp: 0.0.0.0/0')}, ${tcp(443, 'CidrIp: 0.0.0.0/0')}]}}
  Private: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Vpc, GroupDescription: private, SecurityGroupIngress: [${[tcp(22, from('Bastion')), ...[8080, 3000, 80, 443].map((port) => tcp(port, from('Edge')))].join(', ')}]}}
  PrivateSelf: {Type: AWS::EC2::SecurityGroupIngress, Properties: {GroupId: !Ref Private, IpProtocol: tcp, FromPort: 8080, ToPort: 8080, ${from('Private')}}}
  Database: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Vpc, GroupDescription: database, SecurityGroupIngress: [${tcp(22, from('Bastion'))}, ${tcp(3306, from('Private'))}]}}
${Object.entries(INSTANCES)
  .map(
    ([name, [subnet, group]]) =>
      `  ${name.replace('-', '')}: {Type: AWS::EC2::Instance, Properties: {ImageId: !Ref Image, InstanceType: t4g.nano, SubnetId: !Ref ${subnet}, SecurityGroupIds: [!Ref ${group}], SourceDestCheck: ${name !== 'nat'}, KeyName: operator, Tags: [{Key: Name, Value: ${name}}]}}`,
  )
  .join('\n')}
  EdgeAddress: {Type: AWS::EC2::EIP, Properties: {InstanceId: !Ref edge}}
  NatAddress: {Type: AWS::EC2::EIP, Properties: {InstanceId: !Ref nat}}
  Zone: {Type: AWS::Route53::HostedZone, Properties: {Name: everydaehwa.net}}
  Apex: {Type: AWS::Route53::RecordSet, Properties: {HostedZoneId: !Ref Zone, Name: everydaehwa.net, Type: A, TTL: 300, ResourceRecords: [!Ref EdgeAddress]}}
Outputs:
  Site: {Value: !Ref EdgeAddress, Description: of the edge, Export: {Name: !Sub "\${AWS::StackName}-site"}}
Metadata: {onsil: {site: everydaehwa.net}}
`;
const options = {
  stackName: 'everydaehwa',
  parameters: { Admin: '198.51.100.10/32' },
  secret: 's',
};

describe("the article's system", () => {
  const { region, stack, problems } = stackOf(ARTICLE, options);

  test('is wholly modelled', () => {
    expect(problems).toEqual([]);
    expect(Object.values(stack.resources).every(({ status }) => status === 'modelled')).toBe(true);
  });
  test('has its eight instances, in their subnets and groups', () => {
    for (const [name, [subnet, group]] of Object.entries(INSTANCES)) {
      const instance = instanceByName(region, name);
      expect(instance?.subnetId).toBe(stack.resources[subnet]?.physicalId);
      expect(instance && interfacesOf(region, instance)[0]?.securityGroupIds).toEqual([
        stack.resources[group]?.physicalId,
      ]);
    }
    expect(Object.keys(region.instances)).toHaveLength(8);
  });
  test('routes the public tier to the gateway and both private ones to the NAT instance', () => {
    const nat = instanceByName(region, 'nat')?.networkInterfaceIds[0];
    const targets = ['Public', 'App', 'Data'].map((tier) => {
      const table = routeTableOf(region, stack.resources[tier]?.physicalId ?? '');
      return table?.routes.find(({ destination }) => destination === '0.0.0.0/0')?.target;
    });
    expect(targets).toEqual([
      { kind: 'internet-gateway', id: stack.resources['Igw']?.physicalId },
      { kind: 'network-interface', id: nat },
      { kind: 'network-interface', id: nat },
    ]);
  });
  test('has public addresses for the public tier alone, Elastic ones for edge and nat', () => {
    const names = publicAddresses(region).map(({ networkInterfaceId }) => {
      const owner = region.networkInterfaces[networkInterfaceId]?.attachment?.instanceId ?? '';
      return region.instances[owner]?.name;
    });
    expect(names).toHaveLength(3);
    expect(new Set(names)).toEqual(new Set(['bastion', 'edge', 'nat']));
    expect(Object.keys(region.elasticIps)).toHaveLength(2);
  });
  test('gives outputs, metadata and direct dependencies', () => {
    expect(stack.outputs['Site']).toEqual({
      value: stack.resources['EdgeAddress']?.physicalId,
      description: 'of the edge',
      exportName: 'everydaehwa-site',
    });
    expect(stack.metadata).toEqual({ onsil: { site: 'everydaehwa.net' } });
    expect(stack.resources['AppDefault']?.dependsOn).toEqual(['Attachment', 'AppTable', 'nat']);
  });
  test('is the same every time, byte for byte', () => {
    const again = stackOf(ARTICLE, options);
    expect(JSON.stringify([again.region, again.stack, again.problems])).toBe(
      JSON.stringify([region, stack, problems]),
    );
  });
  test('does not depend on the order of the template', () => {
    const template = parseTemplate(ARTICLE, 'vpc.yaml');
    const entries = Object.entries(template.resources);
    // An instance type that is changed in place must not touch addresses: nothing ties here.
    fc.assert(
      fc.property(fc.shuffledSubarray(entries, { minLength: entries.length }), (shuffled) => {
        const resources = Object.fromEntries(shuffled);
        const other = createStack(testRegion(), { ...template, resources }, options);
        expect(other.stack.resources).toEqual(
          Object.fromEntries(
            Object.entries(stack.resources).map(([name, resource]) => [
              name,
              { ...resource, dependsOn: expect.arrayContaining([...resource.dependsOn]) },
            ]),
          ),
        );
        expect(other.region.networkInterfaces).toEqual(region.networkInterfaces);
        expect(other.region.elasticIps).toEqual(region.elasticIps);
      }),
      { numRuns: 30 },
    );
  });
  test('has other ids under another name', () => {
    const other = stackOf(ARTICLE, { ...options, stackName: 'twin' }).stack;
    expect(other.resources['Vpc']?.physicalId).not.toBe(stack.resources['Vpc']?.physicalId);
  });
  test('leaves the region it was given alone', () => {
    const before = testRegion();
    const copy = structuredClone(before);
    stackOf(ARTICLE, options, before);
    expect(before).toEqual(copy);
  });
});

test('everything wrong is told at once, with file, line and column, and what waits for it is not blamed', () => {
  const text = inVpc(`
One: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.1.0.0/24}}
InOne: {Type: AWS::EC2::NetworkInterface, Properties: {SubnetId: !Ref One}}
Two: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: !Select [7, [a]]}}
Three: {Type: AWS::EC2::EIP, Properties: {InstanceId: i-1}}`);
  expect(refusal(text)).toHaveLength(3);
  try {
    stackOf(text);
  } catch (error) {
    expect(error).toMatchObject({ name: 'TemplateError', fileName: 'vpc.yaml', line: 19 });
    expect(String(error)).toContain('vpc.yaml:19:');
    expect(String(error)).toContain('vpc.yaml:21:');
    expect(String(error)).toContain('vpc.yaml:22:');
  }
});

test('names, parameters and the stack name are checked together', () => {
  const text =
    'Parameters: {P: {Type: String}}\nResources: {V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !Ref X}}}';
  expect(refusal(text, { stackName: '1st' })).toEqual([
    '"1st" is not a stack name. Use letters, digits and hyphens, a letter first, at most 128.',
    'Resources.V.Properties.CidrBlock: "X" is neither a parameter nor a resource of this template; there are P, V.',
    'Parameters.P: The parameter (String) has no value and no default. Give it one: P=…',
  ]);
});

test('a macro is named', () => {
  const text =
    'Transform: AWS::Serverless-2016-10-31\nResources: {V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}}';
  expect(refusal(text)[0]).toBe(
    'Transform: The template needs AWS::Serverless-2016-10-31, code that runs in AWS; it cannot be run here. Give the template that the macro makes of this one.',
  );
});

test('a second stack imports what the first one exports', () => {
  const first = stackOf(ARTICLE, options);
  const text = `Resources: {P: {Type: AWS::SSM::Parameter, Properties: {Name: /site, Type: String, Value: !ImportValue everydaehwa-site}}}`;
  const exports = { 'everydaehwa-site': first.stack.outputs['Site']?.value ?? '' };
  const second = stackOf(text, { stackName: 'second', exports }, first.region);
  expect(second.region.parameters['/site']?.value).toBe(exports['everydaehwa-site']);
});

test('policies are kept', () => {
  const text = `Resources: {V: {Type: AWS::EC2::VPC, DeletionPolicy: Retain, CreationPolicy: {ResourceSignal: {Count: !Ref AWS::AccountId}}, Properties: {CidrBlock: 10.0.0.0/16}}}`;
  expect(stackOf(text).stack.resources['V']).toMatchObject({
    deletionPolicy: 'Retain',
    creationPolicy: { ResourceSignal: { Count: '123456789012' } },
  });
});
