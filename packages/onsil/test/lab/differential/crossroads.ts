/** One VPC in which every kind of decision is made, and a probe for each pair and port. */
import type { SentProbe } from '../../../src/lab/probe/exchange.ts';
import type { Region } from '../../../src/region/region.ts';
import { entry, RegionBuilder, rule } from '../../../src/region/testing.ts';
import { questionsOf } from '../../../src/verify/questions.ts';
import { randomNumbers } from '../../../src/verify/random.ts';

const ANY = '0.0.0.0/0';

export const CROSSROADS: Region = new RegionBuilder()
  .vpc('vpc-1', '10.0.0.0/16')
  .internetGateway('igw-1', 'vpc-1')
  .routeTable('rtb-public', 'vpc-1', { [ANY]: 'igw-1' })
  .routeTable('rtb-app', 'vpc-1', {
    [ANY]: 'eni-nat',
    '10.0.3.0/24': 'eni-box',
    '198.51.100.20/32': 'eni-gone',
    // It checks source and destination.
    '198.51.100.10/32': 'eni-mute',
  })
  .routeTable('rtb-data', 'vpc-1', { '10.0.2.0/24': 'eni-box' })
  .networkAcl('acl-data', 'vpc-1', [
    entry(90, 'ingress', 'deny', 'tcp 81', ANY),
    entry(100, 'ingress', 'allow', '-1', '10.0.0.0/16'),
    // Replies to some source ports only.
    entry(100, 'egress', 'allow', 'tcp 1024-40000', ANY),
    entry(110, 'egress', 'allow', 'udp 1024-65535', ANY),
  ])
  .subnet('subnet-public', 'vpc-1', '10.0.1.0/24', { routeTable: 'rtb-public' })
  .subnet('subnet-app', 'vpc-1', '10.0.2.0/24', { routeTable: 'rtb-app' })
  .subnet('subnet-data', 'vpc-1', '10.0.3.0/24', { routeTable: 'rtb-data', acl: 'acl-data' })
  .group('sg-open', 'vpc-1', [rule('-1', ANY)])
  .group('sg-edge', 'vpc-1', [rule('tcp 80', ANY)], [rule('tcp 80-82', '10.0.0.0/16')])
  .group('sg-app', 'vpc-1', [rule('tcp 80', 'sg-edge'), rule('udp 53', '10.0.0.0/16')])
  .group('sg-data', 'vpc-1', [
    rule('tcp 80', 'sg-edge'),
    rule('tcp 81', '10.0.0.0/16'),
    // Never true for packets that come by way of the box.
    rule('tcp 3306', 'sg-app'),
    rule('udp 53', '10.0.2.0/24'),
  ])
  .instance('edge', {
    subnet: 'subnet-public',
    ip: '10.0.1.10',
    groups: ['sg-edge'],
    publicIp: '198.18.0.10',
  })
  .instance('nat', {
    ...{ subnet: 'subnet-public', ip: '10.0.1.20', groups: ['sg-open'], publicIp: '198.18.0.20' },
    sourceDestCheck: false,
  })
  .instance('box', {
    subnet: 'subnet-public',
    ip: '10.0.1.30',
    groups: ['sg-open'],
    sourceDestCheck: false,
  })
  .instance('mute', { subnet: 'subnet-public', ip: '10.0.1.40', groups: ['sg-open'] })
  .instance('app', { subnet: 'subnet-app', ip: '10.0.2.10', groups: ['sg-app'] })
  .instance('neighbour', { subnet: 'subnet-app', ip: '10.0.2.20', groups: ['sg-app', 'sg-edge'] })
  .instance('data', { subnet: 'subnet-data', ip: '10.0.3.10', groups: ['sg-data'] })
  .instance('twin', { subnet: 'subnet-data', ip: '10.0.3.20', groups: ['sg-open'] }).region;

export const PROBES: readonly SentProbe[] = questionsOf({
  region: CROSSROADS,
  running: new Set(Object.values(CROSSROADS.instances).map(({ name }) => name)),
  services: [],
  randomServices: 0,
  random: randomNumbers(1),
}).probes;
