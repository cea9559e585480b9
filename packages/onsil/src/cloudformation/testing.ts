/** Short ways to a stack, for tests. */
import { baseRegion } from '../region/base-region.ts';
import { withoutUnusedDefaultVpc } from '../region/default-vpc.ts';
import { formatProblem } from '../region/problem.ts';
import { put, type Region } from '../region/region.ts';
import { parseTemplate } from './parse.ts';
import { createStack, type StackResult } from './stack.ts';
import type { StackOptions } from './stack-options.ts';
import { TemplateError } from './template-error.ts';

/** ap-northeast-2 whose default VPC somebody deleted, with the key pair `operator`. */
export function testRegion(): Region {
  return put(withoutUnusedDefaultVpc(baseRegion('ap-northeast-2')), 'keyPairs', 'key-0operator', {
    id: 'key-0operator',
    name: 'operator',
    publicKey: 'ssh-ed25519 AAAAC3Nz operator',
  });
}

export function stackOf(
  text: string,
  options: Partial<StackOptions> = {},
  region = testRegion(),
): StackResult {
  const template = parseTemplate(text, 'vpc.yaml');
  return createStack(region, template, {
    stackName: 'shop',
    parameters: {},
    secret: 'salt',
    ...options,
  });
}

/** The problems of a template that must not work, one per line; without the file's name. */
export function refusal(
  text: string,
  options: Partial<StackOptions> = {},
  region?: Region,
): string[] {
  try {
    stackOf(text, options, region);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return error.problems.map(({ file: _file, line: _line, column: _column, ...rest }) =>
      formatProblem(rest),
    );
  }
  throw new Error('The template was accepted.');
}

/** The warnings of a stack, one per line. */
export function warningsOf({ problems }: StackResult): string[] {
  return problems.map(({ file: _file, line: _line, column: _column, ...rest }) =>
    formatProblem(rest),
  );
}

/** A VPC with a gateway, a public and a private subnet; `more` are further resources. */
export function inVpc(more: string): string {
  const indented = more.replace(/^/gm, '  ');
  return `
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true}}
  Igw: {Type: AWS::EC2::InternetGateway}
  Attachment:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Igw}
  Public:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, MapPublicIpOnLaunch: true}
  Private:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.2.0/24}
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties: {VpcId: !Ref Vpc, GroupDescription: for tests, GroupName: test}
${indented}
`;
}

/** An instance `Web` in the public subnet, with a way to the Internet, which reaches it on a port. */
export function webInVpc(port: number, more = ''): string {
  return inVpc(`
Default:
  Type: AWS::EC2::Route
  DependsOn: Attachment
  Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Igw}
InPublic:
  Type: AWS::EC2::SubnetRouteTableAssociation
  Properties: {SubnetId: !Ref Public, RouteTableId: !Ref Table}
FromInternet:
  Type: AWS::EC2::SecurityGroupIngress
  Properties: {GroupId: !Ref Group, IpProtocol: tcp, FromPort: ${port}, ToPort: ${port}, CidrIp: 0.0.0.0/0}
Web:
  Type: AWS::EC2::Instance
  Properties: {ImageId: ami-0123456789abcdef0, SubnetId: !Ref Public, SecurityGroupIds: [!Ref Group]}
${more}`);
}
