/** All pairs by name: who reaches whom, on what. */
import type { Region } from '../region/region.ts';
import { withoutRanges } from './addresses.ts';
import { endpointOf, internetOf, type NameSpace, servicesIn } from './endpoint.ts';
import { ipv6Of } from './families.ts';
import { type PacketSet, unionAll } from './packet-set/packet-set.ts';
import { reachability, reached, unknownOf } from './reachability.ts';
import { servicesText, sourcesText } from './text/packets.ts';
import { nameOf, verdictText } from './text/path.ts';
import type { Outcome } from './trace/state.ts';
import { type Endpoint, trace } from './trace/trace.ts';

/** What one end reaches of another. */
export interface Row {
  readonly from: string;
  readonly to: string;
  /** Absent: IPv4. */
  readonly family?: 'ipv6';
  readonly services: PacketSet;
  /** Of packets from outside: which senders. */
  readonly sources?: string;
  /** Where that cannot be told: what it depends on. */
  readonly depends?: string;
}

/** What cannot be told has no `services`: nobody is to take it for reachable. */
export function rowDocument({ services, depends, ...row }: Row) {
  const text = servicesText(services);
  return depends === undefined
    ? { ...row, services: text }
    : { ...row, unknown: text, text: depends };
}

/** All pairs, of both families where some interface has an IPv6 address. */
export function rowsOf(space: NameSpace): readonly Row[] {
  const { region } = space.model;
  const ipv6 = ipv6Of(space);
  const six = ipv6 === undefined ? [] : matrix(ipv6);
  const rows = [...matrix(space), ...six.map((row): Row => ({ ...row, family: 'ipv6' }))];
  const ids = Object.keys(region.networkInterfaces);
  const services = servicesIn(space.model).map(({ name }) => name);
  const order = new Map<string, number>();
  for (const name of ['internet', 'admin', ...services, ...ids.map((id) => nameOf(region, id))]) {
    if (!order.has(name)) order.set(name, order.size);
  }
  const place = (name: string): number => order.get(name) ?? order.size;
  return rows.toSorted((a, b) => place(a.from) - place(b.from) || place(a.to) - place(b.to));
}

/** Instances by name, `internet`, `admin` and services such as `s3` where there are any. */
function matrix(space: NameSpace): readonly Row[] {
  const { model } = space;
  const { region } = model;
  const result = reachability(model, internetOf(space));
  const inside = new Map<string, PacketSet[]>();
  const add = (from: string, to: string, services: PacketSet, depends?: string): void => {
    const key = JSON.stringify([from, to, depends]);
    const known = inside.get(key);
    if (known === undefined) inside.set(key, [services]);
    else known.push(services);
  };
  for (const from of result.classes) {
    for (const to of result.classes) {
      const unknown = result.unknown(from, to);
      if (result.none(from, to) && unknown.length === 0) continue;
      const services = result.services(from, to);
      for (const one of from.members) {
        for (const other of to.members) {
          const names = [one, other].map((each) => nameOf(region, each.networkInterfaceId));
          const [name = '', peer = ''] = names;
          if (name === peer) continue;
          add(name, peer, services);
          for (const each of unknown)
            add(name, peer, each.packets, verdictText(region, each.verdict));
        }
      }
    }
  }
  const outside = outsideOf(space);
  const ports = [...model.ports.keys()];
  const crossing = outside.flatMap(([name, end]) =>
    ports.flatMap((id): readonly Row[] => {
      const own: Endpoint = { kind: 'network-interface', id };
      const [inwards, outwards] = [
        trace(model, { from: end, to: own }),
        trace(model, { from: own, to: end }),
      ];
      const [inward, outward] = [reached(inwards), reached(outwards)];
      const [me, unknown] = [nameOf(region, id), (each: Outcome) => unknownPart(region, each)];
      const asked = end.kind === 'addresses' ? end.ranges : [];
      const sources = sourcesText(inward, asked, model.space);
      return [
        { from: name, to: me, services: inward, sources },
        { from: me, to: name, services: outward },
        ...unknownOf(inwards).map((each) => ({ from: name, to: me, ...unknown(each) })),
        ...unknownOf(outwards).map((each) => ({ from: me, to: name, ...unknown(each) })),
      ];
    }),
  );
  const between = [...inside].map(([key, sets]): Row => {
    const [from, to, depends]: [string, string, string | null] = JSON.parse(key);
    return { from, to, services: unionAll(sets), ...(depends === null ? {} : { depends }) };
  });
  return [...crossing, ...between];
}

function unknownPart(region: Region, { packets, verdict }: Outcome) {
  return { services: packets, depends: verdictText(region, verdict) };
}

/** The Internet here without the services that have a name of their own. */
function outsideOf(space: NameSpace): readonly (readonly [string, Endpoint])[] {
  const services = servicesIn(space.model);
  const others = withoutRanges(
    internetOf(space),
    services.map(({ range }) => range),
  );
  return [
    ['internet', { kind: 'addresses', ranges: others }],
    ...(space.administrator === undefined ? [] : ([['admin', administratorOf(space)]] as const)),
    ...services.map(({ name, range }) => [name, { kind: 'addresses', ranges: [range] }] as const),
  ];
}

function administratorOf(space: NameSpace): Endpoint {
  const end = endpointOf(space, 'admin');
  if ('unknown' in end) throw new Error('The administrator has a block, and is no end by it.');
  return end;
}
