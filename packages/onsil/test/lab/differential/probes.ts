/** Random probes for a random region: all of one lab at once, no two of one conversation. */
import { METADATA, OUTSIDE_HOSTS, VPC_RESOLVER } from '../../../src/lab/addresses.ts';
import type { SentProbe } from '../../../src/lab/probe/exchange.ts';
import type { Region } from '../../../src/region/region.ts';
import { hostOfInterface } from '../../../src/verify/hosts.ts';

/** Where rules of the random regions begin and end, and between. */
const EDGES = [1, 22, 80, 1024, 8080, 40000, 65535];
const PROTOCOLS = [6, 6, 6, 17, 17, 1, 50];

/** `count` probes between hosts that are there, to addresses that may be anybody's. */
export function randomProbes(
  region: Region,
  count: number,
  random: (below: number) => number,
): readonly SentProbe[] {
  const pick = <T>(items: readonly T[]): T | undefined => items[random(items.length)];
  const senders = sendersOf(region);
  const destinations = destinationsOf(region);
  const taken = new Set<string>();
  const probes: SentProbe[] = [];
  for (let tries = 0; probes.length < count && tries < 10 * count; tries += 1) {
    const sender = pick(senders);
    const destination = pick(destinations);
    const protocol = pick(PROTOCOLS) ?? 6;
    if (sender === undefined || destination === undefined) break;
    // Nobody outside answers for an outside host: no VPC has a part in it.
    if (sender.outside && !isOfRegion(region, destination)) continue;
    const sourcePort = between(random);
    const destinationPort =
      random(2) === 0 ? (pick([22, 53, 80, 1024, 8080, 40000, 65535]) ?? 80) : between(random);
    const hasPorts = protocol === 6 || protocol === 17 || protocol === 1;
    // A port of its own for each probe, so that no translation has to change it; without ports, one
    // probe for each address, since two senders may become one.
    const key = `${protocol} ${hasPorts ? sourcePort : destination}`;
    const back = `${protocol} ${hasPorts ? sourcePort : sender.address}`;
    // The same two ports the other way round would look like an answer.
    const ports = [sourcePort, destinationPort].toSorted((a, b) => a - b);
    const pair = `${protocol} ports ${ports.join(' ')}`;
    if (taken.has(key) || taken.has(back) || (hasPorts && taken.has(pair))) continue;
    taken.add(key).add(pair);
    probes.push({
      ...{ from: sender.from, protocol, source: sender.address, destination },
      sourcePort: hasPorts ? sourcePort : 0,
      destinationPort: hasPorts ? destinationPort : 0,
    });
  }
  return probes;

  function between(draw: (below: number) => number): number {
    const index = draw(EDGES.length - 1);
    const [first = 1, last = 65535] = EDGES.slice(index, index + 2);
    return draw(4) === 0 ? first : first + draw(last - first + 1);
  }
}

function sendersOf(region: Region) {
  const inside = Object.values(region.networkInterfaces).flatMap(({ id, privateIps }) => {
    const from = hostOfInterface(region, id);
    return from === undefined
      ? []
      : privateIps.map((address) => ({ from, address, outside: false }));
  });
  const outside = Object.entries(OUTSIDE_HOSTS).map(([from, address]) => {
    return { from, address, outside: true };
  });
  return [...inside, ...inside, ...outside];
}

function destinationsOf(region: Region): readonly string[] {
  const interfaces = Object.values(region.networkInterfaces);
  // The lab runs no interface endpoints.
  const run = interfaces.filter(({ managedBy }) => managedBy?.kind !== 'vpc-endpoint');
  const own = run.flatMap(({ privateIps, publicIp }) => [
    ...privateIps,
    ...(publicIp === undefined ? [] : [publicIp]),
  ]);
  return [
    ...[...own, ...own],
    ...[...Object.values(OUTSIDE_HOSTS), ...Object.values(OUTSIDE_HOSTS)],
    // Of nobody; not of the lab's Internet; services.
    ...['10.0.2.14', '10.0.9.9', '192.168.1.1', '100.64.0.1', '198.18.0.99'],
    ...['10.0.0.2', METADATA, VPC_RESOLVER, '169.254.1.1'],
  ];
}

function isOfRegion(region: Region, address: string): boolean {
  return Object.values(region.networkInterfaces).some(({ publicIp }) => publicIp === address);
}
