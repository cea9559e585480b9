import { describe, expect, test } from 'vitest';
import { formatAddress } from '../../region/ipv4.ts';
import { entry, RegionBuilder, rule } from '../../region/testing.ts';
import { endpointOf } from '../endpoint.ts';
import { compile } from '../model.ts';
import { box } from '../packet-set/packet-set.ts';
import { verdictText } from '../text/path.ts';
import { ask, hopsOf, outcomesOf } from './support.ts';

const S3 = 'com.amazonaws.ap-northeast-2.s3';
const listed = (packet: string, prefixListId: string) => ({
  ...rule(packet, '0.0.0.0/0'),
  peer: { kind: 'prefix-list' as const, prefixListId },
});

/** A private subnet with S3 by an endpoint and the rest by a NAT gateway. */
const built = new RegionBuilder()
  .vpc('vpc-1', '10.0.0.0/16')
  .internetGateway('igw-1', 'vpc-1')
  .prefixList('pl-s3')
  .gatewayEndpoint('vpce-s3', 'vpc-1', 'rtb-private')
  .routeTable('rtb-public', 'vpc-1', { '0.0.0.0/0': 'igw-1' })
  .routeTable('rtb-private', 'vpc-1', { '0.0.0.0/0': 'nat-1', 'pl-s3': 'vpce-s3' })
  .subnet('subnet-public', 'vpc-1', '10.0.0.0/24', { routeTable: 'rtb-public' })
  .subnet('subnet-private', 'vpc-1', '10.0.1.0/24', { routeTable: 'rtb-private' })
  .natGateway('nat-1', { subnet: 'subnet-public', ip: '10.0.0.5', publicIp: '198.18.0.5' })
  .group('sg-open', 'vpc-1', [rule('-1', '0.0.0.0/0')])
  .instance('app', { subnet: 'subnet-private', ip: '10.0.1.10', groups: ['sg-open'] })
  .instance('web', {
    ...{ subnet: 'subnet-public', ip: '10.0.0.10', groups: ['sg-open'], publicIp: '198.18.0.1' },
  });
const named = (builder: RegionBuilder): RegionBuilder => {
  const { prefixLists } = builder.region;
  const list = { id: 'pl-s3', name: S3, family: 'ipv4' as const, tags: {} };
  return new RegionBuilder({ ...builder.region, prefixLists: { ...prefixLists, 'pl-s3': list } });
};
const base = named(built);

describe('gateway endpoint', () => {
  test('S3 by the endpoint, with private addresses; the rest by NAT', () => {
    expect(hopsOf(base.region, 'app', 's3', 443)).toEqual({
      forward: [
        ...['eni-app sends', 'egress eni-app', 'egress acl-of-vpc-1 100', 'rtb-private pl-s3'],
        'vpce-s3',
      ],
      back: ['vpce-s3', 'ingress acl-of-vpc-1 100', 'eni-app receives'],
    });
    expect(hopsOf(base.region, 'app', '52.95.1.1', 443).forward).toContain('nat-1 source');
    expect(hopsOf(base.region, 'web', 's3', 443).forward).toContain('igw source');
  });
  test('takes tcp and pings, nothing else', () => {
    const codes = (packets: ReturnType<typeof box>) =>
      outcomesOf(base.region, 'app', 's3', packets).map(({ verdict }) =>
        verdict.kind === 'blocked' ? verdict.by.code : verdict.kind,
      );
    const icmp = (type: number) =>
      box({ protocol: 1, details: [{ first: type, last: type }, undefined] });
    expect(codes(icmp(8))).toEqual(['reachable']);
    expect(codes(icmp(13))).toEqual(['VPCE_GATEWAY_PROTOCOL_RESTRICTION']);
    expect(codes(box({ protocol: 17 }))).toEqual(['VPCE_GATEWAY_PROTOCOL_RESTRICTION']);
  });
  test('gone, or of another VPC: a blackhole, and not NAT', () => {
    const gone = { ...base.region, vpcEndpoints: {} };
    expect(ask(gone, 'app', 's3', 443)).toEqual(['forward BAD_STATE_ROUTE']);
    const moved = base.vpc('vpc-2', '10.2.0.0/16').gatewayEndpoint('vpce-s3', 'vpc-2');
    expect(ask(moved.region, 'app', 's3', 443)).toEqual(['forward BAD_STATE_ROUTE']);
  });
  test('a reply to S3 that came by the Internet gateway does not go by the endpoint', () => {
    const routed = base.routeTable('rtb-public', 'vpc-1', {
      ...{ '0.0.0.0/0': 'igw-1', 'pl-s3': 'vpce-s3' },
    });
    expect(ask(routed.region, 's3', 'web', 443)).toEqual(['return ASYMMETRIC_TRANSLATION']);
  });
  test('the ACL sees the addresses of S3, which only everybody or nobody has', () => {
    const withAcl = (cidr: string) =>
      base
        .networkAcl('acl-1', 'vpc-1', [
          entry(50, 'ingress', 'deny', '-1', '240.0.0.0/4'),
          entry(100, 'ingress', 'allow', '-1', cidr),
          entry(100, 'egress', 'allow', '-1', '0.0.0.0/0'),
        ])
        .subnet('subnet-private', 'vpc-1', '10.0.1.0/24', {
          ...{ routeTable: 'rtb-private', acl: 'acl-1' },
        }).region;
    expect(ask(withAcl('0.0.0.0/0'), 'app', 's3', 443)).toEqual(['reachable']);
    expect(ask(withAcl('10.0.0.0/16'), 'app', 's3', 443)).toEqual([
      'return SUBNET_ACL_RESTRICTION',
    ]);
  });
});

describe('prefix lists', () => {
  test('of AWS as the peer of a rule', () => {
    const only = base.group('sg-open', 'vpc-1', [], [listed('tcp 443', 'pl-s3')]);
    expect(ask(only.region, 'app', 's3', 443)).toEqual(['reachable']);
    expect(ask(only.region, 'app', 's3', 80)).toEqual(['forward ENI_SG_RULES_MISMATCH']);
    expect(ask(only.region, 'app', '52.95.1.1', 443)).toEqual(['forward ENI_SG_RULES_MISMATCH']);
  });
  test('with entries, as peers and as destinations; a more specific route wins', () => {
    const some = base
      .prefixList('pl-some', '203.0.113.0/24', '10.0.1.0/28')
      .group('sg-open', 'vpc-1', [listed('tcp 80', 'pl-some')])
      .routeTable('rtb-public', 'vpc-1', { '0.0.0.0/0': 'igw-1', 'pl-some': 'eni-gone' });
    expect(ask(some.region, 'app', 'web', 80)).toEqual(['return BAD_STATE_ROUTE']);
    expect(ask(some.region, 'web', '203.0.113.9', 80)).toEqual(['forward BAD_STATE_ROUTE']);
    expect(ask(some.region, 'web', '203.0.112.9', 80)).toEqual(['reachable']);
    const narrower = some.routeTable('rtb-public', 'vpc-1', {
      ...{ '0.0.0.0/0': 'eni-gone', 'pl-some': 'eni-gone', '203.0.113.0/25': 'igw-1' },
    });
    expect(ask(narrower.region, 'web', '203.0.113.9', 80)).toEqual(['reachable']);
    expect(ask(narrower.region, 'web', '203.0.113.129', 80)).toEqual(['forward BAD_STATE_ROUTE']);
  });
  test('of equal prefixes a static route comes first', () => {
    const equal = base
      .prefixList('pl-some', '203.0.113.0/24')
      .routeTable('rtb-public', 'vpc-1', { 'pl-some': 'eni-gone', '203.0.113.0/24': 'igw-1' });
    expect(ask(equal.region, 'web', '203.0.113.9', 80)).toEqual(['reachable']);
  });
  test('that overlap and lead to different targets leave the answer open', () => {
    const overlap = (second: string) =>
      base
        .prefixList('pl-1', '203.0.113.0/24')
        .prefixList('pl-2', '203.0.113.0/25')
        .routeTable('rtb-public', 'vpc-1', { 'pl-1': 'igw-1', 'pl-2': second }).region;
    expect(ask(overlap('eni-gone'), 'web', '203.0.113.9', 80)).toEqual([
      'forward ambiguous OVERLAPPING_PREFIX_LISTS',
    ]);
    expect(ask(overlap('eni-gone'), 'web', '203.0.113.200', 80)).toEqual(['reachable']);
    expect(ask(overlap('igw-1'), 'web', '203.0.113.9', 80)).toEqual(['reachable']);
    const static_ = new RegionBuilder(overlap('eni-gone')).routeTable('rtb-public', 'vpc-1', {
      ...{ 'pl-1': 'igw-1', 'pl-2': 'eni-gone', '203.0.113.8/29': 'igw-1' },
    });
    expect(ask(static_.region, 'web', '203.0.113.9', 80)).toEqual(['reachable']);
  });
  test('show as their names, never as addresses', () => {
    const { region } = base
      .routeTable('rtb-private', 'vpc-1', {})
      .group('sg-open', 'vpc-1', [], []);
    const texts = outcomesOf(region, 's3', '10.0.9.9', box({ protocol: 6 })).map(({ verdict }) =>
      verdictText(region, verdict),
    );
    expect(texts).toEqual(['blocked: nobody has 10.0.9.9 (NO_POSSIBLE_DESTINATION)']);
    const model = compile(region);
    const end = endpointOf({ model }, 's3');
    if (!('ranges' in end)) throw new TypeError('s3 is a list');
    expect(end.ranges.map(model.space.rangeText)).toEqual(['s3']);
    expect(endpointOf({ model: compile(base.region) }, 's4')).toEqual({
      unknown: 's4',
      nearest: ['s3'],
    });
    const standIn = formatAddress(end.ranges[0]?.first ?? 0);
    expect(endpointOf({ model }, standIn)).toEqual({ kind: 'addresses', ranges: [] });
  });
});

describe('interface endpoint', () => {
  const made = base
    .group('sg-endpoint', 'vpc-1', [rule('tcp 443', '10.0.0.0/16'), rule('udp 443', '10.0.0.0/16')])
    .interfaceEndpoint('vpce-ssm', {
      ...{ subnet: 'subnet-private', ip: '10.0.1.20', groups: ['sg-endpoint'] },
    });
  test('answers tcp that its groups let in, and begins nothing', () => {
    expect(ask(made.region, 'web', 'vpce-ssm', 443)).toEqual(['reachable']);
    expect(ask(made.region, 'web', 'vpce-ssm', 80)).toEqual(['forward ENI_SG_RULES_MISMATCH']);
    expect(ask(made.region, 'vpce-ssm', 'web', 80)).toEqual(['forward SERVICE_OPENS_NOTHING']);
    const udp = box({ protocol: 17, details: [undefined, { first: 443, last: 443 }] });
    expect(outcomesOf(made.region, 'web', 'vpce-ssm', udp)).toMatchObject([
      { verdict: { by: { code: 'PROTOCOL_RESTRICTION' } } },
    ]);
  });
});
