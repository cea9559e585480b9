import { describe, expect, test } from 'vitest';
import { contains } from '../../region/ipv4.ts';
import { crowd, entry, RegionBuilder, rule } from '../../region/testing.ts';
import { IDENTITY_POOL } from '../addresses.ts';
import { identities } from './identity.ts';
import { counterName } from './label.ts';
import { planFabric } from './plan.ts';
import { printFabric } from './print.ts';
import { realmsOf } from './route-decision.ts';
import { routeTableNumbers } from './route-table.ts';

const world = new RegionBuilder()
  .vpc('vpc-1', '10.0.0.0/16')
  .internetGateway('igw-1', 'vpc-1')
  .routeTable('rtb-public', 'vpc-1', { '0.0.0.0/0': 'igw-1' })
  .routeTable('rtb-private', 'vpc-1', { '0.0.0.0/0': 'eni-nat', '192.0.2.0/24': 'eni-gone' })
  .networkAcl('acl-1', 'vpc-1', [
    entry(200, 'ingress', 'allow', 'tcp 1024-65535', '0.0.0.0/0'),
    entry(100, 'ingress', 'deny', 'tcp 3389', '0.0.0.0/0'),
    entry(100, 'egress', 'allow', 'udp 53', '10.0.0.0/16'),
  ])
  .subnet('subnet-public', 'vpc-1', '10.0.1.0/24', { routeTable: 'rtb-public' })
  .subnet('subnet-private', 'vpc-1', '10.0.2.0/24', { routeTable: 'rtb-private', acl: 'acl-1' })
  .group('sg-nat', 'vpc-1', [rule('-1', '10.0.0.0/16'), rule('-1', '::/0')])
  .group('sg-app', 'vpc-1', [rule('tcp 80', 'sg-nat'), rule('tcp 80', 'sg-nat')], [])
  .instance('nat', {
    ...{ subnet: 'subnet-public', ip: '10.0.1.4', publicIp: '198.18.0.4' },
    groups: ['sg-nat'],
    sourceDestCheck: false,
  })
  .instance('app', {
    ...{ subnet: 'subnet-private', ip: '10.0.2.4', moreIps: ['10.0.2.5'] },
    groups: ['sg-app', 'sg-nat'],
    hopLimit: 2,
  });

const plan = planFabric('lab', world.region);
const router = plan.namespaces.find(({ name }) => name === 'onsil.lab.vpc-1');
const settings = (object: string) =>
  router?.settings.filter((each) => each.object === object).map((each) => each.arguments) ?? [];

/** The lines inside a chain, set or map of the router. */
function block(kind: string, name: string): readonly string[] {
  const lines = (router?.ruleset ?? '').split('\n');
  const start = lines.indexOf(`  ${kind} ${name} {`);
  expect(start, `${kind} ${name}`).toBeGreaterThan(-1);
  return lines.slice(start + 1, lines.indexOf('  }', start)).map((line) => line.trim());
}

/** What a rule says of its decider: a counter, and a log message where it gives a verdict. */
const by = (label: string) => `counter name ${counterName(label)}`;
const logged = (label: string) => `${by(label)} log prefix "${label}" group 1 snaplen 64`;

describe('routes', () => {
  const numbers = routeTableNumbers(world.region);
  const realms = realmsOf(world.region, 'vpc-1');
  const realm = (...words: string[]) => `realm ${realms.get(['route-table', ...words].join(' '))}`;
  const of = (table: string) =>
    settings('route').filter((words) => words.includes(` table ${numbers.get(table)}`));

  test('carry a realm each, by which they are counted and, gone to lo, dropped', () => {
    expect(new Set(realms.values()).size).toBe(6);
    expect(Math.min(...realms.values())).toBeGreaterThan(0);
    expect(Math.max(...realms.values())).toBeLessThan(2 ** 16);
    const number = realms.get('route-table rtb-public 0.0.0.0/0');
    expect(block('map', 'routes-rtb-public')).toEqual(
      expect.arrayContaining([
        expect.stringContaining('0 : "route-table/rtb-public/local"'),
        expect.stringContaining(`${number} : "route-table/rtb-public/0.0.0.0/0"`),
      ]),
    );
    expect(block('chain', 'route-table-rtb-public')).toEqual([
      'oifname "lo" rt classid & 0xffff vmap @blackholes-rtb-public',
      'counter name rt classid & 0xffff map @routes-rtb-public',
    ]);
    expect(block('chain', `blackhole-rtb-public-${number}`)).toEqual([
      `${logged('route-table rtb-public 0.0.0.0/0')} drop`,
    ]);
  });

  test('of a public table lead to the Internet gateway, and drop the rest', () => {
    const table = numbers.get('rtb-public');
    expect(of('rtb-public')).toEqual([
      `throw 10.0.0.0/16 table ${table}`,
      `0.0.0.0/0 via 169.254.1.1 dev uplink onlink table ${table} metric 100 ${realm('rtb-public', '0.0.0.0/0')}`,
      `default dev lo table ${table} metric 2000 ${realm('rtb-public', 'none')}`,
    ]);
  });

  test('to an interface are blackholes until it is attached', () => {
    const table = numbers.get('rtb-private');
    expect(of('rtb-private')).toEqual([
      `throw 10.0.0.0/16 table ${table}`,
      `0.0.0.0/0 dev lo table ${table} metric 1000 ${realm('rtb-private', '0.0.0.0/0')}`,
      `192.0.2.0/24 dev lo table ${table} metric 1000 ${realm('rtb-private', '192.0.2.0/24')}`,
      `default dev lo table ${table} metric 2000 ${realm('rtb-private', 'none')}`,
    ]);
    const nat = plan.interfaces.find(({ id }) => id === 'eni-nat');
    expect(nat?.settings.map(({ arguments: words }) => words)).toEqual([
      '10.0.1.1/32 dev eni-nat',
      '10.0.1.4 lladdr 02:00:0a:00:01:04 nud permanent dev eni-nat',
      '10.0.1.4/32 dev eni-nat',
      `0.0.0.0/0 via 10.0.1.4 dev eni-nat onlink table ${table} metric 100 ` +
        realm('rtb-private', '0.0.0.0/0'),
    ]);
  });

  test('to a gateway that is not attached are blackholes', () => {
    const detached = planFabric('lab', world.without('internetGateways', 'igw-1').region);
    expect(printFabric(detached)).not.toContain('dev uplink onlink');
    expect(printFabric(detached)).not.toContain('198.18.0.4');
    expect(printFabric(plan)).toContain('198.18.0.4/32 via 169.254.1.2 dev up-1 onlink');
  });

  test('are asked by interface, but not for a neighbour in a subnet that is diverted', () => {
    const table = numbers.get('rtb-private');
    expect(settings('rule')).toContain(`pref 1000 iif eni-app lookup ${table}`);
    expect(settings('rule').filter((words) => words.startsWith('pref 500'))).toEqual([]);
    const diverted = world.routeTable('rtb-private', 'vpc-1', { '10.0.2.0/24': 'eni-nat' });
    expect(printFabric(planFabric('lab', diverted.region))).toContain(
      'rule pref 500 iif eni-app to 10.0.2.0/24 lookup main',
    );
  });
});

describe('rules', () => {
  test('of a group are in the order of their ids, each counted by itself, without IPv6', () => {
    const name = 'security-group ingress sg-nat sgr--1-10.0.0.0/16';
    expect(block('chain', 'ingress-sg-nat')).toEqual([
      `ip saddr 10.0.0.0/16 ${logged(name)} accept`,
    ]);
    const app =
      'iifname . ip saddr @members-sg-nat tcp dport 80 ' +
      `${logged('security-group ingress sg-app sgr-tcp 80-sg-nat')} accept`;
    expect(block('chain', 'ingress-sg-app')).toEqual([app, app]);
    expect(block('chain', 'egress-sg-app')).toEqual([]);
    const twice = [rule('-1', '10.0.0.0/16'), { ...rule('-1', '10.0.0.0/16'), id: 'sgr-0' }];
    const { namespaces } = planFabric('lab', world.group('sg-nat', 'vpc-1', twice).region);
    const labels = namespaces.find(({ name: each }) => each === router?.name)?.counters ?? [];
    expect(labels.filter((each) => each.startsWith('security-group ingress sg-nat'))).toEqual([
      name,
      'security-group ingress sg-nat sgr-0',
    ]);
  });

  test('of several groups are a union', () => {
    expect(block('chain', 'ingress-eni-app')).toEqual([
      'jump ingress-sg-app',
      'jump ingress-sg-nat',
    ]);
    expect(block('map', 'ingress-gates')).toContain('"eni-app" : jump ingress-eni-app,');
    expect(block('map', 'ingress-gates')).toContain('"eni-nat" : jump ingress-sg-nat');
  });

  test('name members by interface and private address, never by the public one', () => {
    expect(block('set', 'members-sg-nat')).toEqual([
      'type ifname . ipv4_addr',
      'elements = {',
      '"eni-app" . 10.0.2.4,',
      '"eni-app" . 10.0.2.5,',
      '"eni-nat" . 10.0.1.4',
      '}',
    ]);
  });

  test('of an ACL are in the order of their numbers and end in a drop', () => {
    expect(block('chain', 'network-acl-ingress-acl-1')).toEqual([
      `tcp dport 3389 ${logged('network-acl ingress acl-1 100')} drop`,
      `tcp dport 1024-65535 ${by('network-acl ingress acl-1 200')} return`,
      `${logged('network-acl ingress acl-1 *')} drop`,
    ]);
    expect(block('chain', 'network-acl-egress-acl-1')).toEqual([
      `ip daddr 10.0.0.0/16 udp dport 53 ${by('network-acl egress acl-1 100')} return`,
      `${logged('network-acl egress acl-1 *')} drop`,
    ]);
  });

  test('for metadata responses depend on the instance', () => {
    expect(block('chain', 'hop-limit-2')).toEqual(['ip ttl set 2']);
    expect(block('map', 'hop-limits')).toContain('"eni-app" : jump hop-limit-2,');
  });
});

describe('identities', () => {
  test('are one for each interface, from their pool, and stay', () => {
    const before = identities(crowd(300));
    expect(new Set(before.values()).size).toBe(300);
    expect([...before.keys()].every((address) => contains(IDENTITY_POOL, address))).toBe(true);
    const after = identities(crowd(301));
    const of = (all: ReadonlyMap<string, string>, id: string) =>
      [...all].find(([, each]) => each === id)?.[0];
    expect(of(after, 'eni-m7')).toBe(of(before, 'eni-m7'));
  });
});

test('the plan is the same text for the same region, whatever the order of its tables', () => {
  const shuffled = {
    ...world.region,
    securityGroups: Object.fromEntries(Object.entries(world.region.securityGroups).toReversed()),
  };
  expect(planFabric('lab', shuffled)).toEqual(plan);
});

test('prints namespaces, links and interfaces', () => {
  const text = printFabric(plan);
  for (const line of [
    'namespace onsil.lab.internet',
    'namespace onsil.lab.host.admin',
    'namespace onsil.lab.vpc-1',
    '  onsil.lab.internet/up-1 <-> onsil.lab.vpc-1/uplink mtu 1500',
    'network interface eni-app in onsil.lab.vpc-1',
    '  guest  address 10.0.2.4/24 broadcast + dev ens5',
    '  sysctl net.netfilter.nf_conntrack_tcp_loose=0',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
});

test('a lab of an impossible name is refused', () => {
  expect(() => planFabric('../etc', world.region)).toThrow(/lower case letters/);
});
