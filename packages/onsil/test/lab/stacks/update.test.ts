/** Stacks that change while packets travel: what must go on goes on, what fails leaves no trace. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { routerNamespace } from '../../../src/lab/fabric/names.ts';
import { findLabs, removeFabric } from '../../../src/lab/fabric/remove.ts';
import { run } from '../../../src/lab/process.ts';
import { StackLab } from '../support/stack-lab.ts';

const LAB = 'test-stacks';
let lab: StackLab;

beforeEach(async () => {
  await removeFabric(LAB);
  lab = new StackLab(LAB);
});
afterEach(async () => {
  await lab.stop();
  expect(await findLabs()).not.toContain(LAB);
});

/** One value or another, by the version of the template. */
type Pick = (one: string, two: string) => string;

/** Resources of many types; each differs in some way between the two versions. */
function template(pick: Pick): string {
  return `
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16, EnableDnsHostnames: ${pick('true', 'false')}}
  Igw: {Type: AWS::EC2::InternetGateway, Properties: {Tags: [{Key: v, Value: ${pick('a', 'b')}}]}}
  Attachment:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Igw}
  Front:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, MapPublicIpOnLaunch: ${pick('false', 'true')}}
  Back:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: ${pick('10.0.2.0/24', '10.0.3.0/24')}}
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc, Tags: [{Key: v, Value: ${pick('a', 'b')}}]}}
  Association:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref Back, RouteTableId: !Ref Table}
  Default:
    Type: AWS::EC2::Route
    DependsOn: Attachment
    Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: ${pick('0.0.0.0/0', '192.0.2.0/24')}, GatewayId: !Ref Igw}
  FrontGroup:
    Type: AWS::EC2::SecurityGroup
    Properties: {VpcId: !Ref Vpc, GroupDescription: front, SecurityGroupIngress: [{IpProtocol: tcp, FromPort: ${pick('80', '81')}, ToPort: 90, CidrIp: 10.0.0.0/16}]}
  BackGroup:
    Type: AWS::EC2::SecurityGroup
    Properties: {VpcId: !Ref Vpc, GroupDescription: ${pick('back', 'rear')}}
  BackRule:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: {GroupId: !Ref BackGroup, IpProtocol: tcp, FromPort: 3306, ToPort: 3306, SourceSecurityGroupId: !Ref FrontGroup}
  Acl: {Type: AWS::EC2::NetworkAcl, Properties: {VpcId: !Ref Vpc, Tags: [{Key: v, Value: ${pick('a', 'b')}}]}}
  AclEntry:
    Type: AWS::EC2::NetworkAclEntry
    Properties: {NetworkAclId: !Ref Acl, RuleNumber: 100, Protocol: ${pick('-1', '6')}, RuleAction: allow, CidrBlock: 0.0.0.0/0, PortRange: {From: 1, To: 65535}}
  Address: {Type: AWS::EC2::EIP, Properties: {Tags: [{Key: v, Value: ${pick('a', 'b')}}]}}
  AddressAssociation:
    Type: AWS::EC2::EIPAssociation
    Properties: {AllocationId: !GetAtt Address.AllocationId, InstanceId: !Ref ${pick('Front1', 'Front2')}}
  Front1:
    Type: AWS::EC2::Instance
    Properties: {ImageId: ami-0a, SubnetId: !Ref Front, SecurityGroupIds: [!Ref FrontGroup], Tags: [{Key: v, Value: ${pick('a', 'b')}}]}
  Front2:
    Type: AWS::EC2::Instance
    Properties: {ImageId: ami-0a, SubnetId: !Ref Front, SecurityGroupIds: [!Ref FrontGroup], InstanceType: ${pick('t3.nano', 't3.micro')}}
  Back1:
    Type: AWS::EC2::Instance
    Properties: {ImageId: ami-0a, SubnetId: !Ref Back, SecurityGroupIds: [!Ref BackGroup]}
`;
}

const first = template((one) => one);
const second = template((_one, two) => two);
/** The first version, but for what stands in one line of the second. */
const withLine = (words: string): string =>
  first
    .split('\n')
    .map((line, index) => (line.includes(words) ? (second.split('\n')[index] ?? '') : line))
    .join('\n');

const pidsOf = async () => (await lab.state())['pids'] as readonly string[];

describe('a connection', () => {
  test("survives another group's change, another subnet's route, and a neighbour's replacement", async () => {
    expect((await lab.put(first)).status).toBe('CREATE_COMPLETE');
    await lab.listen('Front2', 80);
    const stream = await lab.converse('Front1', 'Front2', 80);
    expect(await stream.say('before')).toBe('before');
    const before = await pidsOf();
    for (const change of [
      'GroupDescription: back',
      'DestinationCidrBlock',
      'CidrBlock: 10.0.2.0/24',
    ]) {
      const { status } = await lab.put(withLine(change));
      expect(status, change).toBe('UPDATE_COMPLETE');
      expect(await stream.say(change), change).toBe(change);
    }
    const now = await pidsOf();
    const stay = before.filter((each) => now.includes(each));
    expect(stay).toHaveLength(2);
    expect(now).toHaveLength(3);
    stream.end();
  });

  test('that is tracked outlives the rule that let it in; a new one does not begin', async () => {
    await lab.put(first);
    await lab.listen('Front2', 80);
    const stream = await lab.converse('Front1', 'Front2', 80);
    expect(await stream.say('before')).toBe('before');
    expect(await lab.probe('Front1', 'Front2', 80)).toBe('connected');
    expect((await lab.put(withLine('FromPort: 80'))).status).toBe('UPDATE_COMPLETE');
    expect(await lab.probe('Front1', 'Front2', 80)).toBe('timeout');
    expect(await stream.say('after')).toBe('after');
    stream.end();
  });
});

describe('an update that fails', () => {
  test('in the kernel itself leaves nothing half-made', async () => {
    await lab.put(first);
    const before = await lab.state();
    const other = `${first.replace('!Ref Back, RouteTableId: !Ref Table', '!Ref Back, RouteTableId: !Ref Other')}
  Other: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  OtherRoute:
    Type: AWS::EC2::Route
    DependsOn: Attachment
    Properties: {RouteTableId: !Ref Other, DestinationCidrBlock: 203.0.113.0/24, GatewayId: !Ref Igw}
`;
    const router = routerNamespace(LAB, lab.resource('Vpc').physicalId);
    const rules = async () => (await run('ip', ['-n', router, 'rule'])).stdout.trim().split('\n');
    const old = await rules();
    expect((await lab.put(other)).status).toBe('UPDATE_COMPLETE');
    const fresh = (await rules()).filter((line) => !old.includes(line));
    expect(fresh).toHaveLength(1);
    expect((await lab.put(first)).status).toBe('UPDATE_COMPLETE');
    expect(await lab.state()).toEqual(before);
    const region = lab.region();
    // A rule that is there already cannot be added: everything before it in the batch is done.
    const [, preference = '', words = ''] = /^(\d+):\s+from all (.*)$/.exec(fresh[0] ?? '') ?? [];
    await run('ip', ['-n', router, 'rule', 'add', 'pref', preference, ...words.trim().split(' ')]);
    const { status, id } = await lab.put(other);
    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    const reasons = lab.engine.events(id).map(({ reason }) => reason ?? '');
    expect(reasons.some((reason) => reason.includes('File exists'))).toBe(true);
    expect(lab.region()).toStrictEqual(region);
    expect(await lab.state()).toEqual(before);
  });

  test('at any one resource leaves region, rules, routes and processes as they were', async () => {
    await lab.put(first);
    await lab.listen('Front2', 80);
    const stream = await lab.converse('Front1', 'Front2', 80);
    const region = lab.region();
    const before = await lab.state();
    const set = lab.engine.createChangeSet({
      ...{ stackName: 'shop', templateBody: second, parameters: {} },
      ...{ changeSetName: 'look', type: 'UPDATE' },
    });
    const words = set.changes.map(
      ({ logicalId, action, replacement }) =>
        `${action === 'Add' || replacement === 'True' ? 'create' : 'update'} ${logicalId}`,
    );
    // All but the attachment, which follows from its two ends.
    expect(words).toHaveLength(17);
    expect(words).toContain('create Back1');
    for (const what of words) {
      lab.faults.set(what, 'it broke');
      const { status } = await lab.put(second);
      expect(status, what).toBe('UPDATE_ROLLBACK_COMPLETE');
      expect(lab.faults.size, what).toBe(0);
      expect(lab.region(), what).toBe(region);
      expect(await lab.state(), what).toEqual(before);
      expect(await stream.say(what), what).toBe(what);
    }
    expect((await lab.put(second)).status).toBe('UPDATE_COMPLETE');
    expect(await stream.say('done')).toBe('done');
    expect((await lab.put(first)).status).toBe('UPDATE_COMPLETE');
    lab.engine.deleteStack('shop');
    const { id } = lab.engine.stacks()[0] ?? { id: '' };
    expect((await lab.engine.settled(id)).status).toBe('DELETE_COMPLETE');
    expect(Object.keys(lab.region().vpcs)).toEqual([]);
    stream.end();
  });
});
