import { describe, expect, test } from 'vitest';
import { templateOf } from '../blueprint/test-support.ts';
import { stackOf } from '../cloudformation/testing.ts';
import { billOf } from './bill.ts';
import type { DeclaredResource } from './item.ts';
import { PRICES } from './prices.ts';
import { totalText } from './text.ts';
import { USAGE } from './usage.ts';

function exampleRegion() {
  return stackOf(JSON.stringify(templateOf()), {
    parameters: {
      AdministratorCidr: '198.51.100.10/32',
      AdministratorPublicKey: 'ssh-ed25519 AAAAC3Nz operator',
    },
  }).region;
}

const declared = (logicalId: string, type: string, properties = {}): DeclaredResource => ({
  ...{ logicalId, type, properties },
});

const onlyOf = (...resources: readonly DeclaredResource[]) =>
  billOf(
    stackOf('Resources: { Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } } }')
      .region,
    resources,
    USAGE,
    PRICES,
  );

describe('the example in Seoul', () => {
  const resources = Object.entries(templateOf().Resources).map(([logicalId, { Type }]) =>
    declared(logicalId, Type),
  );
  const bill = billOf(exampleRegion(), resources, USAGE, PRICES);

  test.each([
    // 2 × 0.0052 × 730
    ['instances t4g.nano', 2, 7.592],
    // 6 × 0.0104 × 730
    ['instances t4g.micro', 6, 45.552],
    // (8 roots × 8 GiB + 8 GiB of data) × 0.0912
    ['volumes gp3, GiB', 72, 6.5664],
    // nat, edge, bastion: 3 × 0.005 × 730
    ['public IPv4 addresses', 3, 10.95],
    // 2 × 0.50
    ['hosted zones', 2, 1],
    // 0.1 × 0.40
    ['DNS queries, millions', 0.1, 0.04],
    // 1 × 0.025
    ['in buckets, GB', 1, 0.025],
    ['to the Internet, GB above 100', 0, 0],
  ])('%s', (what, quantity, usd) => {
    const line = bill.lines.find((each) => each.what === what);
    expect(line?.quantity).toBe(quantity);
    expect(line?.usd).toBeCloseTo(usd, 6);
  });

  test('these are all lines, and their sum is the bill', () => {
    expect(bill.lines).toHaveLength(8);
    expect(bill.unknown).toEqual([]);
    expect(bill.total).toBeCloseTo(71.7254, 6);
    expect(totalText(bill)).toBe('$71.73 a month');
  });

  test('more traffic than AWS gives an account is paid for', () => {
    const busy = billOf(exampleRegion(), [], { ...USAGE, internetOutGb: 300 }, PRICES);
    // 200 × 0.126
    expect(busy.total - bill.total).toBeCloseTo(25.2, 6);
  });
});

test('a managed twin: NAT gateway, load balancer, database', () => {
  const bill = onlyOf(
    declared('Balancer', 'AWS::ElasticLoadBalancingV2::LoadBalancer', {
      Subnets: [{ Ref: 'A' }, { Ref: 'B' }],
    }),
    declared('Database', 'AWS::RDS::DBInstance', {
      ...{ Engine: 'mysql', DBInstanceClass: 'db.t4g.micro', AllocatedStorage: '20' },
      ...{ StorageType: 'gp3', MultiAZ: true },
    }),
  );
  expect(bill.lines.map(({ what, usd }) => [what, Number(usd.toFixed(4))])).toEqual([
    ['load balancers (ALB)', 16.425],
    ['capacity units of ALBs', 5.84],
    ['public IPv4 addresses of load balancers', 7.3],
    ['databases db.t4g.micro, Multi-AZ', 37.23],
    ['database storage gp3, GiB', 5.24],
  ]);
});

test('what is not in the table is named, and is no zero', () => {
  const bill = onlyOf(
    declared('Files', 'AWS::EFS::FileSystem'),
    declared('Database', 'AWS::RDS::DBInstance', { Engine: 'oracle-ee', DBInstanceClass: 'db.m5' }),
    declared('Network', 'AWS::EC2::RouteTable'),
  );
  expect(bill.lines).toEqual([]);
  expect(bill.unknown.map(({ what, why }) => `${what}: ${why}`)).toEqual([
    'Files: AWS::EFS::FileSystem: what this type costs is not in the price table',
    'Database: database db.m5: the price table knows MySQL only, not oracle-ee',
  ]);
  expect(totalText(bill)).toBe('$0.00 a month, and 2 things of unknown price');
});

test('a region that the table does not have: every line is unknown', () => {
  const region = { ...exampleRegion(), name: 'sa-east-1' };
  const bill = billOf(region, [], USAGE, PRICES);
  expect(bill.lines.map(({ service }) => service)).toEqual(['Route 53', 'Route 53']);
  expect(bill.unknown[0]?.why).toBe(
    'the price table has no Linux on-demand t4g.nano (EC2) for sa-east-1',
  );
});

test('each figure has a source and a date, and none is below zero', () => {
  for (const { item, figures } of PRICES) {
    for (const price of Object.values(figures)) {
      expect(price.source, item).not.toBe('');
      expect(price.date, item).toMatch(/^20\d\d(-\d\d(-\d\d)?)?$/);
      expect(price.usd, item).toBeGreaterThanOrEqual(0);
    }
  }
});
