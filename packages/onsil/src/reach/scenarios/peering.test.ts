import { describe, expect, test } from 'vitest';
import { entry, RegionBuilder, rule } from '../../region/testing.ts';
import { ask, hopsOf } from './support.ts';

/** Three VPCs, of which the middle one is peered with both others. */
const base = new RegionBuilder()
  .vpc('vpc-a', '10.0.0.0/16')
  .vpc('vpc-b', '10.1.0.0/16')
  .vpc('vpc-c', '10.2.0.0/16')
  .internetGateway('igw-b', 'vpc-b')
  .peering('pcx-ab', 'vpc-a', 'vpc-b')
  .peering('pcx-bc', 'vpc-b', 'vpc-c')
  .routeTable('rtb-a', 'vpc-a', { '0.0.0.0/0': 'pcx-ab' })
  .routeTable('rtb-b', 'vpc-b', {
    ...{ '10.0.0.0/16': 'pcx-ab', '10.2.0.0/16': 'pcx-bc', '0.0.0.0/0': 'igw-b' },
  })
  .routeTable('rtb-c', 'vpc-c', { '10.1.0.0/16': 'pcx-bc', '10.0.0.0/16': 'pcx-bc' })
  .subnet('subnet-a', 'vpc-a', '10.0.0.0/24', { routeTable: 'rtb-a' })
  .subnet('subnet-b', 'vpc-b', '10.1.0.0/24', { routeTable: 'rtb-b' })
  .subnet('subnet-c', 'vpc-c', '10.2.0.0/24', { routeTable: 'rtb-c' })
  .group('sg-open', 'vpc-a', [rule('-1', '0.0.0.0/0')])
  .group('sg-b', 'vpc-b', [rule('tcp 80', 'sg-open'), rule('tcp 90', '10.0.0.0/16')])
  .instance('a', { subnet: 'subnet-a', ip: '10.0.0.10', groups: ['sg-open'] })
  .instance('b', { subnet: 'subnet-b', ip: '10.1.0.10', groups: ['sg-b'] })
  .instance('c', { subnet: 'subnet-c', ip: '10.2.0.10', groups: ['sg-open'] });

describe('peering', () => {
  test('by private addresses, with routes on both sides; references of groups match', () => {
    expect(ask(base.region, 'a', 'b', 80)).toEqual(['reachable']);
    expect(ask(base.region, 'a', 'b', 90)).toEqual(['reachable']);
    expect(ask(base.region, 'a', 'b', 91)).toEqual(['forward ENI_SG_RULES_MISMATCH']);
    expect(hopsOf(base.region, 'a', 'b', 80)).toEqual({
      forward: [
        ...['eni-a sends', 'egress eni-a', 'egress acl-of-vpc-a 100', 'rtb-a 0.0.0.0/0', 'pcx-ab'],
        ...['ingress acl-of-vpc-b 100', 'ingress eni-b', 'eni-b receives'],
      ],
      back: [
        ...['eni-b sends', 'egress acl-of-vpc-b 100', 'rtb-b 10.0.0.0/16', 'pcx-ab'],
        ...['ingress acl-of-vpc-a 100', 'eni-a receives'],
      ],
    });
  });
  test('the reply follows the table of the one who replies', () => {
    const oneWay = base.routeTable('rtb-b', 'vpc-b', { '0.0.0.0/0': 'igw-b' });
    expect(ask(oneWay.region, 'a', 'b', 80)).toEqual([
      'return IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS',
    ]);
    const none = base.routeTable('rtb-b', 'vpc-b', {});
    expect(ask(none.region, 'a', 'b', 80)).toEqual(['return NO_ROUTE_TO_DESTINATION']);
  });
  test('is not transitive, and leads to no gateway, NAT or endpoint of the other VPC', () => {
    const more = base
      .prefixList('pl-s3')
      .gatewayEndpoint('vpce-b', 'vpc-b')
      .natGateway('nat-b', { subnet: 'subnet-b', ip: '10.1.0.5', publicIp: '198.18.0.5' });
    for (const to of ['10.2.0.10', '203.0.113.9', 'pl-s3', '198.18.0.5']) {
      expect(ask(more.region, 'a', to, 443)).toEqual(['forward PCX_REQUIRES_ADDRESS_IN_VPC_CIDR']);
    }
    expect(ask(more.region, 'a', '10.1.0.5', 443)).toEqual(['forward NGW_UNSOLICITED_INBOUND']);
    expect(ask(more.region, 'a', '10.1.7.7', 443)).toEqual(['forward NO_POSSIBLE_DESTINATION']);
  });
  test('that is not active, or of other VPCs, is a blackhole', () => {
    const pending = base.peering('pcx-ab', 'vpc-a', 'vpc-b', false);
    expect(ask(pending.region, 'a', '10.1.0.10', 80)).toEqual(['forward BAD_STATE_ROUTE']);
    const other = base.routeTable('rtb-a', 'vpc-a', { '0.0.0.0/0': 'pcx-bc' });
    expect(ask(other.region, 'a', '10.1.0.10', 80)).toEqual(['forward BAD_STATE_ROUTE']);
  });
  test('with a VPC that the region does not have is not modelled', () => {
    const away = base
      .peering('pcx-away', 'vpc-a', 'vpc-away')
      .routeTable('rtb-a', 'vpc-a', { '10.9.0.0/16': 'pcx-away' });
    expect(ask(away.region, 'a', '10.9.0.1', 80)).toEqual([
      'forward not modelled vpc-away, peered by pcx-away',
    ]);
  });
  test('network ACLs are asked on both sides', () => {
    const shut = base
      .networkAcl('acl-b', 'vpc-b', [
        entry(100, 'ingress', 'allow', '-1', '10.0.0.0/16'),
        entry(100, 'egress', 'allow', 'tcp 32768-65535', '10.0.0.0/16'),
      ])
      .subnet('subnet-b', 'vpc-b', '10.1.0.0/24', { routeTable: 'rtb-b', acl: 'acl-b' });
    expect(ask(shut.region, 'a', 'b', 80)).toEqual([
      'reachable 32768-65535',
      'return SUBNET_ACL_RESTRICTION 1024-32767',
    ]);
    expect(ask(shut.region, 'c', 'b', 80)).toEqual(['forward SUBNET_ACL_RESTRICTION']);
  });
  test('a middlebox before it hides the group, and must be met by the reply', () => {
    const boxed = base
      .routeTable('rtb-box', 'vpc-a', { '0.0.0.0/0': 'pcx-ab' })
      .subnet('subnet-box', 'vpc-a', '10.0.1.0/24', { routeTable: 'rtb-box' })
      .instance('box', {
        ...{ subnet: 'subnet-box', ip: '10.0.1.10', groups: ['sg-open'], sourceDestCheck: false },
      })
      .routeTable('rtb-a', 'vpc-a', { '10.1.0.0/16': 'eni-box' });
    expect(ask(boxed.region, 'a', 'b', 80)).toEqual(['forward ENI_SG_RULES_MISMATCH']);
    // What comes by peering goes straight to its address: no table of the VPC is asked.
    expect(ask(boxed.region, 'a', 'b', 90)).toEqual(['return ambiguous ASYMMETRIC_ROUTE']);
  });
});
