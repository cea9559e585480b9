import {
  AssociateAddressCommand,
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateRouteCommand,
  CreateTagsCommand,
  DeleteRouteCommand,
  DeleteTagsCommand,
  DescribeAddressesCommand,
  DescribeAvailabilityZonesCommand,
  DescribeImagesCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstanceStatusCommand,
  DescribeInstancesCommand,
  DescribeKeyPairsCommand,
  DescribeRegionsCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeTagsCommand,
  DescribeVolumesCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcsCommand,
  DisassociateAddressCommand,
  EC2Client,
  ModifyInstanceAttributeCommand,
  RebootInstancesCommand,
  ReplaceRouteCommand,
  RevokeSecurityGroupIngressCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { article, groupNamed } from '../../../../blueprint/test-region.ts';
import { instanceByName } from '../../../../region/lookup.ts';
import { startTestLab, type TestLab } from '../testing.ts';

let lab: TestLab;
let client: EC2Client;

beforeEach(async () => {
  lab = await startTestLab(article());
  client = new EC2Client({ ...lab.client, maxAttempts: 1 });
});
afterEach(async () => {
  client.destroy();
  await lab.close();
  expect(lab.errors).toEqual([]);
});

const instance = (name: string) => {
  const found = instanceByName(lab.region(), name);
  if (found === undefined) throw new Error(`no instance ${name}`);
  return found;
};
const primary = (name: string) =>
  lab.region().networkInterfaces[instance(name).networkInterfaceIds[0] ?? ''];

test('an instance is told with all that people look at', async () => {
  const database = instance('database');
  const { Reservations } = await client.send(
    new DescribeInstancesCommand({ Filters: [{ Name: 'tag:Name', Values: ['data*'] }] }),
  );
  expect(Reservations).toHaveLength(1);
  expect(Reservations?.[0]).toMatchObject({ OwnerId: '123456789012' });
  expect(Reservations?.[0]?.ReservationId).toMatch(/^r-[0-9a-f]{17}$/);
  expect(Reservations?.[0]?.Instances).toMatchObject([
    {
      InstanceId: database.id,
      State: { Code: 16, Name: 'running' },
      PrivateIpAddress: primary('database')?.privateIps[0],
      PublicDnsName: '',
      Placement: { AvailabilityZone: database.zone },
      MetadataOptions: { HttpTokens: 'required' },
      NetworkInterfaces: [{ Attachment: { DeviceIndex: 0, Status: 'attached' } }],
      LaunchTime: new Date(lab.context.control.startedAt),
    },
  ]);
  const status = await client.send(
    new DescribeInstanceStatusCommand({ InstanceIds: [database.id] }),
  );
  expect(status.InstanceStatuses?.[0]?.SystemStatus?.Status).toBe('ok');
  const { UserData } = await client.send(
    new DescribeInstanceAttributeCommand({ InstanceId: database.id, Attribute: 'userData' }),
  );
  expect(Buffer.from(UserData?.Value ?? '', 'base64').toString()).toBe(database.userData);
  const { Volumes } = await client.send(
    new DescribeVolumesCommand({
      Filters: [{ Name: 'attachment.instance-id', Values: [database.id] }],
    }),
  );
  expect(Volumes).toHaveLength(2);
  const keys = await client.send(new DescribeKeyPairsCommand({ IncludePublicKey: true }));
  expect(keys.KeyPairs?.[0]?.PublicKey).toContain('ssh-ed25519');
});

test('filters, ids, pages and their errors', async () => {
  const subnets = (filters: Record<string, string[]>) =>
    client.send(
      new DescribeSubnetsCommand({
        Filters: Object.entries(filters).map(([Name, Values]) => ({ Name, Values })),
      }),
    );
  const all = (await subnets({})).Subnets ?? [];
  expect(all.length).toBeGreaterThan(1);
  const [first] = all;
  const found = await subnets({
    'subnet-id': [first?.SubnetId ?? ''],
    'map-public-ip-on-launch': ['*'],
  });
  expect(found.Subnets?.map(({ SubnetId }) => SubnetId)).toEqual([first?.SubnetId]);
  expect((await subnets({ 'tag:Name': ['none'] })).Subnets).toEqual([]);
  await expect(subnets({ colour: ['red'] })).rejects.toMatchObject({
    name: 'InvalidParameterValue',
    message: expect.stringContaining("The filter 'colour' is invalid"),
  });
  const none = client.send(new DescribeVpcsCommand({ VpcIds: ['vpc-none'] }));
  await expect(none).rejects.toMatchObject({
    ...{ name: 'InvalidVpcID.NotFound', message: "The vpc ID 'vpc-none' does not exist" },
  });
  const tags = (await client.send(new DescribeTagsCommand({}))).Tags ?? [];
  expect(tags.length).toBeGreaterThan(20);
  const seen: object[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(new DescribeTagsCommand({ MaxResults: 7, NextToken }));
    expect(page.Tags?.length).toBeLessThanOrEqual(7);
    seen.push(...(page.Tags ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  expect(seen).toEqual(tags);
  const few = client.send(new DescribeTagsCommand({ MaxResults: 1 }));
  await expect(few).rejects.toThrow('Expecting a value from 5 to 1000');
  const wrong = client.send(new DescribeSubnetsCommand({ NextToken: 'x' }));
  await expect(wrong).rejects.toMatchObject({ name: 'InvalidNextToken' });
});

test('rules of a security group are added, told and taken away', async () => {
  const { id: GroupId } = groupNamed(lab.region(), 'database');
  const { id: other } = groupNamed(lab.region(), 'edge');
  const IpPermissions = [
    {
      ...{ IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432 },
      IpRanges: [{ CidrIp: '10.1.2.3/8', Description: 'wide' }],
      Ipv6Ranges: [{ CidrIpv6: '2001:db8::/64' }],
      UserIdGroupPairs: [{ GroupId: other }],
    },
    { IpProtocol: 'icmp', FromPort: -1, ToPort: -1, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
  ];
  const add = () =>
    client.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  const dry = { GroupId, IpPermissions, DryRun: true };
  await expect(client.send(new AuthorizeSecurityGroupIngressCommand(dry))).rejects.toMatchObject({
    name: 'DryRunOperation',
    $metadata: { httpStatusCode: 412 },
  });
  const before = lab.region();
  const { SecurityGroupRules } = await add();
  expect(SecurityGroupRules).toMatchObject([
    {
      IpProtocol: 'tcp',
      FromPort: 5432,
      CidrIpv4: '10.0.0.0/8',
      Description: 'wide',
      IsEgress: false,
    },
    { CidrIpv6: '2001:db8::/64' },
    { ReferencedGroupInfo: { GroupId: other, UserId: '123456789012' } },
    { IpProtocol: 'icmp', FromPort: -1, ToPort: -1 },
  ]);
  await expect(add()).rejects.toMatchObject({ name: 'InvalidPermission.Duplicate' });
  const groups = await client.send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId] }));
  expect(groups.SecurityGroups?.[0]?.IpPermissions).toContainEqual(
    expect.objectContaining({
      ...{ IpProtocol: 'tcp', FromPort: 5432 },
      IpRanges: [{ CidrIp: '10.0.0.0/8', Description: 'wide' }],
      UserIdGroupPairs: [{ GroupId: other, UserId: '123456789012' }],
    }),
  );
  const ids = SecurityGroupRules?.map(({ SecurityGroupRuleId: id }) => id ?? '') ?? [];
  const byId = await client.send(
    new DescribeSecurityGroupRulesCommand({ SecurityGroupRuleIds: ids }),
  );
  expect(byId.SecurityGroupRules).toEqual(SecurityGroupRules);
  const [first, ...rest] = IpPermissions;
  await client.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: rest }));
  const gone = client.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: rest }));
  await expect(gone).rejects.toMatchObject({ name: 'InvalidPermission.NotFound' });
  const SecurityGroupRuleIds = ids.slice(0, 3);
  await client.send(new RevokeSecurityGroupIngressCommand({ GroupId, SecurityGroupRuleIds }));
  expect(lab.region()).toEqual(before);

  const bad = (permission: object) =>
    client.send(
      new AuthorizeSecurityGroupEgressCommand({
        GroupId,
        IpPermissions: [{ ...first, ...permission }],
      }),
    );
  await expect(bad({ FromPort: 9, ToPort: 1 })).rejects.toThrow('not a port range');
  await expect(bad({ IpRanges: [{ CidrIp: '10.0.0.300/8' }] })).rejects.toMatchObject({
    name: 'InvalidParameterValue',
  });
  await expect(bad({ UserIdGroupPairs: [{ GroupId: 'sg-none' }] })).rejects.toThrow('sg-none');
  expect(lab.region()).toEqual(before);
});

test('rules of a security group have tags', async () => {
  const { id: GroupId } = groupNamed(lab.region(), 'database');
  const asked = { GroupId, IpProtocol: 'tcp', FromPort: 77, ToPort: 77, CidrIp: '10.0.0.0/8' };
  const tagged = (ResourceType: 'security-group-rule' | 'instance') =>
    client.send(
      new AuthorizeSecurityGroupIngressCommand({
        ...asked,
        TagSpecifications: [{ ResourceType, Tags: [{ Key: 'Why', Value: 'a' }] }],
      }),
    );
  await expect(tagged('instance')).rejects.toThrow("'instance' is not a valid taggable resource");
  const { SecurityGroupRules } = await tagged('security-group-rule');
  const [rule] = SecurityGroupRules ?? [];
  expect(rule?.Tags).toEqual([{ Key: 'Why', Value: 'a' }]);
  const Resources = [rule?.SecurityGroupRuleId ?? ''];
  await client.send(new CreateTagsCommand({ Resources, Tags: [{ Key: 'Who', Value: 'me' }] }));
  await client.send(new DeleteTagsCommand({ Resources, Tags: [{ Key: 'Why' }] }));
  const found = await client.send(
    new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'tag:Who', Values: ['me'] }] }),
  );
  expect(found.SecurityGroupRules?.map(({ SecurityGroupRuleId: id }) => id)).toEqual(Resources);
  const { Tags } = await client.send(
    new DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: Resources }] }),
  );
  expect(Tags).toMatchObject([{ Key: 'Who', ResourceType: 'security-group-rule' }]);
});

test('routes are made, replaced and deleted', async () => {
  const nat = instance('nat');
  const table = Object.values(lab.region().routeTables).find(({ main }) => main);
  const RouteTableId = table?.id ?? '';
  const DestinationCidrBlock = '203.0.113.0/24';
  const route = async () => {
    const { RouteTables } = await client.send(
      new DescribeRouteTablesCommand({ RouteTableIds: [RouteTableId] }),
    );
    return RouteTables?.[0]?.Routes?.find(
      (each) => each.DestinationCidrBlock === DestinationCidrBlock,
    );
  };
  const at = { RouteTableId, DestinationCidrBlock };
  await client.send(new CreateRouteCommand({ ...at, InstanceId: nat.id }));
  expect(await route()).toMatchObject({
    ...{ InstanceId: nat.id, InstanceOwnerId: '123456789012', State: 'active' },
    ...{ NetworkInterfaceId: nat.networkInterfaceIds[0], Origin: 'CreateRoute' },
  });
  const again = client.send(new CreateRouteCommand({ ...at, InstanceId: nat.id }));
  await expect(again).rejects.toMatchObject({ name: 'RouteAlreadyExists' });
  const GatewayId = Object.keys(lab.region().internetGateways)[0];
  await client.send(new ReplaceRouteCommand({ ...at, GatewayId }));
  expect(await route()).toMatchObject({ GatewayId, State: 'active' });
  await client.send(new DeleteRouteCommand(at));
  expect(await route()).toBeUndefined();
  await expect(client.send(new DeleteRouteCommand(at))).rejects.toMatchObject({
    name: 'InvalidRoute.NotFound',
  });
  const local = { RouteTableId, DestinationCidrBlock: table?.routes[0]?.destination };
  await expect(client.send(new DeleteRouteCommand(local))).rejects.toThrow(
    'cannot remove local route',
  );
  const nowhere = client.send(new CreateRouteCommand({ ...at, TransitGatewayId: 'tgw-1' }));
  await expect(nowhere).rejects.toThrow('A route to tgw-1 is not modelled');
});

test('tags, addresses, attributes and power', async () => {
  const web = instance('web');
  const Resources = [web.id];
  await client.send(new CreateTagsCommand({ Resources, Tags: [{ Key: 'Team', Value: '다' }] }));
  const filter = {
    Filters: [
      { Name: 'resource-id', Values: Resources },
      { Name: 'key', Values: ['Team'] },
    ],
  };
  const { Tags } = await client.send(new DescribeTagsCommand(filter));
  expect(Tags).toEqual([
    { Key: 'Team', Value: '다', ResourceId: web.id, ResourceType: 'instance' },
  ]);
  await client.send(new DeleteTagsCommand({ Resources, Tags: [{ Key: 'Team' }] }));
  expect((await client.send(new DescribeTagsCommand(filter))).Tags).toEqual([]);

  const { Addresses } = await client.send(new DescribeAddressesCommand({}));
  const [address] = Addresses ?? [];
  const AssociationId = address?.AssociationId;
  await client.send(new DisassociateAddressCommand({ AssociationId }));
  const moved = await client.send(
    new AssociateAddressCommand({ AllocationId: address?.AllocationId, InstanceId: web.id }),
  );
  expect(moved.AssociationId).toMatch(/^eipassoc-/);
  const found = await client.send(
    new DescribeAddressesCommand({ Filters: [{ Name: 'instance-id', Values: [web.id] }] }),
  );
  expect(found.Addresses?.[0]?.PublicIp).toBe(address?.PublicIp);

  const { id: group } = groupNamed(lab.region(), 'edge');
  await client.send(new ModifyInstanceAttributeCommand({ InstanceId: web.id, Groups: [group] }));
  await client.send(
    new ModifyInstanceAttributeCommand({ InstanceId: web.id, SourceDestCheck: { Value: false } }),
  );
  expect(primary('web')).toMatchObject({ securityGroupIds: [group], sourceDestCheck: false });
  const type = client.send(
    new ModifyInstanceAttributeCommand({ InstanceId: web.id, InstanceType: { Value: 't3.nano' } }),
  );
  await expect(type).rejects.toThrow('does not change InstanceType');

  const stopped = await client.send(new StopInstancesCommand({ InstanceIds: [web.id] }));
  expect(stopped.StoppingInstances).toEqual([
    {
      ...{ InstanceId: web.id, CurrentState: { Code: 80, Name: 'stopped' } },
      PreviousState: { Code: 16, Name: 'running' },
    },
  ]);
  const started = await client.send(new StartInstancesCommand({ InstanceIds: [web.id] }));
  expect(started.StartingInstances?.[0]?.PreviousState?.Name).toBe('stopped');
  await client.send(new RebootInstancesCommand({ InstanceIds: [web.id] }));
  await client.send(new TerminateInstancesCommand({ InstanceIds: [web.id] }));
  expect(lab.region().instances[web.id]).toBeUndefined();
  expect(lab.region().networkInterfaces[web.networkInterfaceIds[0] ?? '']).toBeUndefined();
  // For an hour it is shown as what it is, and can be nothing else.
  const shown = await client.send(new DescribeInstancesCommand({ InstanceIds: [web.id] }));
  const [gone] = shown.Reservations?.[0]?.Instances ?? [];
  expect(gone).toMatchObject({
    ...{ InstanceId: web.id, State: { Code: 48, Name: 'terminated' }, NetworkInterfaces: [] },
    StateReason: { Code: 'Client.UserInitiatedShutdown' },
  });
  expect([gone?.VpcId, gone?.PrivateIpAddress, gone?.SubnetId]).toEqual([
    ...[undefined, undefined, undefined],
  ]);
  const dead = client.send(new StopInstancesCommand({ InstanceIds: [web.id] }));
  await expect(dead).rejects.toMatchObject({ name: 'IncorrectInstanceState' });
  const again = await client.send(new TerminateInstancesCommand({ InstanceIds: [web.id] }));
  expect(again.TerminatingInstances?.[0]?.CurrentState?.Name).toBe('terminated');
  const none = client.send(new StopInstancesCommand({ InstanceIds: ['i-none'] }));
  await expect(none).rejects.toMatchObject({ name: 'InvalidInstanceID.NotFound' });
});

test('the region itself, and images by who publishes them', async () => {
  const { AvailabilityZones } = await client.send(new DescribeAvailabilityZonesCommand({}));
  expect(AvailabilityZones?.[0]).toMatchObject({
    ZoneName: 'ap-northeast-2a',
    ZoneId: 'apne2-az1',
  });
  const { Regions } = await client.send(new DescribeRegionsCommand({}));
  expect(Regions).toMatchObject([{ Endpoint: 'ec2.ap-northeast-2.amazonaws.com' }]);
  const [vpc] = Object.values(lab.region().vpcs);
  const attribute = { VpcId: vpc?.id, Attribute: 'enableDnsHostnames' } as const;
  const dns = await client.send(new DescribeVpcAttributeCommand(attribute));
  expect(dns.EnableDnsHostnames).toEqual({ Value: vpc?.dnsHostnames });
  const { Images } = await client.send(
    new DescribeImagesCommand({
      Owners: ['amazon'],
      Filters: [{ Name: 'name', Values: ['al2023-ami-*-arm64'] }],
    }),
  );
  expect(Images?.length).toBeGreaterThan(1);
  expect(Images?.every(({ Architecture }) => Architecture === 'arm64')).toBe(true);
});

test('what AWS has and the lab has not, what nobody has, and who may not', async () => {
  const run = client.send(new RunInstancesCommand({ MinCount: 1, MaxCount: 1 }));
  await expect(run).rejects.toMatchObject({
    name: 'NotImplemented',
    message: 'The lab does not have the operation RunInstances of Amazon Elastic Compute Cloud.',
  });
  const wrong = { ...lab.client.credentials, secretAccessKey: 'wrong' };
  const unknown = { ...lab.client.credentials, accessKeyId: 'AKIAAAAAAAAAAAAAAAAA' };
  for (const credentials of [wrong, unknown]) {
    const other = new EC2Client({ ...lab.client, credentials });
    await expect(other.send(new DescribeVpcsCommand({}))).rejects.toMatchObject({
      name: 'AuthFailure',
      $metadata: { httpStatusCode: 401 },
    });
  }
  const role = lab.context.credentials.forInstance('i-1', 'none');
  const denied = new EC2Client({ ...lab.client, credentials: role });
  await expect(denied.send(new DescribeVpcsCommand({}))).rejects.toMatchObject({
    name: 'UnauthorizedOperation',
  });
});
