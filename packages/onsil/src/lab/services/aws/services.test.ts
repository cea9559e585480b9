/** The smaller services by their real clients; what they have in common once. */
import { DescribeRepositoriesCommand, ECRClient } from '@aws-sdk/client-ecr';
import {
  DeregisterTargetsCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  GetInstanceProfileCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListRolesCommand,
} from '@aws-sdk/client-iam';
import {
  ChangeResourceRecordSetsCommand,
  ListHostedZonesByNameCommand,
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
  waitUntilResourceRecordSetsChanged,
} from '@aws-sdk/client-route-53';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import {
  DescribeParametersCommand,
  GetParametersByPathCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Region } from '../../../region/region.ts';
import { endpointHost } from '../endpoints/host.ts';
import { sampleRegion } from '../testing.ts';
import { modelOf } from './model.ts';
import { SERVICES } from './services.ts';
import { startTestLab, type TestLab } from './testing.ts';

const LB = 'arn:aws:elasticloadbalancing:ap-northeast-2:123456789012';
const region: Region = sampleRegion({
  hostedZones: {
    Z1: {
      ...{ id: 'Z1', name: 'example.net.', vpcIds: [], nameServers: ['ns-1.awsdns-1.com'] },
      records: [{ name: 'example.net.', type: 'A', ttl: 60, values: ['198.18.0.5'] }],
    },
  },
  secrets: {
    s: {
      ...{ arn: 'arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:db-AbCdEf', name: 'db' },
      ...{ source: { kind: 'given', value: 'hush' }, tags: {} },
    },
  },
  loadBalancers: {
    lb: {
      ...{
        arn: `${LB}:loadbalancer/app/web/1`,
        name: 'web',
        logicalId: 'Web',
        type: 'application',
      },
      ...{ scheme: 'internet-facing', vpcId: 'vpc-1', securityGroupIds: ['sg-1'], attributes: {} },
      zones: [{ zone: 'ap-northeast-2a', subnetId: 'subnet-1', networkInterfaceId: 'eni-9' }],
      ...{ dnsName: 'web-1.elb.amazonaws.com', canonicalHostedZoneId: 'Z2', tags: {} },
    },
  },
  listeners: {
    l: {
      ...{ arn: `${LB}:listener/app/web/1/2`, loadBalancerArn: `${LB}:loadbalancer/app/web/1` },
      ...{ port: 80, protocol: 'HTTP', certificateArns: [] },
      defaultActions: [
        {
          ...{ kind: 'redirect', protocol: 'HTTPS', host: '#{host}', port: '443' },
          ...{ path: '/#{path}', query: '#{query}', statusCode: 301 },
        },
      ],
    },
  },
  listenerRules: {
    r: {
      ...{ arn: `${LB}:listener-rule/app/web/1/2/3`, listenerArn: `${LB}:listener/app/web/1/2` },
      ...{ priority: 5, conditions: [{ field: 'path-pattern', values: ['/api/*'] }] },
      actions: [{ kind: 'forward', targetGroups: [{ arn: `${LB}:targetgroup/api/4`, weight: 1 }] }],
    },
  },
  targetGroups: {
    t: {
      ...{ arn: `${LB}:targetgroup/api/4`, name: 'api', targetType: 'instance', protocol: 'HTTP' },
      ...{ port: 8080, vpcId: 'vpc-1', targets: [], attributes: {}, tags: {} },
      healthCheck: {
        ...{ enabled: true, protocol: 'HTTP', path: '/', matcher: '200', interval: 30, timeout: 5 },
        ...{ healthyThreshold: 5, unhealthyThreshold: 2 },
      },
    },
  },
});

// Tables are by ARN.
const byArn = <T extends { readonly arn: string }>(table: Readonly<Record<string, T>>) =>
  Object.fromEntries(Object.values(table).map((each) => [each.arn, each]));

let lab: TestLab;
beforeEach(async () => {
  lab = await startTestLab({
    ...region,
    loadBalancers: byArn(region.loadBalancers),
    listeners: byArn(region.listeners),
    listenerRules: byArn(region.listenerRules),
    targetGroups: byArn(region.targetGroups),
    secrets: byArn(region.secrets),
  });
});
afterEach(async () => {
  await lab.close();
  expect(lab.errors).toEqual([]);
});

test('every service of the lab has a name that leads to it, and a model of what it serves', () => {
  for (const [service, { operations }] of Object.entries(SERVICES)) {
    const { metadata, operations: described, others } = modelOf(service);
    const host =
      metadata.globalEndpoint ?? `${metadata.endpointPrefix}.ap-northeast-2.amazonaws.com`;
    expect(endpointHost(host, 'ap-northeast-2', () => false)).toEqual({
      service: 'aws',
      name: service,
    });
    expect(Object.keys(operations).toSorted()).toEqual(Object.keys(described).toSorted());
    expect(others.filter((name) => name in operations)).toEqual([]);
  }
});

test('STS: who one is, and roles that are taken', async () => {
  const client = new STSClient(lab.client);
  expect(await client.send(new GetCallerIdentityCommand())).toMatchObject({
    ...{ Account: '123456789012', Arn: 'arn:aws:iam::123456789012:user/administrator' },
    UserId: expect.stringMatching(/^AIDA[0-9A-F]{17}$/),
  });
  const RoleArn = 'arn:aws:iam::123456789012:role/web-role';
  const { Credentials, AssumedRoleUser } = await client.send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me' }),
  );
  expect(AssumedRoleUser?.Arn).toBe('arn:aws:sts::123456789012:assumed-role/web-role/me');
  const credentials = {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
  const asRole = new STSClient({ ...lab.client, credentials });
  expect((await asRole.send(new GetCallerIdentityCommand())).UserId).toBe('AROA1:me');
  // What its policies do not allow is denied to it.
  const again = asRole.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me' }));
  await expect(again).rejects.toMatchObject({ name: 'AccessDenied' });
  const iam = new IAMClient({ ...lab.client, credentials });
  await expect(iam.send(new ListRolesCommand())).rejects.toMatchObject({ name: 'AccessDenied' });
  const none = client.send(
    new AssumeRoleCommand({ RoleArn: `${RoleArn}-none`, RoleSessionName: 'me' }),
  );
  await expect(none).rejects.toThrow('is not authorized to perform: sts:AssumeRole');
  // Another role lets in only who knows its word.
  const shared = lab.region().roles['AROA1'];
  await lab.context.control.change((now) => ({
    ...now,
    roles: {
      ...now.roles,
      AROA2: {
        ...{ ...(shared ?? expect.fail()), id: 'AROA2', name: 'shared', arn: `${RoleArn}-shared` },
        trust: [
          {
            ...{ effect: 'Allow' as const, actions: ['sts:AssumeRole'], services: [] },
            ...{ principals: ['123456789012'], externalIds: ['word'] },
          },
        ],
      },
    },
  }));
  const take = (ExternalId?: string) =>
    client.send(
      new AssumeRoleCommand({ RoleArn: `${RoleArn}-shared`, RoleSessionName: 'me', ExternalId }),
    );
  await expect(take()).rejects.toThrow('the trust policy of shared asks for another ExternalId');
  expect((await take('word')).Credentials).toBeDefined();
  const policy = new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me', Policy: '{}' });
  await expect(client.send(policy)).rejects.toThrow('session policies');
});

test('IAM', async () => {
  const client = new IAMClient(lab.client);
  const RoleName = 'web-role';
  const { Role } = await client.send(new GetRoleCommand({ RoleName }));
  expect(Role).toMatchObject({ Arn: 'arn:aws:iam::123456789012:role/web-role', Path: '/' });
  expect(JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).Statement).toEqual([
    {
      ...{ Effect: 'Allow', Action: 'sts:AssumeRole' },
      Principal: { Service: 'ec2.amazonaws.com', AWS: 'arn:aws:iam::123456789012:root' },
    },
  ]);
  const inline = await client.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'policy' }));
  expect(JSON.parse(decodeURIComponent(inline.PolicyDocument ?? '')).Statement).toHaveLength(2);
  const profile = await client.send(
    new GetInstanceProfileCommand({ InstanceProfileName: 'web-profile' }),
  );
  expect(profile.InstanceProfile?.Roles).toHaveLength(1);
  const none = client.send(new GetRoleCommand({ RoleName: 'none' }));
  await expect(none).rejects.toMatchObject({ name: 'NoSuchEntityException' });
  const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess';
  const admin = await client.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
  expect(decodeURIComponent(admin.PolicyVersion?.Document ?? '')).toContain('"Action":["*"]');
});

test('Secrets Manager', async () => {
  const client = new SecretsManagerClient(lab.client);
  const get = (more = {}) => client.send(new GetSecretValueCommand({ SecretId: 'db', ...more }));
  expect((await get()).SecretString).toBe('hush');
  await client.send(new PutSecretValueCommand({ SecretId: 'db', SecretString: 'new' }));
  expect(await get()).toMatchObject({ SecretString: 'new', VersionStages: ['AWSCURRENT'] });
  expect((await get({ VersionStage: 'AWSPREVIOUS' })).SecretString).toBe('hush');
  const SecretBinary = Buffer.from([0, 255, 1]);
  await client.send(
    new CreateSecretCommand({ Name: 'a/b', SecretBinary, Tags: [{ Key: 'k', Value: 'v' }] }),
  );
  const binary = await client.send(new GetSecretValueCommand({ SecretId: 'a/b' }));
  expect(Buffer.from(binary.SecretBinary ?? [])).toEqual(SecretBinary);
  const { SecretList } = await client.send(new ListSecretsCommand());
  expect(SecretList?.map(({ Name }) => Name)).toEqual(['a/b', 'db']);
  const described = await client.send(
    new DescribeSecretCommand({ SecretId: SecretList?.[0]?.ARN }),
  );
  expect(described.CreatedDate).toBeInstanceOf(Date);
  const again = client.send(new CreateSecretCommand({ Name: 'db' }));
  await expect(again).rejects.toMatchObject({ name: 'ResourceExistsException' });
  const none = client.send(new DescribeSecretCommand({ SecretId: 'none' }));
  await expect(none).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('Route 53', async () => {
  const client = new Route53Client(lab.client);
  expect((await client.send(new ListHostedZonesCommand())).HostedZones).toMatchObject([
    { Id: '/hostedzone/Z1', Name: 'example.net.', ResourceRecordSetCount: 1 },
  ]);
  const named = await client.send(new ListHostedZonesByNameCommand({ DNSName: 'example.net' }));
  expect(named.HostedZones).toHaveLength(1);
  const HostedZoneId = 'Z1';
  const change = (Action: 'CREATE' | 'UPSERT' | 'DELETE', Name: string, Value: string) =>
    client.send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId,
        ChangeBatch: {
          Changes: [
            {
              Action,
              ResourceRecordSet: { Name, Type: 'A', TTL: 30, ResourceRecords: [{ Value }] },
            },
          ],
        },
      }),
    );
  const { ChangeInfo } = await change('CREATE', '*.example.net', '198.18.0.7');
  await waitUntilResourceRecordSetsChanged({ client, maxWaitTime: 31 }, { Id: ChangeInfo?.Id });
  const list = () => client.send(new ListResourceRecordSetsCommand({ HostedZoneId }));
  expect((await list()).ResourceRecordSets).toMatchObject([
    { Name: 'example.net.' },
    { Name: '\\052.example.net.', TTL: 30, ResourceRecords: [{ Value: '198.18.0.7' }] },
  ]);
  await change('UPSERT', '*.example.net', '198.18.0.8');
  const before = lab.region();
  await expect(change('DELETE', '*.example.net', '198.18.0.7')).rejects.toThrow('do not match');
  await expect(change('CREATE', 'example.org', '198.18.0.7')).rejects.toThrow(
    'not permitted in zone',
  );
  await expect(change('CREATE', 'x.example.net', '1.2.3')).rejects.toThrow(
    'not a valid IPv4 address',
  );
  expect(lab.region()).toBe(before);
  await change('DELETE', '*.example.net', '198.18.0.8');
  expect((await list()).ResourceRecordSets).toHaveLength(1);
  const none = client.send(new ListResourceRecordSetsCommand({ HostedZoneId: 'ZNONE' }));
  await expect(none).rejects.toMatchObject({ name: 'NoSuchHostedZone' });
});

test('load balancers', async () => {
  const client = new ElasticLoadBalancingV2Client(lab.client);
  const { LoadBalancers } = await client.send(new DescribeLoadBalancersCommand({ Names: ['web'] }));
  expect(LoadBalancers).toMatchObject([{ Type: 'application', State: { Code: 'active' } }]);
  const LoadBalancerArn = LoadBalancers?.[0]?.LoadBalancerArn;
  const { Listeners } = await client.send(new DescribeListenersCommand({ LoadBalancerArn }));
  expect(Listeners?.[0]?.DefaultActions?.[0]?.RedirectConfig?.StatusCode).toBe('HTTP_301');
  const ListenerArn = Listeners?.[0]?.ListenerArn;
  const { Rules } = await client.send(new DescribeRulesCommand({ ListenerArn }));
  expect(Rules?.map(({ Priority }) => Priority)).toEqual(['5', 'default']);
  const { TargetGroups } = await client.send(new DescribeTargetGroupsCommand({ LoadBalancerArn }));
  expect(TargetGroups).toMatchObject([{ TargetGroupName: 'api', Matcher: { HttpCode: '200' } }]);
  const none = client.send(new DescribeLoadBalancersCommand({ Names: ['none'] }));
  await expect(none).rejects.toMatchObject({ name: 'LoadBalancerNotFoundException' });
});

test('targets come and go', async () => {
  const client = new ElasticLoadBalancingV2Client(lab.client);
  const TargetGroupArn = `${LB}:targetgroup/api/4`;
  const [Id = '', other = ''] = Object.keys(region.instances);
  const health = async (Targets?: { Id: string; Port?: number }[]) => {
    const asked = { TargetGroupArn, ...(Targets === undefined ? {} : { Targets }) };
    const { TargetHealthDescriptions = [] } = await client.send(
      new DescribeTargetHealthCommand(asked),
    );
    return TargetHealthDescriptions.map(({ Target, TargetHealth }) => [
      ...[Target?.Id, Target?.Port, TargetHealth?.State, TargetHealth?.Reason],
    ]);
  };
  const Targets = [{ Id }, { Id, Port: 81 }, { Id }];
  await client.send(new RegisterTargetsCommand({ TargetGroupArn, Targets }));
  const registering = ['initial', 'Elb.RegistrationInProgress'];
  expect(await health()).toEqual([
    [Id, 8080, ...registering],
    [Id, 81, ...registering],
  ]);
  expect(await health([{ Id, Port: 81 }, { Id: other }])).toEqual([
    [Id, 81, ...registering],
    [other, 8080, 'unused', 'Target.NotRegistered'],
  ]);
  await client.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets: [{ Id, Port: 81 }] }));
  expect(lab.region().targetGroups[TargetGroupArn]?.targets).toEqual([{ id: Id }]);
  await client.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets: [{ Id }] }));
  expect(await health()).toEqual([]);
  const wrong = client.send(
    new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: 'i-none' }] }),
  );
  await expect(wrong).rejects.toMatchObject({ name: 'InvalidTargetException' });
  const none = client.send(new DescribeTargetHealthCommand({ TargetGroupArn: 'arn:none' }));
  await expect(none).rejects.toMatchObject({ name: 'TargetGroupNotFoundException' });
});

test('SSM: pages below a path, filters, and wrong types', async () => {
  const client = new SSMClient(lab.client);
  for (let index = 0; index < 12; index += 1) {
    const Name = `/app/p${index}`;
    await client.send(new PutParameterCommand({ Name, Value: String(index), Type: 'String' }));
  }
  const first = await client.send(new GetParametersByPathCommand({ Path: '/app' }));
  const rest = await client.send(
    new GetParametersByPathCommand({ Path: '/app', NextToken: first.NextToken }),
  );
  expect([first.Parameters?.length, rest.Parameters?.length]).toEqual([10, 2]);
  const filter = { Key: 'Name', Option: 'BeginsWith', Values: ['/app/p1'] };
  const named = await client.send(new DescribeParametersCommand({ ParameterFilters: [filter] }));
  expect(named.Parameters?.map(({ Name }) => Name)).toEqual(['/app/p1', '/app/p10', '/app/p11']);
});

test('ECR has no repositories', async () => {
  const client = new ECRClient(lab.client);
  const one = client.send(new DescribeRepositoriesCommand({ repositoryNames: ['x'] }));
  await expect(one).rejects.toMatchObject({ name: 'RepositoryNotFoundException' });
});

test('S3: buckets come and go, and many objects at once', async () => {
  const client = new S3Client({ ...lab.client, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: 'mine' }));
  const { Buckets } = await client.send(new ListBucketsCommand());
  expect(Buckets?.map(({ Name }) => Name)).toEqual(['mine', 'releases']);
  const again = client.send(new CreateBucketCommand({ Bucket: 'mine' }));
  await expect(again).rejects.toMatchObject({ name: 'BucketAlreadyOwnedByYou' });
  for (const Key of ['a', 'b&c'])
    await client.send(new PutObjectCommand({ Bucket: 'mine', Key, Body: Key }));
  const full = client.send(new DeleteBucketCommand({ Bucket: 'mine' }));
  await expect(full).rejects.toMatchObject({ name: 'BucketNotEmpty' });
  const { Deleted } = await client.send(
    new DeleteObjectsCommand({
      Bucket: 'mine',
      Delete: { Objects: [{ Key: 'a' }, { Key: 'b&c' }] },
    }),
  );
  expect(Deleted).toEqual([{ Key: 'a' }, { Key: 'b&c' }]);
  await client.send(new DeleteBucketCommand({ Bucket: 'mine' }));
  expect(Object.keys(lab.region().buckets)).toEqual(['releases']);
});
