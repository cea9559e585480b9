import { withoutRanges } from '../../reach/addresses.ts';
import { internetOf, type NameSpace, servicesIn } from '../../reach/endpoint.ts';
import { ipv6Of } from '../../reach/families.ts';
import { isEmpty, type PacketSet, unionAll } from '../../reach/packet-set/packet-set.ts';
import { reachability, reached, unknownOf } from '../../reach/reachability.ts';
import { namesText } from '../../reach/text/names.ts';
import { servicesText, sourcesText } from '../../reach/text/packets.ts';
import { nameOf, verdictText } from '../../reach/text/path.ts';
import type { Outcome } from '../../reach/trace/state.ts';
import { type Endpoint, trace } from '../../reach/trace/trace.ts';
import type { Region } from '../../region/region.ts';
import { UsageError } from '../errors.ts';
import { renderTable } from '../render/table.ts';
import { printWarnings } from '../render/warnings.ts';
import { wrap } from '../render/wrap.ts';
import { type ModelOptions, modelOf, requireEndpoint } from './model.ts';

export interface ReachOptions extends ModelOptions {
  readonly from?: string;
  readonly to?: string;
  readonly internet?: boolean;
}

const WIDTH = 80;

interface Row {
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

/** Prints who reaches whom, on what. */
export async function reach(options: ReachOptions): Promise<void> {
  if (options.internet === true && options.from !== undefined) {
    throw new UsageError(
      `--internet is short for --from internet, and --from ${options.from} asks about another one: give one of them.`,
    );
  }
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
    console.log(JSON.stringify(rows.map(jsonOf)));
    return;
  }
  printWarnings(warnings);
  const columns = [{ title: 'from' }, { title: 'to' }, { title: 'on', elastic: true }];
  const [unknown, known] = [rows.filter(isUnknown), rows.filter((row) => !isUnknown(row))];
  const table = known.map((row) => [row.from, row.to, onText(row)]);
  if (known.length > 0) for (const line of renderTable(columns, table)) console.log(line);
  else console.log(nothingText(space, options));
  for (const line of unknownLines(unknown)) console.log(line);
}

const isUnknown = ({ depends }: Row): boolean => depends !== undefined;

function onText({ family, services, sources }: Row): string {
  const only = sources === undefined || sources === 'anybody' ? '' : ` (only ${sources})`;
  return (family === undefined ? '' : 'IPv6: ') + servicesText(services) + only;
}

/** What cannot be told has no `services`: nobody is to take it for reachable. */
function jsonOf({ services, depends, ...row }: Row) {
  const text = servicesText(services);
  return depends === undefined
    ? { ...row, services: text }
    : { ...row, unknown: text, text: depends };
}

function nothingText({ model: { region } }: NameSpace, { from, to, internet }: ReachOptions) {
  const { natGateways, networkInterfaces } = region;
  if (Object.keys(networkInterfaces).length === Object.keys(natGateways).length) {
    return 'There is no instance here, nor anything else that reaches or is reached.';
  }
  const sender = internet === true ? 'internet' : from;
  if (sender === undefined) return `Nobody reaches ${to ?? 'anybody'}.`;
  return to === undefined ? `${sender} reaches nobody.` : `${sender} does not reach ${to}.`;
}

const MOST_UNKNOWN = 5;

/** By what they depend on; those of one receiver and service on one line. */
function unknownLines(rows: readonly Row[]): readonly string[] {
  return [...Map.groupBy(rows, ({ depends }) => depends ?? '')].flatMap(([depends, all]) => {
    const byReceiver = Map.groupBy(all, (row) => `${row.to}  ${onText(row)}`);
    const byBoth = Map.groupBy([...byReceiver.values()], (each) =>
      JSON.stringify([each.map(({ from }) => from), each.slice(0, 1).map(onText)]),
    );
    const lines = [...byBoth.values()].flatMap((same) => {
      const [row] = same[0] ?? [];
      if (row === undefined) return [];
      const senders = namesText((same[0] ?? []).map(({ from }) => from));
      return [
        `${senders} → ${namesText(same.flatMap((each) => each[0]?.to ?? []))}  ${onText(row)}`,
      ];
    });
    const more = lines.length - MOST_UNKNOWN;
    return [
      '',
      ...wrap(`Cannot be told, so never taken for reachable: ${depends}`, WIDTH, '  '),
      ...lines.slice(0, MOST_UNKNOWN).flatMap((line) => wrap(`  ${line}`, WIDTH, '    ')),
      ...(more > 0 ? [`  and ${more} more: see --json`] : []),
    ];
  });
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
    ...(space.administrator === undefined
      ? []
      : ([['admin', requireEndpoint(space, 'admin')]] as const)),
    ...services.map(({ name, range }) => [name, { kind: 'addresses', ranges: [range] }] as const),
  ];
}
