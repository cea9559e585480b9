import { describe, expect, test } from 'vitest';
import type { Region } from '../../region/region.ts';
import { entry, RegionBuilder, rule } from '../../region/testing.ts';
import type { Family } from '../address-space.ts';
import { endpointOf } from '../endpoint.ts';
import { compile, type Model } from '../model.ts';
import { tcp } from '../scenarios/support.ts';
import { changeText } from '../text/path.ts';
import { wayThrough } from './why.ts';

function changesFor(
  region: Region,
  from: string,
  to: string,
  port: number,
  family: Family = 'ipv4',
): readonly string[] {
  const modelOf = (each: Region): Model => compile(each, family);
  const way = wayThrough(
    region,
    (model) => {
      const [one, other] = [endpointOf({ model }, from), endpointOf({ model }, to)];
      if ('unknown' in one || 'unknown' in other) throw new RangeError('unknown');
      return { from: one, to: other, packets: tcp(port) };
    },
    modelOf,
  );
  return [...way.changes.map((each) => changeText(region, each)), ...(way.proved ? [] : ['no'])];
}

const base = new RegionBuilder()
  .vpc('vpc-1', '10.0.0.0/16')
  .vpc('vpc-2', '10.1.0.0/16')
  .internetGateway('igw-1', 'vpc-1')
  .routeTable('rtb-public', 'vpc-1', { '0.0.0.0/0': 'igw-1' })
  .routeTable('rtb-private', 'vpc-1', {})
  .subnet('subnet-public', 'vpc-1', '10.0.0.0/24', { routeTable: 'rtb-public' })
  .subnet('subnet-private', 'vpc-1', '10.0.1.0/24', { routeTable: 'rtb-private' })
  .subnet('subnet-far', 'vpc-2', '10.1.0.0/24')
  .group('sg-open', 'vpc-1', [rule('-1', '0.0.0.0/0')])
  .group('sg-far', 'vpc-2', [])
  .instance('app', { subnet: 'subnet-private', ip: '10.0.1.10', groups: ['sg-open'] })
  .instance('far', { subnet: 'subnet-far', ip: '10.1.0.10', groups: ['sg-far'] });

describe('ways on', () => {
  test('to a peered VPC: accept, a route on both sides, a reference', () => {
    const pending = base.peering('pcx-1', 'vpc-1', 'vpc-2', false);
    expect(changesFor(pending.region, 'app', '10.1.0.10', 80)).toEqual([
      'peering pcx-1: accept it',
      'route table rtb-private: 10.1.0.0/16 → pcx-1',
      'group sg-far, ingress: allow tcp 80 from sg-open',
      'route table rtb-of-vpc-2: 10.0.0.0/16 → pcx-1',
    ]);
    expect(changesFor(base.region, 'app', '10.1.0.10', 80)).toEqual(['no']);
  });
  test('out: by a NAT gateway of another subnet, in the place of a blackhole too', () => {
    const nat = base.natGateway('nat-1', {
      ...{ subnet: 'subnet-public', ip: '10.0.0.5', publicIp: '198.18.0.5' },
    });
    expect(changesFor(nat.region, 'app', '203.0.113.9', 443)).toEqual([
      'route table rtb-private: 0.0.0.0/0 → nat-1',
    ]);
    const hole = nat.routeTable('rtb-private', 'vpc-1', { '203.0.113.0/24': 'nat-gone' });
    expect(changesFor(hole.region, 'app', '203.0.113.9', 443)).toEqual([
      'route table rtb-private: 203.0.113.0/24 → nat-1',
    ]);
  });
  test('to S3: by the endpoint that is there, and a rule that names the list', () => {
    const { region } = base
      .prefixList('com.amazonaws.ap-northeast-2.s3')
      .gatewayEndpoint('vpce-s3', 'vpc-1')
      .group('sg-open', 'vpc-1', [], []);
    expect(changesFor(region, 'app', 's3', 443)).toEqual([
      'group sg-open, egress: allow tcp 443 to com.amazonaws.ap-northeast-2.s3',
      'route table rtb-private: com.amazonaws.ap-northeast-2.s3 → vpce-s3',
    ]);
  });
  test('behind a NAT gateway: replies to every port that it may draw', () => {
    const { region } = base
      .networkAcl('acl-public', 'vpc-1', [
        entry(100, 'egress', 'allow', '-1', '0.0.0.0/0'),
        entry(100, 'ingress', 'allow', 'tcp 443', '10.0.0.0/16'),
        entry(110, 'ingress', 'allow', 'tcp 32768-65535', '0.0.0.0/0'),
      ])
      .subnet('subnet-public', 'vpc-1', '10.0.0.0/24', {
        ...{ routeTable: 'rtb-public', acl: 'acl-public' },
      })
      .routeTable('rtb-private', 'vpc-1', { '0.0.0.0/0': 'nat-1' })
      .natGateway('nat-1', { subnet: 'subnet-public', ip: '10.0.0.5', publicIp: '198.18.0.5' });
    expect(changesFor(region, 'app', '203.0.113.9', 443)).toEqual([
      'network ACL acl-public, ingress 32766: allow tcp 1024–65535 from 0.0.0.0/0',
    ]);
  });
  test('of IPv6: out by the egress-only gateway, in by the Internet gateway', () => {
    const six = base
      .ipv6('vpc-1', '2001:db8:1::/56')
      .egressOnlyInternetGateway('eigw-1', 'vpc-1')
      .networkAcl('acl-6', 'vpc-1', [
        ...[entry(1, 'ingress', 'allow', '-1', '::/0'), entry(1, 'egress', 'allow', '-1', '::/0')],
      ])
      .subnet('subnet-private', 'vpc-1', '10.0.1.0/24', {
        ...{ routeTable: 'rtb-private', acl: 'acl-6', ipv6Cidr: '2001:db8:1::/64' },
      })
      .group('sg-open', 'vpc-1', [], [rule('-1', '::/0')])
      .instance('app', {
        ...{ subnet: 'subnet-private', ip: '10.0.1.10', groups: ['sg-open'] },
        ipv6: ['2001:db8:1::10'],
      });
    expect(changesFor(six.region, 'app', 'internet', 443, 'ipv6')).toEqual([
      'route table rtb-private: ::/0 → eigw-1',
    ]);
    const out = six.routeTable('rtb-private', 'vpc-1', { '::/0': 'eigw-1' });
    expect(changesFor(out.region, 'internet', 'app', 443, 'ipv6')).toEqual([
      'group sg-open, ingress: allow tcp 443 from ::/0',
      'route table rtb-private: ::/0 → Internet gateway',
    ]);
  });
  test('where no setting helps there is none', () => {
    const nat = base
      .natGateway('nat-1', { subnet: 'subnet-public', ip: '10.0.0.5' })
      .routeTable('rtb-private', 'vpc-1', { '0.0.0.0/0': 'nat-1' });
    const hidden = { ...nat.region, elasticIps: {} };
    expect(changesFor(hidden, 'app', '203.0.113.9', 443)).toEqual(['no']);
    expect(changesFor(nat.region, 'app', '10.0.0.5', 443)).toEqual(['no']);
  });
});
