/** Which packets are sent: every ordered pair, every port that anything names, and random ones. */
import { METADATA, OUTSIDE_HOSTS, TIME, VPC_RESOLVER } from '../lab/addresses.ts';
import type { SentProbe } from '../lab/probe/exchange.ts';
import { publicAddresses } from '../region/elastic-ip.ts';
import { hostAt } from '../region/ipv4.ts';
import type { Region } from '../region/region.ts';
import { hostOfInterface } from './hosts.ts';

/** A protocol with a port, as in `{ protocol: 6, port: 22 }`. */
export interface Service {
  /** 6 for TCP, 17 for UDP. */
  readonly protocol: number;
  readonly port: number;
}

export interface Questions {
  readonly probes: readonly SentProbe[];
  /** Pairs of which nothing is asked. */
  readonly left: readonly LeftOut[];
}

export interface LeftOut {
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

interface End {
  readonly host: string;
  readonly address: string;
  /** Absent: outside. */
  readonly vpcId?: string;
}

export interface Asked {
  readonly region: Region;
  /** Names of the instances that are on. */
  readonly running: ReadonlySet<string>;
  /** Beside those that the region's rules name. */
  readonly services: readonly Service[];
  /** Random services for each pair. */
  readonly randomServices: number;
  /** A whole number from 0 to below its argument. */
  readonly random: (below: number) => number;
}

const TCP = 6;
const UDP = 17;
const ICMP = 1;
const [FIRST_PORT, LAST_PORT] = [1024, 65535];

export function questionsOf(asked: Asked): Questions {
  const { region, running, random, randomServices } = asked;
  const inside = insidersOf(region);
  const outside = Object.entries(OUTSIDE_HOSTS).map(([host, address]): End => ({ host, address }));
  const named = distinct([...servicesOf(region), ...asked.services]);
  const sourcePorts = uniquePorts(random);
  const probes: SentProbe[] = [];
  const left: LeftOut[] = [];
  for (const from of [...inside, ...outside]) {
    for (const to of targetsOf(region, from, inside, outside)) {
      const reason = reasonToLeaveOut(running, from, to);
      if (reason !== undefined) {
        left.push({ from: from.host, to: to.host, reason });
        continue;
      }
      const more = Array.from({ length: randomServices }, (): Service => {
        return { protocol: random(2) === 0 ? TCP : UDP, port: 1 + random(LAST_PORT) };
      });
      const ends = { from: from.host, source: from.address, destination: to.address };
      for (const { protocol, port } of distinct([...named, ...more])) {
        const ports = { sourcePort: sourcePorts(), destinationPort: port };
        probes.push({ ...ends, protocol, ...ports });
      }
      probes.push({ ...ends, protocol: ICMP, sourcePort: sourcePorts(), destinationPort: 1 });
    }
    if (from.vpcId === undefined || !running.has(from.host)) continue;
    probes.push(...serviceProbes(region, from, from.vpcId, sourcePorts));
  }
  return { probes, left: [...left, ...otherInterfaces(region), ...ipv6Of(region)] };
}

function insidersOf(region: Region): readonly End[] {
  return Object.values(region.networkInterfaces).flatMap(({ id, vpcId, privateIps }) => {
    const host = hostOfInterface(region, id);
    return host === undefined ? [] : privateIps.map((address) => ({ host, address, vpcId }));
  });
}

/** The addresses by which the sender may know others: private ones inside, and public ones. */
function targetsOf(
  region: Region,
  from: End,
  inside: readonly End[],
  outside: readonly End[],
): readonly End[] {
  const pairs = publicAddresses(region);
  const known = inside.flatMap((end): readonly End[] => {
    const publicIp = pairs.find(({ privateIp }) => privateIp === end.address)?.publicIp;
    const visible = publicIp === undefined ? [] : [{ ...end, address: publicIp }];
    // From outside, a private address leads nowhere: it is asked where there is no other one.
    return from.vpcId !== undefined || visible.length === 0 ? [end, ...visible] : visible;
  });
  return [...known, ...outside].filter(({ address }) => address !== from.address);
}

function reasonToLeaveOut(running: ReadonlySet<string>, from: End, to: End): string | undefined {
  if (from.vpcId === undefined && to.vpcId === undefined) return 'no VPC lies between them';
  const off = [from, to].find(({ vpcId, host }) => vpcId !== undefined && !running.has(host));
  return off === undefined ? undefined : `${off.host} is not running`;
}

/** The VPC's own services, and what is asked of them in vain. */
function serviceProbes(
  region: Region,
  { host: from, address: source }: End,
  vpcId: string,
  sourcePort: () => number,
): readonly SentProbe[] {
  const resolver = hostAt(region.vpcs[vpcId]?.cidrs[0] ?? '', 2);
  const asked: readonly (readonly [string, number, number])[] = [
    ...[VPC_RESOLVER, resolver].flatMap((address) => [
      ...([
        [address, UDP, 53],
        [address, TCP, 53],
        [address, TCP, 22],
      ] as const),
    ]),
    ...([
      [METADATA, TCP, 80],
      [METADATA, TCP, 22],
      [METADATA, UDP, 53],
      [TIME, UDP, 123],
      [TIME, TCP, 123],
    ] as const),
  ];
  return asked.map(([destination, protocol, destinationPort]) => ({
    ...{ from, source, destination, protocol, destinationPort },
    sourcePort: sourcePort(),
  }));
}

/** Every edge of every rule's ports, and the ports next to it. */
function servicesOf({ securityGroups, networkAcls }: Region): readonly Service[] {
  const rules = [
    ...Object.values(securityGroups).flatMap(({ ingress, egress }) => [...ingress, ...egress]),
    ...Object.values(networkAcls).flatMap(({ entries }) => entries),
  ];
  return rules.flatMap(({ protocol, fromPort = 1, toPort = fromPort }) => {
    if (protocol !== TCP && protocol !== UDP) return [];
    const edges = [fromPort - 1, fromPort, toPort, toPort + 1];
    return edges
      .filter((port) => port >= 1 && port <= LAST_PORT)
      .map((port) => ({ protocol, port }));
  });
}

function distinct(services: readonly Service[]): readonly Service[] {
  const byName = new Map(services.map((each) => [`${each.protocol} ${each.port}`, each]));
  return [...byName.values()];
}

/** All of them before one comes again: no two conversations are one, and none is translated. */
function uniquePorts(random: (below: number) => number): () => number {
  const count = LAST_PORT - FIRST_PORT + 1;
  let next = random(count);
  // A step without a common divisor passes every port.
  const step = 10_007;
  return () => {
    next = (next + step) % count;
    return FIRST_PORT + next;
  };
}

/** Interfaces that no instance has: nothing sends from them or listens there. */
function otherInterfaces(region: Region): readonly LeftOut[] {
  return Object.values(region.networkInterfaces).flatMap(({ id }) =>
    hostOfInterface(region, id) === undefined
      ? [{ from: 'everybody', to: id, reason: 'no instance is behind it' }]
      : [],
  );
}

function ipv6Of(region: Region): readonly LeftOut[] {
  const some = Object.values(region.networkInterfaces).some(
    ({ ipv6Addresses }) => ipv6Addresses.length > 0,
  );
  return some
    ? [{ from: 'everybody', to: 'IPv6 addresses', reason: 'only IPv4 packets are sent' }]
    : [];
}
