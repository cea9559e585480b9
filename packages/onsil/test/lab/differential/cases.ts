/**
 * Small regions in which the two answers differed once, or in which tools often err, with what AWS
 * does and the page that says so. A disagreement that the random search finds becomes a case here.
 */
import type { SentProbe } from '../../../src/lab/probe/exchange.ts';
import type { Region } from '../../../src/region/region.ts';
import { RegionBuilder, rule } from '../../../src/region/testing.ts';

export interface Case {
  readonly name: string;
  readonly page: string;
  readonly region: Region;
  readonly probe: SentProbe;
  readonly verdict: 'reachable' | 'blocked' | 'ambiguous';
  /** Nothing listens on the probe's port. */
  readonly closed?: true;
}

const ANY = '0.0.0.0/0';
const OUTSIDE = '198.51.100.20';
const GUIDE = 'https://docs.aws.amazon.com/vpc/latest/userguide';

const tcp = (
  from: string,
  source: string,
  destination: string,
  destinationPort = 80,
): SentProbe => ({
  ...{ from, source, destination, destinationPort },
  ...{ protocol: 6, sourcePort: 40_000 },
});

/** A public subnet with `nat` and `box`, and two private ones. Everything is open. */
const base = new RegionBuilder()
  .vpc('vpc-1', '10.0.0.0/16')
  .internetGateway('igw-1', 'vpc-1')
  .routeTable('rtb-public', 'vpc-1', { [ANY]: 'igw-1' })
  .subnet('subnet-public', 'vpc-1', '10.0.1.0/24', { routeTable: 'rtb-public' })
  .group('sg-open', 'vpc-1', [rule('-1', ANY)])
  .instance('nat', {
    ...{ subnet: 'subnet-public', ip: '10.0.1.20', groups: ['sg-open'], publicIp: '198.18.0.20' },
    sourceDestCheck: false,
  })
  .instance('box', {
    ...{ subnet: 'subnet-public', ip: '10.0.1.30', groups: ['sg-open'], sourceDestCheck: false },
  })
  .instance('web', {
    subnet: 'subnet-public',
    ip: '10.0.1.40',
    groups: ['sg-open'],
    publicIp: '198.18.0.40',
  });

const behind = (target: string, publicIp?: string): Region =>
  base
    .routeTable('rtb-private', 'vpc-1', { [ANY]: target })
    .subnet('subnet-private', 'vpc-1', '10.0.2.0/24', { routeTable: 'rtb-private' })
    .instance('app', {
      ...{ subnet: 'subnet-private', ip: '10.0.2.10', groups: ['sg-open'] },
      ...(publicIp === undefined ? {} : { publicIp }),
    }).region;

/** Both ways by the appliance that does not translate. */
const throughBox: Region = base
  .routeTable('rtb-web', 'vpc-1', { '10.0.2.0/24': 'eni-box' })
  .subnet('subnet-web', 'vpc-1', '10.0.3.0/24', { routeTable: 'rtb-web' })
  .instance('site', { subnet: 'subnet-web', ip: '10.0.3.10', groups: ['sg-open'] })
  .routeTable('rtb-private', 'vpc-1', { '10.0.3.0/24': 'eni-box' })
  .subnet('subnet-private', 'vpc-1', '10.0.2.0/24', { routeTable: 'rtb-private' })
  .instance('app', { subnet: 'subnet-private', ip: '10.0.2.10', groups: ['sg-open'] }).region;

/** A public host whose table has these routes beside the one to the Internet. */
const edge = (routes: Readonly<Record<string, string>>): Region =>
  base
    .prefixList('pl-one', '198.51.100.0/24')
    .prefixList('pl-two', '198.51.100.0/25')
    .routeTable('rtb-edge', 'vpc-1', { [ANY]: 'igw-1', ...routes })
    .subnet('subnet-edge', 'vpc-1', '10.0.4.0/24', { routeTable: 'rtb-edge' })
    .instance('edge', {
      ...{ subnet: 'subnet-edge', ip: '10.0.4.10', groups: ['sg-open'], publicIp: '198.18.0.60' },
    }).region;

export const CASES: readonly Case[] = [
  {
    name: 'out by way of a NAT instance',
    page: `${GUIDE}/VPC_NAT_Instance.html`,
    region: behind('eni-nat'),
    probe: tcp('app', '10.0.2.10', OUTSIDE),
    verdict: 'reachable',
  },
  {
    name: 'an appliance that does not translate, for a host without a public address',
    page: `${GUIDE}/VPC_Internet_Gateway.html`,
    region: behind('eni-box'),
    probe: tcp('app', '10.0.2.10', OUTSIDE),
    verdict: 'blocked',
  },
  {
    name: 'by a NAT instance to the public address of a neighbour of it',
    page: `${GUIDE}/VPC_NAT_Instance.html`,
    region: behind('eni-nat'),
    probe: tcp('app', '10.0.2.10', '198.18.0.40'),
    verdict: 'reachable',
  },
  {
    name: 'a host asks its own public address',
    page: `${GUIDE}/VPC_Internet_Gateway.html`,
    region: base.region,
    probe: tcp('web', '10.0.1.40', '198.18.0.40'),
    verdict: 'reachable',
  },
  {
    name: 'the reply goes past the appliance that the request passed',
    page: `${GUIDE}/route-table-options.html`,
    region: base
      .routeTable('rtb-private', 'vpc-1', { '10.0.1.40/32': 'eni-box' })
      .subnet('subnet-private', 'vpc-1', '10.0.2.0/24', { routeTable: 'rtb-private' })
      .instance('app', { subnet: 'subnet-private', ip: '10.0.2.10', groups: ['sg-open'] }).region,
    probe: tcp('app', '10.0.2.10', '10.0.1.40'),
    verdict: 'ambiguous',
  },
  {
    name: 'echo requests are answered by a host that lets in echo requests only',
    page: `${GUIDE}/security-group-rules.html`,
    region: base
      .group('sg-echo', 'vpc-1', [rule('icmp 8 0', ANY)], [])
      .instance('pinged', { subnet: 'subnet-public', ip: '10.0.1.50', groups: ['sg-echo'] }).region,
    probe: {
      ...{ from: 'web', source: '10.0.1.40', destination: '10.0.1.50' },
      ...{ protocol: 1, sourcePort: 7, destinationPort: 1 },
    },
    verdict: 'reachable',
  },
  {
    name: 'an open port behind an appliance that does not translate',
    page: `${GUIDE}/route-table-options.html`,
    region: throughBox,
    probe: tcp('app', '10.0.2.10', '10.0.3.10'),
    verdict: 'reachable',
  },
  {
    name: 'prefix lists that overlap, on the way back: either route may be taken',
    page: `${GUIDE}/route-tables-priority.html`,
    region: edge({ 'pl-one': 'igw-1', 'pl-two': 'eni-gone' }),
    probe: tcp('internet', OUTSIDE, '198.18.0.60'),
    verdict: 'ambiguous',
  },
  {
    name: 'a blackhole on the way back to one endpoint',
    page: `${GUIDE}/WorkWithRouteTables.html`,
    region: edge({ [`${OUTSIDE}/32`]: 'eni-gone' }),
    probe: tcp('internet', OUTSIDE, '198.18.0.60'),
    verdict: 'blocked',
  },
  {
    name: 'a blackhole around an endpoint, which a longer route leads past',
    page: `${GUIDE}/route-tables-priority.html`,
    region: edge({ '198.51.100.0/24': 'eni-gone', [`${OUTSIDE}/32`]: 'igw-1' }),
    probe: tcp('internet', OUTSIDE, '198.18.0.60'),
    verdict: 'reachable',
  },
];

/**
 * What the lab is known not to do as AWS does, with the place that says so. `onsil verify` would
 * name it: the case fails when the lab learns it, and moves up.
 */
export const KNOWN: readonly Case[] = [
  {
    name: 'an appliance that does not translate, for a host with a public address of its own',
    // See the first comment of lab/fabric/internet-gateway.ts.
    page: `${GUIDE}/VPC_Internet_Gateway.html`,
    region: behind('eni-box', '198.18.0.10'),
    probe: tcp('app', '10.0.2.10', OUTSIDE),
    verdict: 'ambiguous',
  },
  {
    name: 'the refusal of a closed port behind an appliance that does not translate',
    // See REFUSAL_LOST in src/verify/compare.ts.
    page: `${GUIDE}/route-table-options.html`,
    region: throughBox,
    probe: tcp('app', '10.0.2.10', '10.0.3.10'),
    verdict: 'reachable',
    closed: true,
  },
];
