import { expect, test } from 'vitest';
import { entry, RegionBuilder, rule } from '../region/testing.ts';
import { questionsOf } from './questions.ts';
import { randomNumbers } from './random.ts';

const { region } = new RegionBuilder()
  .vpc('vpc-1', '10.0.0.0/16')
  .internetGateway('igw-1', 'vpc-1')
  .subnet('subnet-1', 'vpc-1', '10.0.1.0/24')
  .group('sg-1', 'vpc-1', [rule('tcp 80-90', '0.0.0.0/0')], [])
  .instance('web', {
    subnet: 'subnet-1',
    ip: '10.0.1.10',
    groups: ['sg-1'],
    publicIp: '198.18.0.1',
  })
  .instance('db', { subnet: 'subnet-1', ip: '10.0.1.20', groups: ['sg-1'] });

const asked = { region, services: [{ protocol: 17, port: 53 }], randomServices: 2 };

test('every ordered pair is asked, on every port that is named, by the addresses there are', () => {
  const { probes } = questionsOf({
    ...{ ...asked, running: new Set(['web', 'db']), random: randomNumbers(1) },
  });
  const pairs = Map.groupBy(probes, ({ from, destination }) => `${from} ${destination}`);
  expect(
    [...pairs.keys()].filter((pair) => !pair.includes('169.254') && !pair.endsWith('.0.2')),
  ).toEqual([
    ...['web 198.18.0.1', 'web 10.0.1.20', 'web 198.51.100.10', 'web 198.51.100.20'],
    ...['db 10.0.1.10', 'db 198.18.0.1', 'db 198.51.100.10', 'db 198.51.100.20'],
    ...['admin 198.18.0.1', 'admin 10.0.1.20', 'internet 198.18.0.1', 'internet 10.0.1.20'],
  ]);
  const services = (pairs.get('web 10.0.1.20') ?? []).map(
    ({ protocol, destinationPort }) => `${protocol} ${destinationPort}`,
  );
  expect(services.slice(0, 5)).toEqual(['6 79', '6 80', '6 90', '6 91', '17 53']);
  expect(services).toHaveLength(8);
  expect(services.at(-1)).toBe('1 1');
});

test('no two packets have one source port', () => {
  const { probes } = questionsOf({
    ...{ ...asked, running: new Set(['web', 'db']), random: randomNumbers(1) },
  });
  expect(new Set(probes.map(({ sourcePort }) => sourcePort)).size).toBe(probes.length);
});

test('what is not asked is listed with the reason', () => {
  const { probes, left } = questionsOf({
    ...{ ...asked, running: new Set(['web']), random: randomNumbers(1) },
  });
  expect(probes.some(({ from, destination }) => from === 'db' || destination === '10.0.1.20')).toBe(
    false,
  );
  expect(left).toContainEqual({ from: 'web', to: 'db', reason: 'db is not running' });
  expect(left).toContainEqual({ from: 'db', to: 'web', reason: 'db is not running' });
  expect(left).toContainEqual({
    ...{ from: 'admin', to: 'internet', reason: 'no VPC lies between them' },
  });
});

const ask = (builder: RegionBuilder, random = randomNumbers(1), running = ['web']) =>
  questionsOf({
    ...{ region: builder.region, services: [], randomServices: 40, random },
    running: new Set(running),
  });
const alone = (
  acl: Parameters<RegionBuilder['networkAcl']>[2] = [],
  egress: readonly string[] = [],
) =>
  new RegionBuilder()
    .vpc('vpc-1', '10.0.0.0/16')
    .networkAcl('acl-1', 'vpc-1', acl)
    .subnet('subnet-1', 'vpc-1', '10.0.1.0/24', { acl: 'acl-1' })
    .group(
      'sg-1',
      'vpc-1',
      [],
      egress.map((packet) => rule(packet, '0.0.0.0/0')),
    )
    .instance('web', { subnet: 'subnet-1', ip: '10.0.1.10', groups: ['sg-1'] });
const toOutside = (builder: RegionBuilder) =>
  ask(builder)
    .probes.filter(({ from, destination }) => from === 'web' && destination === '198.51.100.20')
    .map(({ protocol, destinationPort }) => `${protocol} ${destinationPort}`);

test('each running host asks the services of its VPC, and in vain what they do not serve', () => {
  const { probes } = ask(alone());
  const asked = probes.filter(({ destination }) => /^169\.254|\.0\.2$/.test(destination));
  expect(
    asked.map(({ destination, protocol, destinationPort }) =>
      [destination, protocol, destinationPort].join(' '),
    ),
  ).toEqual([
    ...['169.254.169.253 17 53', '169.254.169.253 6 53', '169.254.169.253 6 22'],
    ...['10.0.0.2 17 53', '10.0.0.2 6 53', '10.0.0.2 6 22'],
    ...['169.254.169.254 6 80', '169.254.169.254 6 22', '169.254.169.254 17 53'],
    ...['169.254.169.123 17 123', '169.254.169.123 6 123'],
  ]);
  expect(new Set(asked.map(({ from, source }) => `${from} ${source}`))).toEqual(
    new Set(['web 10.0.1.10']),
  );
  expect(ask(alone(), randomNumbers(1), []).probes).toEqual([]);
});

test('ports of rules out and of network ACLs are asked too, as far as there are such ports', () => {
  const deny = entry(1, 'ingress', 'deny', 'udp 65535', '0.0.0.0/0');
  const asked = toOutside(alone([deny], ['tcp 1-2', 'icmp 8', '47']));
  expect(asked.slice(0, 5)).toEqual(['6 1', '6 2', '6 3', '17 65534', '17 65535']);
  expect(asked).not.toContain('17 65536');
});

test('random services are of both protocols and of every port but 0', () => {
  const protocols = toOutside(alone()).map((text) => text.split(' ')[0]);
  expect(new Set(protocols)).toEqual(new Set(['6', '17', '1']));
  const least = ask(alone(), () => 0).probes.find(({ destination }) => destination.endsWith('.20'));
  expect(least).toMatchObject({ protocol: 6, destinationPort: 1, source: '10.0.1.10' });
  const most = ask(alone(), (below) => below - 1).probes.find(({ protocol }) => protocol === 17);
  expect(most?.destinationPort).toBe(65_535);
});

test('source ports are those of clients', () => {
  for (const random of [() => 0, (below: number) => below - 1]) {
    const ports = ask(alone(), random).probes.map(({ sourcePort }) => sourcePort);
    expect(ports.filter((port) => port < 1024 || port > 65_535)).toEqual([]);
  }
  // More conversations than there are ports: each has come before one comes again.
  const many = questionsOf({
    ...{ region: alone().region, randomServices: 0, random: () => 0, running: new Set(['web']) },
    services: Array.from({ length: 40_000 }, (_, port) => ({ protocol: 6, port })),
  }).probes.map(({ sourcePort }) => sourcePort);
  const round = 65_535 - 1024 + 1;
  expect(many.length).toBeGreaterThan(round);
  expect(new Set(many.slice(0, round)).size).toBe(round);
  const sorted = many.toSorted((a, b) => a - b);
  expect([sorted[0], sorted.at(-1)]).toEqual([1024, 65_535]);
});

test('interfaces without an instance and IPv6 are listed as what is not asked', () => {
  const bare = alone().instance('bare', {
    ...{ subnet: 'subnet-1', ip: '10.0.1.20', groups: ['sg-1'], attached: false },
  });
  const free = { from: 'everybody', to: 'eni-bare', reason: 'no instance is behind it' };
  const { probes, left } = ask(bare);
  expect(left.filter(({ from }) => from === 'everybody')).toEqual([free]);
  expect(probes.some(({ destination }) => destination === '10.0.1.20')).toBe(false);
  const six = alone()
    .ipv6('vpc-1', '2001:db8:1::/56')
    .subnet('subnet-6', 'vpc-1', '10.0.6.0/24', { ipv6Cidr: '2001:db8:1::/64' })
    .instance('six', {
      ...{ subnet: 'subnet-6', ip: '10.0.6.10', groups: ['sg-1'], ipv6: ['2001:db8:1::10'] },
    });
  expect(ask(six).left.filter(({ from }) => from === 'everybody')).toEqual([
    { from: 'everybody', to: 'IPv6 addresses', reason: 'only IPv4 packets are sent' },
  ]);
  expect(ask(alone()).left.filter(({ from }) => from === 'everybody')).toEqual([]);
});
