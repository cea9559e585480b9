import { withoutRanges } from '../../reach/addresses.ts';
import { internetOf, type NameSpace, servicesIn } from '../../reach/endpoint.ts';
import { ipv6Of } from '../../reach/families.ts';
import { isEmpty, type PacketSet, unionAll } from '../../reach/packet-set/packet-set.ts';
import { reachability, reached } from '../../reach/reachability.ts';
import { servicesText, sourcesText } from '../../reach/text/packets.ts';
import { nameOf } from '../../reach/text/path.ts';
import { type Endpoint, trace } from '../../reach/trace/trace.ts';
import { renderTable } from '../render/table.ts';
import { type ModelOptions, modelOf, requireEndpoint } from './model.ts';

export interface ReachOptions extends ModelOptions {
  readonly from?: string;
  readonly to?: string;
  readonly internet?: boolean;
}

interface Row {
  readonly from: string;
  readonly to: string;
  /** Absent: IPv4. */
  readonly family?: 'ipv6';
  readonly services: PacketSet;
  /** Of packets from outside: which senders. */
  readonly sources?: string;
}

/** Prints who reaches whom, on what. */
export async function reach(options: ReachOptions): Promise<void> {
  const { space, warnings } = await modelOf(options);
  for (const name of [options.from, options.to]) {
    if (name !== undefined) requireEndpoint(space, name);
  }
  const from = options.internet === true ? 'internet' : options.from;
  const rows = rowsOf(space).filter(
    (row) =>
      !isEmpty(row.services) &&
      (from === undefined || row.from === from) &&
      (options.to === undefined || row.to === options.to),
  );
  if (options.json === true) {
    const text = rows.map((row) => ({ ...row, services: servicesText(row.services) }));
    console.log(JSON.stringify(text));
    return;
  }
  for (const each of warnings) console.error(`warning  ${each}`);
  const columns = [{ title: 'from' }, { title: 'to' }, { title: 'on', elastic: true }];
  const table = rows.map(({ from: one, to, family, services, sources }) => {
    const only = sources === undefined || sources === 'anybody' ? '' : ` (only ${sources})`;
    const marked = family === undefined ? '' : 'IPv6: ';
    return [one, to, marked + servicesText(services) + only];
  });
  for (const line of renderTable(columns, table)) console.log(line);
  if (rows.length === 0) console.log('Nobody reaches anybody.');
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
  const add = (from: string, to: string, services: PacketSet): void => {
    const key = JSON.stringify([from, to]);
    const known = inside.get(key);
    if (known === undefined) inside.set(key, [services]);
    else known.push(services);
  };
  for (const from of result.classes) {
    for (const to of result.classes) {
      if (result.none(from, to)) continue;
      const services = result.services(from, to);
      for (const one of from.members) {
        for (const other of to.members) {
          const names = [one, other].map((each) => nameOf(region, each.networkInterfaceId));
          const [name = '', peer = ''] = names;
          if (name !== peer) add(name, peer, services);
        }
      }
    }
  }
  const outside = outsideOf(space);
  const ports = [...model.ports.keys()];
  const crossing = outside.flatMap(([name, end]) =>
    ports.flatMap((id): readonly Row[] => {
      const own: Endpoint = { kind: 'network-interface', id };
      const inward = reached(trace(model, { from: end, to: own }));
      const outward = reached(trace(model, { from: own, to: end }));
      const asked = end.kind === 'addresses' ? end.ranges : [];
      const sources = sourcesText(inward, asked, model.space);
      return [
        { from: name, to: nameOf(region, id), services: inward, sources },
        { from: nameOf(region, id), to: name, services: outward },
      ];
    }),
  );
  const between = [...inside].map(([key, sets]): Row => {
    const [from = '', to = '']: string[] = JSON.parse(key);
    return { from, to, services: unionAll(sets) };
  });
  return [...crossing, ...between];
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
    ...(space.administrator === undefined
      ? []
      : ([['admin', requireEndpoint(space, 'admin')]] as const)),
    ...services.map(({ name, range }) => [name, { kind: 'addresses', ranges: [range] }] as const),
  ];
}
