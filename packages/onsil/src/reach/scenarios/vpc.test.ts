import { describe, expect, test } from 'vitest';
import { entry, RegionBuilder, rule } from '../../region/testing.ts';
import { ask, hopsOf } from './support.ts';

const base = new RegionBuilder()
  .vpc('vpc-1', '10.0.0.0/16')
  .internetGateway('igw-1', 'vpc-1')
  .routeTable('rtb-public', 'vpc-1', { '0.0.0.0/0': 'igw-1' })
  .routeTable('rtb-private', 'vpc-1', { '0.0.0.0/0': 'eni-nat' })
  .subnet('subnet-public', 'vpc-1', '10.0.0.0/24', { routeTable: 'rtb-public' })
  .subnet('subnet-private', 'vpc-1', '10.0.1.0/24', { routeTable: 'rtb-private' })
  .group('sg-open', 'vpc-1', [rule('-1', '0.0.0.0/0')])
  .group('sg-web', 'vpc-1', [rule('tcp 80', 'sg-open')])
  .group('sg-cidr', 'vpc-1', [rule('tcp 80', '10.0.0.0/16')])
  .instance('web', {
    subnet: 'subnet-public',
    ip: '10.0.0.10',
    groups: ['sg-web'],
    publicIp: '198.18.0.1',
  })
  .instance('peer', {
    subnet: 'subnet-public',
    ip: '10.0.0.11',
    groups: ['sg-open'],
    publicIp: '198.18.0.2',
  })
  .instance('app', { subnet: 'subnet-private', ip: '10.0.1.10', groups: ['sg-open'] })
  .instance('quiet', { subnet: 'subnet-private', ip: '10.0.1.11', groups: ['sg-cidr'] })
  .instance('nat', {
    ...{ subnet: 'subnet-public', ip: '10.0.0.5', groups: ['sg-open'], publicIp: '198.18.0.5' },
    sourceDestCheck: false,
  });
const { region } = base;

describe('security groups', () => {
  test('a reference matches the private addresses of members', () => {
    expect(ask(region, 'peer', 'web', 80)).toEqual(['reachable']);
    expect(ask(region, 'app', 'web', 80)).toEqual(['reachable']);
    expect(ask(region, 'web', 'web', 80)).toEqual(['reachable']);
    expect(ask(region, 'quiet', 'web', 80)).toEqual(['forward ENI_SG_RULES_MISMATCH']);
  });
  test('membership alone allows nothing: a group needs a rule for itself', () => {
    const two = base.instance('web-2', {
      ...{ subnet: 'subnet-public', ip: '10.0.0.12', groups: ['sg-web'] },
    });
    expect(ask(two.region, 'web-2', 'web', 80)).toEqual(['forward ENI_SG_RULES_MISMATCH']);
    const self = two.group('sg-web', 'vpc-1', [rule('tcp 80', 'sg-web')]);
    expect(ask(self.region, 'web-2', 'web', 80)).toEqual(['reachable']);
  });
  test('several groups of one interface are their union; a group without rules lets nothing in', () => {
    const none = base.group('sg-none', 'vpc-1', []);
    const options = { subnet: 'subnet-public', ip: '10.0.0.20' };
    const alone = none.instance('x', { ...options, groups: ['sg-none'] });
    expect(ask(alone.region, 'peer', 'x', 80)).toEqual(['forward SG_HAS_NO_RULES']);
    const both = none.instance('x', { ...options, groups: ['sg-none', 'sg-web'] });
    expect(ask(both.region, 'peer', 'x', 80)).toEqual(['reachable']);
  });
});

describe('hairpin: a neighbour by its public address', () => {
  test('goes by the gateway, so that neither a reference nor a private block matches', () => {
    expect(ask(region, 'peer', '198.18.0.1', 80)).toEqual(['forward ENI_SG_RULES_MISMATCH']);
    const byPublic = base.group('sg-web', 'vpc-1', [rule('tcp 80', '198.18.0.2/32')]);
    expect(ask(byPublic.region, 'peer', '198.18.0.1', 80)).toEqual(['reachable']);
    expect(hopsOf(byPublic.region, 'peer', '198.18.0.1', 80).forward).toEqual([
      ...['eni-peer sends', 'egress eni-peer', 'egress acl-of-vpc-1 100'],
      ...['rtb-public 0.0.0.0/0', 'igw source', 'igw destination'],
      ...['ingress acl-of-vpc-1 100', 'ingress eni-web', 'eni-web receives'],
    ]);
  });
  test('a sender without a public address is dropped at the gateway', () => {
    const bare = base.instance('bare', {
      ...{ subnet: 'subnet-public', ip: '10.0.0.30', groups: ['sg-open'] },
    });
    expect(ask(bare.region, 'bare', '198.18.0.1', 80)).toEqual([
      'forward IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS',
    ]);
  });
});

describe('NAT instance', () => {
  test('is a leg of its own, there and back', () => {
    expect(hopsOf(region, 'app', '203.0.113.9', 443)).toEqual({
      forward: [
        ...['eni-app sends', 'egress eni-app', 'egress acl-of-vpc-1 100', 'rtb-private 0.0.0.0/0'],
        ...['ingress acl-of-vpc-1 100', 'ingress eni-nat', 'nat source', 'eni-nat forwards'],
        ...['egress eni-nat', 'egress acl-of-vpc-1 100', 'rtb-public 0.0.0.0/0', 'igw source'],
        'internet',
      ],
      back: [
        ...['igw destination', 'ingress acl-of-vpc-1 100', 'nat destination', 'eni-nat sends'],
        ...['egress acl-of-vpc-1 100', 'rtb-public 10.0.0.0/16', 'ingress acl-of-vpc-1 100'],
        'eni-app receives',
      ],
    });
  });
  test('its groups are asked in and out', () => {
    const deaf = base.group(
      'sg-nat',
      'vpc-1',
      [rule('tcp 443', 'sg-open')],
      [rule('tcp 80', '0.0.0.0/0')],
    );
    const nat = {
      subnet: 'subnet-public',
      ip: '10.0.0.5',
      groups: ['sg-nat'],
      publicIp: '198.18.0.5',
    };
    const made = deaf.instance('nat', { ...nat, sourceDestCheck: false });
    expect(ask(made.region, 'app', '203.0.113.9', 80)).toEqual(['forward ENI_SG_RULES_MISMATCH']);
    expect(ask(made.region, 'app', '203.0.113.9', 443)).toEqual(['forward ENI_SG_RULES_MISMATCH']);
    const open = made.group('sg-nat', 'vpc-1', [rule('tcp 443', 'sg-open')]);
    expect(ask(open.region, 'app', '203.0.113.9', 443)).toEqual(['reachable']);
  });
  test('with its check on it forwards nothing', () => {
    const nat = {
      subnet: 'subnet-public',
      ip: '10.0.0.5',
      groups: ['sg-open'],
      publicIp: '198.18.0.5',
    };
    expect(ask(base.instance('nat', nat).region, 'app', '203.0.113.9', 443)).toEqual([
      'forward ENI_SOURCE_DEST_CHECK_RESTRICTION',
    ]);
  });
  test('without a public address its packets end at the gateway', () => {
    const nat = { subnet: 'subnet-public', ip: '10.0.0.5', groups: ['sg-open'] };
    const made = base.instance('nat', { ...nat, sourceDestCheck: false });
    expect(ask(made.region, 'app', '203.0.113.9', 443)).toEqual([
      'forward IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS',
    ]);
  });
});

describe('routes', () => {
  test('a reply follows the table of the one who replies', () => {
    const wrong = base.instance('app', {
      ...{ subnet: 'subnet-private', ip: '10.0.1.10', groups: ['sg-open'], publicIp: '198.18.0.9' },
    });
    expect(ask(wrong.region, 'internet', 'app', 80)).toEqual(['return ASYMMETRIC_TRANSLATION']);
  });
  test('a blackhole drops what it matches, also where a shorter prefix would take it', () => {
    const hole = base.routeTable('rtb-public', 'vpc-1', {
      ...{ '0.0.0.0/0': 'igw-1', '203.0.113.0/24': 'eni-gone' },
    });
    expect(ask(hole.region, 'peer', '203.0.113.9', 80)).toEqual(['forward BAD_STATE_ROUTE']);
    expect(ask(hole.region, 'peer', '203.0.114.9', 80)).toEqual(['reachable']);
  });
  test('a detached gateway is a blackhole', () => {
    const loose = base.internetGateway('igw-1', undefined);
    expect(ask(loose.region, 'peer', '203.0.113.9', 80)).toEqual(['forward BAD_STATE_ROUTE']);
    expect(ask(loose.region, 'internet', 'peer', 80)).toEqual(['forward BAD_STATE_ATTACHMENT']);
  });
  test('no route, and addresses of nobody', () => {
    const closed = base.routeTable('rtb-private', 'vpc-1', {});
    expect(ask(closed.region, 'app', '203.0.113.9', 80)).toEqual([
      'forward NO_ROUTE_TO_DESTINATION',
    ]);
    expect(ask(region, 'app', '10.0.7.7', 80)).toEqual(['forward NO_POSSIBLE_DESTINATION']);
    expect(ask(region, 'peer', '192.168.1.1', 80)).toEqual([
      'forward IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS',
    ]);
    expect(ask(region, '10.0.7.7', 'web', 80)).toEqual(['forward NO_SOURCE_OR_DESTINATION']);
  });
  test('without a public address nobody outside has a name for it', () => {
    expect(ask(region, 'internet', 'app', 80)).toEqual([
      'forward IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS',
    ]);
  });
});

describe('network ACLs', () => {
  const open = (way: 'ingress' | 'egress') => entry(100, way, 'allow', '-1', '0.0.0.0/0');
  const withAcl = (...entries: Parameters<RegionBuilder['networkAcl']>[2]) =>
    base
      .networkAcl('acl-private', 'vpc-1', entries)
      .subnet('subnet-private', 'vpc-1', '10.0.1.0/24', {
        ...{ routeTable: 'rtb-private', acl: 'acl-private' },
      }).region;

  test('know no conversations: a reply passes for the source ports that are allowed', () => {
    const linux = withAcl(
      open('ingress'),
      entry(100, 'egress', 'allow', 'tcp 32768-65535', '0.0.0.0/0'),
    );
    expect(ask(linux, 'peer', 'app', 80)).toEqual([
      'reachable 32768-65535',
      'return SUBNET_ACL_RESTRICTION 1024-32767',
    ]);
  });
  test('the lowest number that matches decides, in whatever order the entries come', () => {
    const deny = entry(90, 'ingress', 'deny', 'tcp 80', '10.0.0.0/24');
    for (const entries of [
      [deny, open('ingress'), open('egress')],
      [open('egress'), open('ingress'), deny],
    ]) {
      expect(ask(withAcl(...entries), 'peer', 'app', 80)).toEqual([
        'forward SUBNET_ACL_RESTRICTION',
      ]);
      expect(ask(withAcl(...entries), 'peer', 'app', 81)).toEqual(['reachable']);
    }
  });
  test('are not asked inside a subnet, nor is a route table', () => {
    const shut = withAcl();
    expect(ask(shut, 'app', 'quiet', 80)).toEqual(['reachable']);
    expect(hopsOf(shut, 'app', 'quiet', 80)).toEqual({
      forward: ['eni-app sends', 'egress eni-app', 'ingress eni-quiet', 'eni-quiet receives'],
      back: ['eni-quiet sends', 'eni-app receives'],
    });
    expect(ask(shut, 'peer', 'app', 80)).toEqual(['forward SUBNET_ACL_RESTRICTION']);
  });
  test('see the address of the Internet in what comes back through a NAT instance', () => {
    const inner = [
      ...[open('egress'), entry(100, 'ingress', 'allow', '-1', '10.0.0.0/16')],
    ] as const;
    expect(ask(withAcl(...inner), 'app', '203.0.113.9', 443)).toEqual([
      'return SUBNET_ACL_RESTRICTION',
    ]);
  });
});

describe('services beside all filters', () => {
  const mute = base
    .group('sg-mute', 'vpc-1', [], [])
    .instance('mute', { subnet: 'subnet-private', ip: '10.0.1.40', groups: ['sg-mute'] });
  test('metadata and the resolver answer whatever the groups say; other ports do not', () => {
    expect(ask(mute.region, 'mute', '169.254.169.254', 80)).toEqual(['reachable']);
    expect(ask(mute.region, 'mute', '169.254.169.253', 53)).toEqual(['reachable']);
    expect(ask(mute.region, 'mute', '10.0.0.2', 53)).toEqual(['reachable']);
    expect(ask(mute.region, 'mute', '169.254.169.254', 81)).toEqual([
      'forward NO_POSSIBLE_DESTINATION',
    ]);
    expect(ask(mute.region, 'mute', '10.0.0.10', 80)).toEqual(['forward SG_HAS_NO_RULES']);
  });
  test('a VPC without DNS support has no resolver; what is not modelled is named', () => {
    const { region: silent } = mute.resolver('vpc-1', false);
    expect(ask(silent, 'mute', '10.0.0.2', 53)).toEqual(['forward NO_POSSIBLE_DESTINATION']);
    expect(ask(silent, 'mute', '169.254.170.2', 80)).toEqual([
      'forward not modelled link-local service of AWS',
    ]);
  });
});

describe('a middlebox between subnets', () => {
  const between = base
    .routeTable('rtb-left', 'vpc-1', { '10.0.4.0/24': 'eni-box' })
    .routeTable('rtb-right', 'vpc-1', { '10.0.3.0/24': 'eni-box' })
    .subnet('subnet-left', 'vpc-1', '10.0.3.0/24', { routeTable: 'rtb-left' })
    .subnet('subnet-right', 'vpc-1', '10.0.4.0/24', { routeTable: 'rtb-right' })
    .subnet('subnet-box', 'vpc-1', '10.0.5.0/24')
    .group('sg-right', 'vpc-1', [rule('tcp 80', 'sg-open'), rule('tcp 90', '10.0.3.0/24')])
    .instance('left', { subnet: 'subnet-left', ip: '10.0.3.10', groups: ['sg-open'] })
    .instance('right', { subnet: 'subnet-right', ip: '10.0.4.10', groups: ['sg-right'] })
    .instance('box', {
      ...{ subnet: 'subnet-box', ip: '10.0.5.10', groups: ['sg-open'], sourceDestCheck: false },
    });
  test('an address rule matches, a reference does not', () => {
    expect(ask(between.region, 'left', 'right', 90)).toEqual(['reachable']);
    expect(ask(between.region, 'left', 'right', 80)).toEqual(['forward ENI_SG_RULES_MISMATCH']);
  });
  test('is met by the reply as well, or else AWS leaves it open', () => {
    const direct = between.routeTable('rtb-right', 'vpc-1', {});
    expect(ask(direct.region, 'left', 'right', 90)).toEqual(['return ambiguous ASYMMETRIC_ROUTE']);
  });
  test('that sends to itself loops', () => {
    const loop = between
      .routeTable('rtb-box', 'vpc-1', { '10.0.4.0/24': 'eni-box' })
      .subnet('subnet-box', 'vpc-1', '10.0.5.0/24', { routeTable: 'rtb-box' });
    expect(ask(loop.region, 'left', 'right', 90)).toEqual(['forward FORWARDING_LOOP']);
  });
});
