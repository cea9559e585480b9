import { describe, expect, test } from 'vitest';
import { entry, RegionBuilder, rule } from '../../region/testing.ts';
import { box } from '../packet-set/packet-set.ts';
import { ask, hopsOf, outcomesOf } from './support.ts';

const open = (number: number, way: 'ingress' | 'egress') =>
  entry(number, way, 'allow', '-1', '0.0.0.0/0');
const OPEN = [open(100, 'ingress'), open(100, 'egress')];

const base = new RegionBuilder()
  .vpc('vpc-1', '10.0.0.0/16')
  .internetGateway('igw-1', 'vpc-1')
  .routeTable('rtb-public', 'vpc-1', { '0.0.0.0/0': 'igw-1' })
  .routeTable('rtb-private', 'vpc-1', { '0.0.0.0/0': 'nat-1' })
  .networkAcl('acl-public', 'vpc-1', OPEN)
  .subnet('subnet-public', 'vpc-1', '10.0.0.0/24', { routeTable: 'rtb-public', acl: 'acl-public' })
  .subnet('subnet-private', 'vpc-1', '10.0.1.0/24', { routeTable: 'rtb-private' })
  .group('sg-open', 'vpc-1', [rule('-1', '0.0.0.0/0')])
  .natGateway('nat-1', { subnet: 'subnet-public', ip: '10.0.0.5', publicIp: '198.18.0.5' })
  .instance('app', { subnet: 'subnet-private', ip: '10.0.1.10', groups: ['sg-open'] })
  .instance('web', {
    ...{ subnet: 'subnet-public', ip: '10.0.0.10', groups: ['sg-open'], publicIp: '198.18.0.1' },
  });

describe('NAT gateway', () => {
  test('is met by its subnet ACL in both directions, there and back, and by no group', () => {
    expect(hopsOf(base.region, 'app', '203.0.113.9', 443)).toEqual({
      forward: [
        ...['eni-app sends', 'egress eni-app', 'egress acl-of-vpc-1 100', 'rtb-private 0.0.0.0/0'],
        ...['ingress acl-public 100', 'nat-1 source', 'eni-nat-1 forwards'],
        ...['egress acl-public 100', 'rtb-public 0.0.0.0/0', 'igw source', 'internet'],
      ],
      back: [
        ...['igw destination', 'ingress acl-public 100', 'nat-1 destination', 'eni-nat-1 sends'],
        ...['egress acl-public 100', 'rtb-public 10.0.0.0/16', 'ingress acl-of-vpc-1 100'],
        'eni-app receives',
      ],
    });
  });
  test.each(['ingress', 'egress'] as const)('the ACL of its subnet, %s', (way) => {
    const shut = base.networkAcl('acl-public', 'vpc-1', [
      entry(50, way, 'deny', 'tcp 443', '0.0.0.0/0'),
      ...OPEN,
    ]);
    expect(ask(shut.region, 'app', '203.0.113.9', 443)).toEqual(['forward SUBNET_ACL_RESTRICTION']);
    expect(ask(shut.region, 'app', '203.0.113.9', 80)).toEqual(['reachable']);
  });
  test('draws the source port: an ACL for some of them leaves the answer open', () => {
    const linux = base.networkAcl('acl-public', 'vpc-1', [
      ...[open(100, 'egress'), entry(90, 'ingress', 'allow', '-1', '10.0.0.0/16')],
      entry(100, 'ingress', 'allow', 'tcp 32768-65535', '0.0.0.0/0'),
    ]);
    // Whatever port the client has, the ACL sees another one.
    const [only, ...more] = outcomesOf(linux.region, 'app', '203.0.113.9', box({ protocol: 6 }));
    expect(more).toEqual([]);
    expect(only?.verdict).toMatchObject({
      kind: 'ambiguous',
      way: 'return',
      reason: {
        code: 'REMAP_EPHEMERAL_PORT',
        ports: [{ first: 32768, last: 65535 }],
        otherwise: { kind: 'blocked', by: { code: 'SUBNET_ACL_RESTRICTION', entry: 32767 } },
      },
    });
    const all = linux.networkAcl('acl-public', 'vpc-1', [
      ...[open(100, 'egress'), entry(90, 'ingress', 'allow', '-1', '10.0.0.0/16')],
      entry(100, 'ingress', 'allow', 'tcp 1024-9999', '0.0.0.0/0'),
      entry(110, 'ingress', 'allow', 'tcp 10000-65535', '0.0.0.0/0'),
    ]);
    expect(ask(all.region, 'app', '203.0.113.9', 443)).toEqual(['reachable']);
    const none = linux.networkAcl('acl-public', 'vpc-1', [
      ...[open(100, 'egress'), entry(90, 'ingress', 'allow', '-1', '10.0.0.0/16')],
    ]);
    expect(ask(none.region, 'app', '203.0.113.9', 443)).toEqual(['return SUBNET_ACL_RESTRICTION']);
  });
  test("the client's own ports count again where the translation is undone", () => {
    const half = base
      .networkAcl('acl-private', 'vpc-1', [
        open(100, 'egress'),
        entry(100, 'ingress', 'allow', 'tcp 32768-65535', '0.0.0.0/0'),
      ])
      .subnet('subnet-private', 'vpc-1', '10.0.1.0/24', {
        ...{ routeTable: 'rtb-private', acl: 'acl-private' },
      });
    expect(ask(half.region, 'app', '203.0.113.9', 443)).toEqual([
      'reachable 32768-65535',
      'return SUBNET_ACL_RESTRICTION 1024-32767',
    ]);
  });
  test('translates tcp, udp and icmp only', () => {
    const verdicts = (protocol: number) =>
      outcomesOf(base.region, 'app', '203.0.113.9', box({ protocol })).map(({ verdict }) =>
        verdict.kind === 'blocked' ? verdict.by.code : verdict.kind,
      );
    expect(verdicts(17)).toEqual(['reachable']);
    expect(new Set(verdicts(1))).toEqual(new Set(['reachable']));
    expect(verdicts(47)).toEqual(['PROTOCOL_RESTRICTION']);
  });
  test('lets nothing in that it did not begin, and answers no ping', () => {
    for (const from of ['internet', 'web', '203.0.113.9']) {
      const to = from === 'web' ? '10.0.0.5' : '198.18.0.5';
      expect(ask(base.region, from, to, 443)).toEqual(['forward NGW_UNSOLICITED_INBOUND']);
      const ping = box({ protocol: 1, details: [{ first: 8, last: 8 }, undefined] });
      expect(outcomesOf(base.region, from, to, ping).map(({ verdict }) => verdict)).toMatchObject([
        { by: { code: 'NGW_UNSOLICITED_INBOUND' } },
      ]);
    }
    expect(ask(base.region, 'eni-nat-1', 'web', 80)).toEqual(['forward SERVICE_OPENS_NOTHING']);
  });
  test('does not serve its own subnet', () => {
    const own = base.routeTable('rtb-public', 'vpc-1', {
      ...{ '0.0.0.0/0': 'igw-1', '203.0.113.0/24': 'nat-1' },
    });
    expect(ask(own.region, 'web', '203.0.113.9', 443)).toEqual(['forward NGW_SAME_SUBNET']);
  });
  test('a private one has no address that an Internet gateway knows', () => {
    const hidden = base.natGateway('nat-1', { subnet: 'subnet-public', ip: '10.0.0.5' });
    const { elasticIps: _gone, ...rest } = hidden.region;
    expect(ask({ ...rest, elasticIps: {} }, 'app', '203.0.113.9', 443)).toEqual([
      'forward IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS',
    ]);
  });
  test('of another VPC, or gone, it is a blackhole for the whole subnet', () => {
    const other = base
      .vpc('vpc-2', '10.2.0.0/16')
      .subnet('subnet-2', 'vpc-2', '10.2.0.0/24')
      .natGateway('nat-2', { subnet: 'subnet-2', ip: '10.2.0.5', publicIp: '198.18.0.6' });
    for (const target of ['nat-2', 'nat-gone']) {
      const made = other.routeTable('rtb-private', 'vpc-1', { '0.0.0.0/0': target });
      expect(ask(made.region, 'app', '203.0.113.9', 443)).toEqual(['forward BAD_STATE_ROUTE']);
    }
  });
  test('a group reference does not match what it sends, its own address does', () => {
    const inner = base
      .routeTable('rtb-private', 'vpc-1', { '0.0.0.0/0': 'nat-1', '10.0.2.0/24': 'nat-1' })
      .subnet('subnet-inner', 'vpc-1', '10.0.2.0/24')
      .group('sg-inner', 'vpc-1', [rule('tcp 80', 'sg-open'), rule('tcp 90', '10.0.0.5/32')])
      .instance('inner', { subnet: 'subnet-inner', ip: '10.0.2.10', groups: ['sg-inner'] });
    expect(ask(inner.region, 'app', 'inner', 80)).toEqual(['forward ENI_SG_RULES_MISMATCH']);
    expect(ask(inner.region, 'app', 'inner', 90)).toEqual(['reachable']);
  });
});
