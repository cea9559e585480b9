/**
 * The clients that people already have, as Debian packages them: the AWS CLI and boto3, both older
 * than AWS_ENDPOINT_URL. They talk to real endpoints; machines and packets are not needed.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { article } from '../../../src/blueprint/test-region.ts';
import { described } from '../../../src/cli/describe.ts';
import { run } from '../../../src/lab/process.ts';
import { startTestLab, type TestLab } from '../../../src/lab/services/aws/testing.ts';
import { compile } from '../../../src/reach/model.ts';
import { matrixOf } from '../../../src/reach/testing.ts';
import type { JsonMap } from '../../../src/region/json.ts';
import { AwsShell } from '../support/aws-shell.ts';

const AWS = '/usr/bin/aws';
const BOTO3 = '/usr/lib/python3/dist-packages/boto3/__init__.py';

let lab: TestLab;
let folder: string;
let shell: AwsShell;
beforeAll(async () => {
  const missing = [AWS, BOTO3].filter((file) => !existsSync(file));
  if (missing.length > 0) {
    await run('apt-get', ['install', '-y', '--no-install-recommends', 'awscli', 'python3-boto3']);
  }
  lab = await startTestLab(article());
  folder = await mkdtemp(join(tmpdir(), 'clients-'));
  shell = new AwsShell(environment(), folder);
});
afterAll(async () => {
  shell.end();
  await lab.close();
  await rm(folder, { recursive: true });
  expect(lab.errors).toEqual([]);
});

const environment = () => {
  const { PATH } = process.env;
  return { PATH, HOME: folder, LC_ALL: 'C.UTF-8', AWS_PAGER: '', ...lab.environment };
};

/** What it prints and says; never throws for its exit code. */
async function client(program: string, args: readonly string[]) {
  const options = { env: environment(), cwd: folder };
  const started = promisify(execFile)(program, [...args], options);
  return started.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
}

const cli = (...args: string[]) =>
  shell.run(['--endpoint-url', lab.url, '--output', 'json', ...args]);

async function json(...args: string[]) {
  const { code, stdout, stderr } = await cli(...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

/** Reading AWS's models takes the CLI seconds where others are at work too. */
const LONG = { timeout: 600_000 };

const VPC = `
Parameters: { Block: { Type: String } }
Resources: { Net: { Type: AWS::EC2::VPC, Properties: { CidrBlock: !Ref Block } } }
Outputs: { Id: { Value: !Ref Net } }
`;

describe('the AWS CLI', () => {
  test('as its program is started by a shell', LONG, async () => {
    const command = ['--endpoint-url', lab.url, 'sts', 'get-caller-identity', '--output', 'text'];
    const { code, stdout, stderr } = await client(AWS, command);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^\d{12}\tarn:aws:iam::\d{12}:/);
  });

  test('collects what --describe reads as the same region', LONG, async () => {
    const region = lab.region();
    const place = join(folder, 'aws_configs', region.name);
    await mkdir(place, { recursive: true });
    const commands = [
      ...['vpcs', 'subnets', 'route-tables', 'network-acls', 'security-groups', 'instances'],
      ...['security-group-rules', 'network-interfaces', 'addresses', 'internet-gateways'],
      ...['egress-only-internet-gateways', 'nat-gateways', 'vpc-peering-connections'],
      ...['vpc-endpoints', 'managed-prefix-lists', 'transit-gateways', 'vpn-gateways'],
    ];
    for (const command of commands) {
      const { code, stdout, stderr } = await cli('ec2', `describe-${command}`);
      expect({ command, code, stderr }).toEqual({ command, code: 0, stderr: '' });
      await writeFile(join(place, `${command}.json`), stdout);
    }
    for (const id of Object.keys(region.vpcs)) {
      const args = ['--vpc-id', id, '--attribute', 'enableDnsSupport'];
      const { stdout } = await cli('ec2', 'describe-vpc-attribute', ...args);
      await writeFile(join(place, `dns-${id}.json`), stdout);
    }
    const back = await described(folder, {});
    const matrix = matrixOf(compile(region));
    expect(matrixOf(compile(back.region))).toEqual(matrix);
    expect([...matrix.values()].filter((services) => services !== '[]').length).toBeGreaterThan(20);
  });

  test('deploys a stack, and changes and deletes it', LONG, async () => {
    await writeFile(join(folder, 'vpc.yaml'), VPC);
    const deploy = async (block: string) => {
      // Its change sets are named by the second.
      await sleep(1000 - (Date.now() % 1000));
      return cli(
        ...['cloudformation', 'deploy', '--stack-name', 'net', '--template-file', 'vpc.yaml'],
        ...['--parameter-overrides', `Block=${block}`, '--tags', 'Team=me'],
      );
    };
    const first = await deploy('10.7.0.0/16');
    expect(first.stdout).toContain('Successfully created/updated stack - net');
    const { Stacks } = await json('cloudformation', 'describe-stacks', '--stack-name', 'net');
    const [{ OutputValue }] = Stacks[0].Outputs;
    const { Vpcs } = await json('ec2', 'describe-vpcs', '--vpc-ids', OutputValue);
    expect(Vpcs[0].CidrBlock).toBe('10.7.0.0/16');
    const same = await deploy('10.7.0.0/16');
    expect(same.stdout).toContain('No changes to deploy');
    expect(await deploy('10.8.0.0/16')).toMatchObject({ code: 0, stderr: '' });
    const events = await json('cloudformation', 'describe-stack-events', '--stack-name', 'net');
    expect(events.StackEvents[0].ResourceStatus).toBe('UPDATE_COMPLETE');
    await cli('cloudformation', 'delete-stack', '--stack-name', 'net');
    const waited = await cli(
      'cloudformation',
      'wait',
      'stack-delete-complete',
      '--stack-name',
      'net',
    );
    expect(waited.code).toBe(0);
    const bad = await deploy('nonsense');
    expect(bad.stderr).toContain('Failed to create/update the stack');
    const refused = await json('cloudformation', 'describe-stack-events', '--stack-name', 'net');
    const reasons = refused.StackEvents.map((each: JsonMap) => each['ResourceStatusReason']);
    expect(reasons.join('\n')).toContain('nonsense');
  });

  test('objects, parameters, secrets, records, roles, and the rest', LONG, async () => {
    const bucket = Object.values(lab.region().buckets)[0]?.name ?? '';
    await writeFile(join(folder, 'large'), Buffer.alloc(20 * 1024 * 1024, 'x'));
    const copied = await cli('s3', 'cp', 'large', `s3://${bucket}/a/large`);
    expect(copied.code).toBe(0);
    expect((await cli('s3', 'ls', `s3://${bucket}/a/`)).stdout).toContain('20971520 large');
    expect((await cli('s3', 'rm', '--recursive', `s3://${bucket}/a`)).code).toBe(0);
    await json('ssm', 'put-parameter', '--name', '/a/b', '--type', 'String', '--value', '1');
    const { Parameters } = await json('ssm', 'get-parameters-by-path', '--path', '/a');
    expect(Parameters[0].Value).toBe('1');
    await json('secretsmanager', 'create-secret', '--name', 's', '--secret-string', 'hush');
    const secret = await json('secretsmanager', 'get-secret-value', '--secret-id', 's');
    expect(secret.SecretString).toBe('hush');
    const zones = await json('route53', 'list-hosted-zones');
    expect(zones.HostedZones.length).toBeGreaterThan(0);
    const [zone] = zones.HostedZones;
    const records = await json('route53', 'list-resource-record-sets', '--hosted-zone-id', zone.Id);
    expect(records.ResourceRecordSets.length).toBeGreaterThan(0);
    const { Roles } = await json('iam', 'list-roles');
    expect(Roles[0].AssumeRolePolicyDocument.Statement[0].Action).toBe('sts:AssumeRole');
    expect(await json('autoscaling', 'describe-auto-scaling-groups')).toEqual({
      AutoScalingGroups: [],
    });
    expect(await json('elbv2', 'describe-load-balancers')).toEqual({ LoadBalancers: [] });
    expect(await json('rds', 'describe-db-instances')).toEqual({ DBInstances: [] });
    const none = await cli('rds', 'describe-db-instances', '--db-instance-identifier', 'none');
    expect(none.stderr).toContain('(DBInstanceNotFound)');
    const absent = await cli('ec2', 'run-instances', '--image-id', 'ami-1');
    expect(absent.stderr).toContain('(NotImplemented) when calling the RunInstances operation');
  });
});

test('boto3: paginators, waiters, exceptions by name, presigned addresses', async () => {
  const script = `
import boto3, json, urllib.request
from botocore.exceptions import ClientError
def client(name): return boto3.client(name, endpoint_url=${JSON.stringify(lab.url)})
ec2 = client('ec2')
rules = [r for p in ec2.get_paginator('describe_security_group_rules').paginate(PaginationConfig={'PageSize': 5}) for r in p['SecurityGroupRules']]
names = [t['Value'] for r in ec2.describe_instances()['Reservations'] for i in r['Instances'] for t in i['Tags'] if t['Key'] == 'Name']
group = ec2.describe_security_groups()['SecurityGroups'][0]['GroupId']
ec2.authorize_security_group_ingress(GroupId=group, IpProtocol='tcp', FromPort=9, ToPort=9, CidrIp='192.0.2.1/32')
try: ec2.authorize_security_group_ingress(GroupId=group, IpProtocol='tcp', FromPort=9, ToPort=9, CidrIp='192.0.2.1/32')
except ClientError as error: code = error.response['Error']['Code']
instance = [i['InstanceId'] for r in ec2.describe_instances()['Reservations'] for i in r['Instances']][0]
ec2.stop_instances(InstanceIds=[instance])
ec2.get_waiter('instance_stopped').wait(InstanceIds=[instance])
s3 = client('s3')
bucket = s3.list_buckets()['Buckets'][0]['Name']
s3.put_object(Bucket=bucket, Key='k', Body=b'hello')
url = s3.generate_presigned_url('get_object', Params={'Bucket': bucket, 'Key': 'k'})
ssm = client('ssm')
try: ssm.get_parameter(Name='/none')
except ssm.exceptions.ParameterNotFound: missing = True
cfn = client('cloudformation')
cfn.create_stack(StackName='boto', TemplateBody=json.dumps({'Resources': {'Net': {'Type': 'AWS::EC2::VPC', 'Properties': {'CidrBlock': '10.9.0.0/16'}}}}))
cfn.get_waiter('stack_create_complete').wait(StackName='boto')
resource = boto3.resource('ec2', endpoint_url=${JSON.stringify(lab.url)})
print(json.dumps({'rules': len(rules), 'names': sorted(names), 'code': code, 'missing': missing,
  'read': urllib.request.urlopen(url).read().decode(),
  'vpcs': sorted(v.cidr_block for v in resource.vpcs.all())}))
`;
  const before = lab.region();
  const { code, stdout, stderr } = await client('/usr/bin/python3', ['-c', script]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const rules = Object.values(before.securityGroups).flatMap((each) => [
    ...each.ingress,
    ...each.egress,
  ]);
  expect(JSON.parse(stdout)).toEqual({
    rules: rules.length,
    names: Object.values(before.instances)
      .map(({ name }) => name)
      .toSorted(),
    ...{ code: 'InvalidPermission.Duplicate', missing: true, read: 'hello' },
    vpcs: [...Object.values(before.vpcs).map(({ cidrs }) => cidrs[0]), '10.9.0.0/16'].toSorted(),
  });
});
