import { describe, expect, test } from 'vitest';
import { templateOf } from '../blueprint/test-support.ts';
import { parseTemplate } from '../cloudformation/parse.ts';
import { stackOf } from '../cloudformation/testing.ts';
import { billOf } from './bill.ts';
import { declaredResources } from './declared.ts';
import { diffOf } from './diff.ts';
import { PRICES } from './prices.ts';
import { groupsOf, totalText } from './text.ts';
import { twinsOf } from './twin.ts';
import { USAGE, usageText } from './usage.ts';

const PARAMETERS = {
  AdministratorCidr: '198.51.100.10/32',
  AdministratorPublicKey: 'ssh-ed25519 AAAAC3Nz operator',
};

function billed(template: string, parameters = {}, usage = {}, prices = PRICES) {
  const { region, stack } = stackOf(template, { parameters });
  const resources = declaredResources(parseTemplate(template, 'vpc.yaml'), stack);
  const supposed = { ...USAGE, ...usage };
  const bill = billOf(region, resources, supposed, prices);
  return { region, bill, twins: twinsOf(region, bill, supposed, prices) };
}

const example = (usage = {}) => billed(JSON.stringify(templateOf()), PARAMETERS, usage);

/** A VPC of two zones with what a test adds. */
const VPC = `
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }
  Gateway: { Type: AWS::EC2::InternetGateway }
  Attached: { Type: AWS::EC2::VPCGatewayAttachment, Properties: { VpcId: !Ref Vpc, InternetGatewayId: !Ref Gateway } }
  A: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24, AvailabilityZone: ap-northeast-2a } }
  B: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, AvailabilityZone: ap-northeast-2b } }
  Place: { Type: AWS::RDS::DBSubnetGroup, Properties: { DBSubnetGroupDescription: both, SubnetIds: [!Ref A, !Ref B] } }
`;
const ofVpc = (more: string, usage = {}) => billed(`Resources:${VPC}${more}`, {}, usage);

const shown = (lines: ReturnType<typeof example>['bill']['lines']) =>
  lines.map(({ resource, what, quantity, usd }) => [
    resource,
    what,
    quantity,
    Number(usd.toFixed(4)),
  ]);

const volume = (size: number) => Number((size * 0.0912).toFixed(4));
const host = (name: string, type: string, usd: number, size = 8) => [
  [name, `instance t4g.${type}`, 1, usd],
  [name, 'gp3 volume, GiB', size, volume(size)],
];
/** 0.0052 × 730, 0.0104 × 730, 0.005 × 730 */
const [NANO, MICRO, ADDRESS] = [3.796, 7.592, 3.65];
const address = (name: string) => [name, 'public IPv4 address', 1, ADDRESS];

describe('the example in Seoul', () => {
  const { bill, twins } = example();

  test('each line is the one worked out by hand', () => {
    const expected = [
      ...[...host('bastion', 'nano', NANO), address('bastion')],
      ...[...host('nat', 'nano', NANO), address('nat')],
      ...[...host('edge', 'micro', MICRO), address('edge')],
      ...host('web', 'micro', MICRO),
      ...host('gateway', 'micro', MICRO),
      ...host('api-1', 'micro', MICRO),
      ...host('api-2', 'micro', MICRO),
      // The root, and 8 GiB of data.
      ...host('database', 'micro', MICRO, 16),
      ['DomainPublicZone', 'hosted zone', 1, 0.5],
      // 0.1 × 0.40
      ['DomainPublicZone', 'million DNS queries', 0.1, 0.04],
      ['DomainPrivateZone', 'hosted zone', 1, 0.5],
      ['ReleasesBucket', 'GB in the bucket', 1, 0.025],
      ['to the Internet', 'GB out, 50 free', 0, 0],
    ];
    expect(shown(bill.lines)).toEqual(expected);
    expect(bill.unknown).toEqual([]);
    // 2 × 3.796 + 6 × 7.592 + 72 × 0.0912 + 3 × 3.65 + 1.04 + 0.025
    expect(bill.total).toBeCloseTo(71.7254, 6);
    expect(totalText(bill)).toBe('$71.73 a month');
  });

  test('the managed twin, line by line', () => {
    expect(
      twins.map(({ resource, service, usd }) => [resource, service, Number(usd.toFixed(4))]),
    ).toEqual([
      // 3.796 + 0.7296 + 3.65
      ['bastion', 'Client VPN', 8.1756],
      ['nat', 'NAT gateway', 8.1756],
      // 7.592 + 0.7296 + 3.65
      ['edge', 'Application Load Balancer', 11.9716],
      // 7.592 + 16 × 0.0912
      ['database', 'RDS for MySQL 8.4', 9.0512],
    ]);
    expect(shown(twins.flatMap(({ lines }) => lines))).toEqual([
      // 0.10 × 730; 0.05 × 176
      ['bastion', 'subnet association', 1, 73],
      ['bastion', 'connection', 1, 8.8],
      // 0.059 × 730; 10 × 0.059
      ['nat', 'NAT gateway', 1, 43.07],
      ['nat', 'GB through it', 10, 0.59],
      ['nat', 'public IPv4 address', 1, 3.65],
      // 0.0225 × 730; 0.008 × 730; 2 × 0.005 × 730
      ['edge', 'load balancer (ALB)', 1, 16.425],
      ['edge', 'capacity units', 1, 5.84],
      ['edge', 'public IPv4 address', 2, 7.3],
      // 0.025 × 730; 20 × 0.131
      ['database', 'db.t4g.micro, Single-AZ', 1, 18.25],
      ['database', 'gp3 storage, GiB', 20, 2.62],
    ]);
    expect(twins.flatMap(({ unknown }) => unknown)).toEqual([]);
    for (const { buys } of twins) expect(buys).toHaveLength(2);
  });

  test('every figure has a source and a day', () => {
    for (const { source, date } of [...bill.lines, ...twins.flatMap(({ lines }) => lines)]) {
      expect(source).not.toBe('');
      expect(date).toMatch(/^20\d\d-\d\d-\d\d$/);
    }
  });

  test('equal hosts are shown as one', () => {
    const names = groupsOf(bill).map(({ resources }) => resources);
    expect(names).toContainEqual(['web', 'gateway', 'api-1', 'api-2']);
    expect(names).toContainEqual(['bastion', 'nat']);
    expect(groupsOf(bill).reduce((sum, { usd }) => sum + usd, 0)).toBeCloseTo(bill.total, 6);
  });

  test.each([
    // 200 × 0.126
    [300, 25.2],
    // 10240 × 0.126 + 1000 × 0.122
    [11_340, 1412.24],
  ])('%d GB to the Internet', (internetOutGb, usd) => {
    expect(example({ internetOutGb }).bill.total - bill.total).toBeCloseTo(usd, 6);
  });

  test('a free amount that is used up elsewhere', () => {
    const { total } = example({ freeInternetOutGb: 0 }).bill;
    // 50 × 0.126
    expect(total - bill.total).toBeCloseTo(6.3, 6);
  });

  test('what is supposed is said, and what was given is marked', () => {
    const lines = usageText({ ...USAGE, vpnHours: 9 }, { vpnHours: 9 });
    expect(lines.at(-1)).toMatch(/^vpnHours=9 .*\(given\)$/);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(78);
  });
});

test('services of AWS: a load balancer in two zones with a database', () => {
  const { bill, twins } = ofVpc(`
  Balancer: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer, DependsOn: Attached, Properties: { Subnets: [!Ref A, !Ref B] } }
  Database: { Type: AWS::RDS::DBInstance, Properties: { Engine: mysql, EngineVersion: 8.4.5, DBInstanceClass: db.t4g.micro, AllocatedStorage: '20', StorageType: gp3, MultiAZ: true, DBSubnetGroupName: !Ref Place, MasterUsername: me, MasterUserPassword: long-enough } }
`);
  expect(bill.unknown).toEqual([]);
  expect(shown(bill.lines)).toEqual([
    // Two addresses, one in each zone.
    ['Balancer', 'public IPv4 address', 2, 7.3],
    ['Balancer', 'load balancer (ALB)', 1, 16.425],
    ['Balancer', 'capacity units', 1, 5.84],
    ['Database', 'db.t4g.micro, Multi-AZ', 1, 37.23],
    ['Database', 'gp3 storage, GiB', 20, 5.24],
    ['to the Internet', 'GB out, 50 free', 0, 0],
    // 10 GB, paid for by who sends and by who receives.
    ['between zones', 'GB, of 10 both ways', 20, 0.2],
  ]);
  expect(twins).toEqual([]);
});

const database = (more: string) => `
  Database: { Type: AWS::RDS::DBInstance, Properties: { Engine: mysql, DBInstanceClass: db.t4g.micro, AllocatedStorage: '20', DBSubnetGroupName: !Ref Place, MasterUsername: me, MasterUserPassword: long-enough, ${more} } }
`;

describe('RDS extended support', () => {
  test.each([
    ['EngineVersion: 8.0.35', 2],
    ['EngineVersion: 8.0.35, MultiAZ: true', 4],
  ])('%s', (more, vcpus) => {
    const line = ofVpc(database(more)).bill.lines.find(({ what }) => what.includes('extended'));
    expect(line?.quantity).toBe(vcpus);
    // By vCPU 0.12 × 730
    expect(line?.usd).toBeCloseTo(vcpus * 87.6, 6);
  });

  test.each([
    'EngineVersion: 8.4.5',
    'EngineVersion: 8.0.35, EngineLifecycleSupport: open-source-rds-extended-support-disabled',
  ])('none: %s', (more) => {
    const { bill } = ofVpc(database(more));
    expect(bill.lines.filter(({ what }) => what.includes('extended'))).toEqual([]);
    expect(bill.unknown).toEqual([]);
  });

  test.each([
    ["DBName: 'shop'", 'the template names no version of MySQL: 8.0 has it, 8.4 has not'],
    ['EngineVersion: 5.7.44', 'the price table has none of MySQL 5.7'],
  ])('unknown: %s', (more, why) => {
    const { bill } = ofVpc(database(more));
    expect(bill.unknown).toEqual([{ resource: 'Database', what: 'RDS extended support', why }]);
  });
});

test('an Auto Scaling group is paid for by its instances, and idle addresses are', () => {
  const { bill } = ofVpc(`
  Idle: { Type: AWS::EC2::EIP }
  Fast: { Type: AWS::EC2::Volume, Properties: { AvailabilityZone: ap-northeast-2a, Size: 100, VolumeType: gp3, Iops: 4000, Throughput: 225 } }
  Launch: { Type: AWS::EC2::LaunchTemplate, Properties: { LaunchTemplateData: { ImageId: ami-0123456789abcdef0, InstanceType: t3.micro } } }
  Group: { Type: AWS::AutoScaling::AutoScalingGroup, Properties: { MinSize: '2', MaxSize: '4', VPCZoneIdentifier: [!Ref A], LaunchTemplate: { LaunchTemplateId: !Ref Launch, Version: '1' } } }
`);
  expect(bill.unknown).toEqual([]);
  const of = (text: string) => shown(bill.lines).filter(([, what]) => String(what).includes(text));
  expect(of('instance').map(([, , quantity, usd]) => [quantity, usd])).toEqual([
    // 0.013 × 730
    [1, 9.49],
    [1, 9.49],
  ]);
  expect(of('idle')).toEqual([['Idle', 'idle Elastic IP', 1, 3.65]]);
  expect(of('above')).toEqual([
    ['Fast', 'gp3 operations above 3000', 1000, 5.7],
    ['Fast', 'gp3 MiB/s above 125', 100, 4.56],
  ]);
});

test('what is not in the table is named, and is no zero', () => {
  const { bill } = ofVpc(`
  Files: { Type: AWS::EFS::FileSystem }
  Database: { Type: AWS::RDS::DBInstance, Properties: { Engine: postgres, DBInstanceClass: db.m5.large, AllocatedStorage: '20', DBSubnetGroupName: !Ref Place, MasterUsername: me, MasterUserPassword: long-enough } }
`);
  expect(bill.lines).toEqual([]);
  expect(bill.unknown.map(({ resource, what, why }) => `${resource}: ${what}: ${why}`)).toEqual([
    'Database: database db.m5.large: the price table knows MySQL only, not postgres',
    'Files: AWS::EFS::FileSystem: what this type costs is not in the price table',
  ]);
  expect(totalText(bill)).toBe('$0.00 a month, and 2 things of unknown price');
});

test('a region that the table does not have: what is not the same everywhere is unknown', () => {
  const { region } = example();
  const elsewhere = { ...region, name: 'sa-east-1' };
  const bill = billOf(elsewhere, [], USAGE, PRICES);
  expect(new Set(bill.lines.map(({ service }) => service))).toEqual(new Set(['Route 53']));
  expect(bill.unknown[0]).toEqual({
    resource: 'bastion',
    what: 'instance t4g.nano',
    why: 'the price table has no Linux on-demand t4g.nano (EC2) for sa-east-1',
  });
  const unknown = twinsOf(elsewhere, bill, USAGE, PRICES).map((twin) => twin.unknown.length);
  expect(unknown).toEqual([2, 3, 3, 2]);
});

test('a bill and the next one', () => {
  const older = ofVpc('  One: { Type: AWS::EC2::EIP }\n  Two: { Type: AWS::EC2::EIP }\n').bill;
  const newer = ofVpc(
    '  Two: { Type: AWS::EC2::EIP }\n  Disk: { Type: AWS::EC2::Volume, Properties: { AvailabilityZone: ap-northeast-2a, Size: 10, VolumeType: gp3 } }\n  Files: { Type: AWS::EFS::FileSystem }\n',
  ).bill;
  const found = diffOf(older, newer);
  expect(found.changes.map(({ resource, usd }) => [resource, Number(usd.toFixed(4))])).toEqual([
    ['One', -3.65],
    ['Disk', 0.912],
  ]);
  expect(found.after - found.before).toBeCloseTo(-2.738, 6);
  expect(found.newlyUnknown.map(({ resource }) => resource)).toEqual(['Files']);
  expect(diffOf(newer, newer).changes).toEqual([]);
});

test('each figure of the table has a source and a date, and none is below zero', () => {
  for (const { item, figures } of PRICES) {
    for (const price of Object.values(figures)) {
      expect(price.source, item).not.toBe('');
      expect(price.date, item).toMatch(/^20\d\d(-\d\d(-\d\d)?)?$/);
      expect(price.usd, item).toBeGreaterThanOrEqual(0);
    }
  }
});
