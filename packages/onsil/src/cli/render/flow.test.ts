import { describe, expect, test } from 'vitest';
import type { FlowEvent } from '../../lab/daemon/flow.ts';
import { parseLabel } from '../../lab/fabric/label.ts';
import { concerns, flowRecord } from '../../lab/flow-record.ts';
import { entry, RegionBuilder, rule } from '../../region/testing.ts';
import { fullLine, shortLine } from './flow.ts';
import { cells } from './table.ts';

const { region } = new RegionBuilder()
  .vpc('vpc-1', '10.0.0.0/16')
  .vpc('vpc-2', '10.0.0.0/16')
  .routeTable('rtb-1', 'vpc-1', { '192.0.2.0/24': 'eni-gone' })
  .networkAcl('acl-1', 'vpc-1', [entry(7, 'egress', 'deny', 'tcp 25', '0.0.0.0/0')])
  .subnet('subnet-1', 'vpc-1', '10.0.0.0/24', { routeTable: 'rtb-1', acl: 'acl-1' })
  .subnet('subnet-2', 'vpc-2', '10.0.0.0/24')
  .group('app', 'vpc-1', [rule('tcp 8080', 'edge')], [])
  .group('edge', 'vpc-1', [], [])
  .instance('edge', {
    ...{ subnet: 'subnet-1', ip: '10.0.0.5', publicIp: '198.18.0.5' },
    groups: ['edge'],
  })
  .instance('database', { subnet: 'subnet-1', ip: '10.0.0.6', groups: ['app'] })
  .instance('twin', { subnet: 'subnet-2', ip: '10.0.0.6', groups: [] });

const TIME = 1_764_000_000_900;

/** tcp from edge to database, unless told otherwise. */
function event(label: string, more: Partial<FlowEvent['packet']> = {}): FlowEvent {
  const decider = parseLabel(label);
  if (decider === undefined) throw new Error(`${label} is no label`);
  const packet = {
    ...{ protocol: 6, source: '10.0.0.5', destination: '10.0.0.6', bytes: 60 },
    ...{ sourcePort: 40_000, destinationPort: 3306 },
    ...more,
  };
  const accepted = decider.kind === 'security-group' && decider.rule !== undefined;
  return { time: TIME, decider, accepted, packet, from: 'eni-edge', to: 'eni-database' };
}
const ACCEPTED = event('security-group ingress app sgr-tcp 8080-edge', { destinationPort: 8080 });
const REJECTED = event('security-group ingress none');

test("a record has AWS's fields in AWS's order, then the reason", () => {
  expect(fullLine(flowRecord(region, ACCEPTED))).toBe(
    '2 123456789012 eni-database 10.0.0.5 10.0.0.6 40000 8080 6 1 60 1764000000 1764000000 ' +
      'ACCEPT OK  sg app in: tcp 8080 from edge',
  );
  expect(fullLine(flowRecord(region, REJECTED))).toBe(
    '2 123456789012 eni-database 10.0.0.5 10.0.0.6 40000 3306 6 1 60 1764000000 1764000000 ' +
      'REJECT OK  no inbound rule of database: tcp 3306 from edge',
  );
});

test('a line for a person names both ends, and fits', () => {
  const at = new Date(TIME).toTimeString().slice(0, 8);
  expect(shortLine(region, ACCEPTED, 80)).toBe(
    `${at} ACCEPT edge → database tcp 8080    sg app in: tcp 8080 from edge`,
  );
  expect(shortLine(region, REJECTED, 80)).toBe(
    `${at} REJECT edge → database tcp 3306    no inbound rule of database`,
  );
  expect(cells(shortLine(region, ACCEPTED, 60))).toBe(60);
});

describe('the reason', () => {
  const strange = { destination: '192.0.2.9' };
  test.each([
    ['security-group egress none', {}, 'no outbound rule of edge: tcp 3306 to database'],
    ['security-group ingress app sgr-gone', {}, 'sg app in: sgr-gone'],
    ['network-acl egress acl-1 7', {}, 'acl acl-1 out: 7 deny tcp 25 to 0.0.0.0/0'],
    ['network-acl ingress acl-1 *', {}, 'acl acl-1 in: * deny everything'],
    ['network-acl ingress acl-1 8', {}, 'acl acl-1 in: 8'],
    ['route-table rtb-1 192.0.2.0/24', strange, 'blackhole 192.0.2.0/24 in rtb-1'],
    ['route-table rtb-1 none', strange, 'no route in rtb-1'],
    ['internet-gateway egress source', strange, 'edge has no public address'],
    [
      'internet-gateway egress destination',
      strange,
      'Internet gateway: 192.0.2.9 is no public address',
    ],
    ['source-check', { source: '10.0.9.9' }, "source check: 10.0.9.9 is not edge's"],
    ['destination-check', strange, 'destination check of database'],
    ['address', strange, 'nobody has 192.0.2.9'],
    ['link-local', { destination: '169.254.9.9' }, 'no such service at 169.254.9.9'],
    ['connection-tracking', {}, 'belongs to no connection'],
  ])('of %s', (label, more, because) => {
    expect(flowRecord(region, event(label, more)).because).toBe(because);
  });

  test('is counted to the interface where it was found', () => {
    const at = (label: string) => flowRecord(region, event(label))['interface-id'];
    expect(at('network-acl egress acl-1 7')).toBe('eni-edge');
    expect(at('network-acl ingress acl-1 7')).toBe('eni-database');
    expect(at('route-table rtb-1 none')).toBe('eni-edge');
    expect(at('destination-check')).toBe('eni-database');
    expect(at('internet-gateway ingress source')).toBe('eni-database');
  });
});

test('a packet without ports has zeros, and an interface that is none a dash', () => {
  const { protocol, source, destination, bytes } = event('address').packet;
  const bare = { ...event('address'), packet: { protocol: 47, source, destination, bytes } };
  const { from: _, to: __, ...nowhere } = bare;
  expect(protocol).toBe(6);
  expect(flowRecord(region, nowhere)).toMatchObject({
    ...{ srcport: 0, dstport: 0, 'interface-id': '-', protocol: 47 },
  });
  const echo = { ...event('address').packet, protocol: 1, type: 8, code: 0 };
  const { sourcePort: ___, destinationPort: ____, ...icmp } = echo;
  expect(shortLine(region, { ...bare, packet: icmp }, 80)).toContain('edge → database icmp 8');
});

test('an instance is found at either end, by its public address too, and where it forwards', () => {
  expect(concerns(region, REJECTED, 'edge')).toBe(true);
  expect(concerns(region, REJECTED, 'database')).toBe(true);
  // The same address in another VPC.
  expect(concerns(region, REJECTED, 'twin')).toBe(false);
  const outside = event('security-group ingress none', {
    source: '198.51.100.20',
    destination: '198.18.0.5',
  });
  const { from: _, to: __, ...seen } = outside;
  expect(concerns(region, seen, 'internet')).toBe(true);
  expect(concerns(region, seen, 'edge')).toBe(true);
  expect(concerns(region, seen, 'database')).toBe(false);
  const through = event('security-group ingress none', { destination: '192.0.2.9' });
  expect(concerns(region, through, 'database')).toBe(true);
});
