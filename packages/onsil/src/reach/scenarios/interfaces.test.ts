import { describe, expect, test } from 'vitest';
import { put, type Region } from '../../region/region.ts';
import { RegionBuilder, rule } from '../../region/testing.ts';
import { ICMP } from '../packet-set/packet.ts';
import { box } from '../packet-set/packet-set.ts';
import { ask, outcomesOf } from './support.ts';

const base = new RegionBuilder()
  .vpc('vpc-1', '10.0.0.0/16')
  .internetGateway('igw-1', 'vpc-1')
  .routeTable('rtb-public', 'vpc-1', { '0.0.0.0/0': 'igw-1' })
  .subnet('subnet-public', 'vpc-1', '10.0.0.0/24', { routeTable: 'rtb-public' })
  .subnet('subnet-private', 'vpc-1', '10.0.1.0/24')
  .group('sg-front', 'vpc-1', [rule('tcp 443', '0.0.0.0/0')])
  .group('sg-back', 'vpc-1', [rule('tcp 22', '10.0.1.0/24')], [])
  .group('sg-client', 'vpc-1', [])
  .instance('client', { subnet: 'subnet-private', ip: '10.0.1.20', groups: ['sg-client'] })
  .instance('host', {
    ...{ subnet: 'subnet-public', ip: '10.0.0.10', groups: ['sg-front'], publicIp: '198.18.0.1' },
  });

/** `host` with a second interface, in the private subnet, with a group of its own. */
function withSecondInterface(): Region {
  const second = base.instance('second', {
    ...{ subnet: 'subnet-private', ip: '10.0.1.10', groups: ['sg-back'] },
  }).region;
  const { 'i-second': _gone, ...instances } = second.instances;
  const host = instances['i-host'];
  const networkInterface = second.networkInterfaces['eni-second'];
  if (host === undefined || networkInterface === undefined) throw new Error('no host');
  const both = put({ ...second, instances }, 'instances', 'i-host', {
    ...host,
    networkInterfaceIds: ['eni-host', 'eni-second'],
  });
  return put(both, 'networkInterfaces', 'eni-second', {
    ...networkInterface,
    attachment: { instanceId: 'i-host', deviceIndex: 1 },
  });
}

describe('an instance with two interfaces', () => {
  const region = withSecondInterface();
  test('is asked at each by the groups of that one alone', () => {
    expect(ask(region, 'client', '10.0.1.10', 22)).toEqual(['reachable']);
    expect(ask(region, 'client', '10.0.1.10', 443)).toEqual(['forward ENI_SG_RULES_MISMATCH']);
    expect(ask(region, 'client', '10.0.0.10', 443)).toEqual(['reachable']);
    expect(ask(region, 'client', '10.0.0.10', 22)).toEqual(['forward ENI_SG_RULES_MISMATCH']);
  });
  test('meets its own groups between the two', () => {
    expect(ask(region, 'eni-host', '10.0.1.10', 22)).toEqual(['forward ENI_SG_RULES_MISMATCH']);
    expect(ask(region, 'eni-second', '10.0.0.10', 443)).toEqual(['forward SG_HAS_NO_RULES']);
  });
  test('is on the Internet by the one that has a public address', () => {
    expect(ask(region, 'internet', 'eni-host', 443)).toEqual(['reachable']);
    expect(ask(region, 'internet', 'eni-second', 22)).toEqual([
      'forward IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS',
    ]);
  });
});

test('each private address of an interface has a public one of its own, or none', () => {
  const { region } = base
    .instance('host', {
      ...{ subnet: 'subnet-public', ip: '10.0.0.10', groups: ['sg-front'] },
      moreIps: ['10.0.0.11', '10.0.0.12'],
    })
    .elasticIp('eipalloc-1', '198.18.0.1', { eni: 'eni-host', privateIp: '10.0.0.10' })
    .elasticIp('eipalloc-2', '198.18.0.2', { eni: 'eni-host', privateIp: '10.0.0.11' });
  for (const ip of ['198.18.0.1', '198.18.0.2']) {
    expect(ask(region, 'internet', ip, 443)).toEqual(['reachable']);
  }
  expect(ask(region, '10.0.0.11', '203.0.113.9', 443)).toEqual(['reachable']);
  expect(ask(region, '10.0.0.12', '203.0.113.9', 443)).toEqual([
    'forward IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS',
  ]);
});

test('metadata that is switched off does not answer, and the resolver does', () => {
  const host = base.region.instances['i-host'];
  if (host === undefined) throw new Error('no host');
  const off = { ...host, metadataOptions: { ...host.metadataOptions, enabled: false } };
  const region = put(base.region, 'instances', 'i-host', off);
  expect(ask(region, 'host', '169.254.169.254', 80)).toEqual(['forward NO_POSSIBLE_DESTINATION']);
  expect(ask(base.region, 'host', '169.254.169.254', 80)).toEqual(['reachable']);
  expect(ask(region, 'host', '169.254.169.253', 53)).toEqual(['reachable']);
});

test('a rule for all protocols has no ports; one for icmp has type and code', () => {
  const icmp = (type: number, code: number) =>
    box({
      protocol: ICMP,
      details: [
        { first: type, last: type },
        { first: code, last: code },
      ],
    });
  const verdicts = (packet: string, type: number, code: number) => {
    const { region } = base.group('sg-front', 'vpc-1', [rule(packet, '10.0.0.0/16')]);
    return outcomesOf(region, 'client', 'host', icmp(type, code)).map(
      ({ verdict }) => verdict.kind,
    );
  };
  expect(verdicts('icmp 8 0', 8, 0)).toEqual(['reachable']);
  expect(verdicts('icmp 8 0', 8, 1)).toEqual(['blocked']);
  expect(verdicts('icmp 8', 8, 1)).toEqual(['reachable']);
  expect(verdicts('icmp 3', 8, 0)).toEqual(['blocked']);
  expect(verdicts('-1', 8, 0)).toEqual(['reachable']);
  const gre = box({ protocol: 47 });
  const { region } = base.group('sg-front', 'vpc-1', [rule('47', '10.0.0.0/16')]);
  expect(outcomesOf(region, 'client', 'host', gre).map(({ verdict }) => verdict.kind)).toEqual([
    'reachable',
  ]);
});
