import { describe, expect, test } from 'vitest';
import { compile } from '../reach/model.ts';
import { entry, RegionBuilder, rule } from '../region/testing.ts';
import { predict } from './predict.ts';

const OPEN = [
  entry(100, 'ingress', 'allow', '-1', '0.0.0.0/0'),
  entry(100, 'egress', 'allow', '-1', '0.0.0.0/0'),
];
const WORLD = new RegionBuilder()
  .vpc('vpc-1', '10.0.0.0/16')
  .internetGateway('igw-1', 'vpc-1')
  .routeTable('rtb-public', 'vpc-1', { '0.0.0.0/0': 'igw-1' })
  .routeTable('rtb-private', 'vpc-1', { '0.0.0.0/0': 'eni-nat' })
  .networkAcl('acl-1', 'vpc-1', OPEN)
  .networkAcl('acl-mute', 'vpc-1', OPEN.slice(0, 1))
  .subnet('subnet-1', 'vpc-1', '10.0.1.0/24', { routeTable: 'rtb-public', acl: 'acl-1' })
  .subnet('subnet-2', 'vpc-1', '10.0.2.0/24', { routeTable: 'rtb-private', acl: 'acl-1' })
  .subnet('subnet-3', 'vpc-1', '10.0.3.0/24', { routeTable: 'rtb-private', acl: 'acl-mute' })
  .group('sg-web', 'vpc-1', [rule('tcp 80', '0.0.0.0/0'), rule('icmp 8', '0.0.0.0/0')])
  .group('sg-nat', 'vpc-1', [rule('-1', '10.0.0.0/16')])
  .instance('web', {
    ...{ subnet: 'subnet-1', ip: '10.0.1.10', groups: ['sg-web'], publicIp: '198.18.0.1' },
  })
  .instance('nat', {
    ...{ subnet: 'subnet-1', ip: '10.0.1.9', groups: ['sg-nat'], publicIp: '198.18.0.9' },
    sourceDestCheck: false,
  })
  .instance('app', { subnet: 'subnet-2', ip: '10.0.2.10', groups: ['sg-web'] })
  .instance('mute', { subnet: 'subnet-3', ip: '10.0.3.10', groups: ['sg-web'] });
const model = compile(WORLD.region);

const ask = (from: string, source: string, destination: string, protocol: number, port = 80) =>
  predict(model, {
    ...{ from, source, destination, protocol, sourcePort: 40_000, destinationPort: port },
  });
const seen = (...words: Parameters<typeof ask>) => {
  const { outcome, arrivesAt, forwardedBy } = ask(...words);
  return [outcome.verdict.kind, arrivesAt, ...forwardedBy];
};

describe('one packet', () => {
  test.each<[string, Parameters<typeof ask>, readonly (string | undefined)[]]>([
    ['inside', ['web', '10.0.1.10', '10.0.2.10', 6], ['reachable', 'app']],
    [
      'to a port that no rule allows',
      ['web', '10.0.1.10', '10.0.2.10', 6, 81],
      ['blocked', undefined],
    ],
    ['of another protocol', ['web', '10.0.1.10', '10.0.2.10', 17], ['blocked', undefined]],
    ['echo, whatever its ports', ['web', '10.0.1.10', '10.0.2.10', 1, 1], ['reachable', 'app']],
    ['without ports', ['web', '10.0.1.10', '10.0.2.10', 47], ['blocked', undefined]],
    ['from outside', ['internet', '198.51.100.20', '198.18.0.1', 6], ['reachable', 'web']],
    ['to a host outside', ['web', '10.0.1.10', '198.51.100.10', 6], ['reachable', 'admin']],
    [
      'to nobody we know outside',
      ['web', '10.0.1.10', '203.0.113.5', 6],
      ['reachable', '203.0.113.5'],
    ],
    [
      'by way of a NAT instance',
      ['app', '10.0.2.10', '198.51.100.20', 6],
      ['reachable', 'internet', 'nat'],
    ],
    ['to a service', ['app', '10.0.2.10', '169.254.169.254', 6], ['reachable', 'services']],
    ['to itself', ['app', '10.0.2.10', '10.0.2.10', 6, 9], ['reachable', 'app']],
    [
      'that arrives, and is not answered',
      ['web', '10.0.1.10', '10.0.3.10', 6],
      ['blocked', 'mute'],
    ],
  ])('%s', (_name, packet, expected) => {
    expect(seen(...packet)).toEqual(expected);
  });
  test('from an address that its sender has not', () => {
    expect(() => ask('app', '10.0.1.10', '10.0.2.10', 6)).toThrow(
      'app has no interface with 10.0.1.10.',
    );
  });
  test('from one of two hosts with the same address, in VPCs of their own', () => {
    const twice = WORLD.vpc('vpc-2', '10.0.0.0/16')
      .subnet('subnet-far', 'vpc-2', '10.0.2.0/24')
      .group('sg-far', 'vpc-2', [rule('tcp 80', '0.0.0.0/0')])
      .instance('far', { subnet: 'subnet-far', ip: '10.0.2.10', groups: ['sg-far'] })
      .instance('near', { subnet: 'subnet-far', ip: '10.0.2.11', groups: ['sg-far'] });
    const from = (host: string) =>
      predict(compile(twice.region), {
        ...{ from: host, source: '10.0.2.10', destination: '10.0.2.11', protocol: 6 },
        ...{ sourcePort: 40_000, destinationPort: 80 },
      }).arrivesAt;
    expect([from('far'), from('app')]).toEqual(['near', undefined]);
  });
  test('a NAT gateway is no host that sends it on', () => {
    const managed = WORLD.natGateway('nat-2', {
      ...{ subnet: 'subnet-1', ip: '10.0.1.8', publicIp: '198.18.0.8' },
    }).routeTable('rtb-private', 'vpc-1', { '0.0.0.0/0': 'nat-2' });
    const { arrivesAt, forwardedBy } = predict(compile(managed.region), {
      ...{ from: 'app', source: '10.0.2.10', destination: '198.51.100.20', protocol: 6 },
      ...{ sourcePort: 40_000, destinationPort: 80 },
    });
    expect([arrivesAt, forwardedBy]).toEqual(['internet', []]);
  });
});
