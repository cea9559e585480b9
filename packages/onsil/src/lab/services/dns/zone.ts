import type { Answer } from 'dns-packet';
import type { HostedZone, RecordSet } from '../../../region/hosted-zone.ts';
import { answersOf, withoutDot } from './record.ts';

export type ZoneAnswer =
  | { readonly kind: 'found'; readonly answers: readonly Answer[] }
  /** Follow the target, also out of the zone. */
  | { readonly kind: 'alias'; readonly answers: readonly Answer[]; readonly target: string }
  /** An alias record of Route 53: the target's answers are this name's own. */
  | { readonly kind: 'same'; readonly target: string; readonly type: string }
  | { readonly kind: 'no-data' | 'no-name'; readonly authorities: readonly Answer[] }
  /** Name servers outside the region have this part of the zone. */
  | { readonly kind: 'delegated' };

/** Of the zones that `name` lies in, the one with the longest name. Both with a final dot. */
export function longestMatch(zones: readonly HostedZone[], name: string): HostedZone | undefined {
  let best: HostedZone | undefined;
  for (const zone of zones) {
    if (isWithin(name, zone.name) && zone.name.length > (best?.name.length ?? 0)) best = zone;
  }
  return best;
}

/** Looks `name` (lower case, final dot) up in the zone as RFC 1034, 4.3.2 and RFC 4592 say. */
export function lookup(zone: HostedZone, name: string, type: string): ZoneAnswer {
  const records = withApex(zone);
  if (name !== zone.name && cut(zone, records, name)) return { kind: 'delegated' };
  const here = records.filter((record) => owner(record) === name);
  const used = here.length > 0 ? here : wildcard(zone, records, name);
  if (used === undefined) return { kind: 'no-name', authorities: negative(records) };
  const asked = withoutDot(name);
  const alias = used.find((record) => record.type === 'CNAME');
  if (alias !== undefined && type !== 'CNAME' && type !== 'ANY') {
    const answers = answersOf(alias, asked);
    return {
      kind: 'alias',
      answers,
      target: `${withoutDot(alias.values[0] ?? '')}.`.toLowerCase(),
    };
  }
  const wanted = used.filter((record) => record.type === type || type === 'ANY');
  if (wanted.length === 0) return { kind: 'no-data', authorities: negative(records) };
  const same = wanted.find((record) => record.alias !== undefined);
  const values = wanted.filter((record) => record.alias === undefined);
  if (same?.alias !== undefined && values.length === 0) {
    const target = `${withoutDot(same.alias.dnsName)}.`.toLowerCase();
    return { kind: 'same', target, type: same.type };
  }
  return { kind: 'found', answers: values.flatMap((record) => answersOf(record, asked)) };
}

/**
 * A zone always has SOA and NS at its apex; Route 53 makes them.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/SOA-NSrecords.html
 */
function withApex(zone: HostedZone): readonly RecordSet[] {
  const servers = zone.nameServers.map((server) => `${withoutDot(server)}.`);
  const made: readonly RecordSet[] = [
    {
      name: zone.name,
      type: 'SOA',
      ttl: 900,
      values: [`${servers[0] ?? zone.name} awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400`],
    },
    {
      name: zone.name,
      type: 'NS',
      ttl: 172_800,
      values: servers.length > 0 ? servers : [zone.name],
    },
  ];
  const has = (type: string) =>
    zone.records.some((record) => record.type === type && owner(record) === zone.name);
  return [...zone.records, ...made.filter(({ type }) => !has(type))];
}

/** Undefined where the name does not exist; empty where only names below it do. */
function wildcard(
  zone: HostedZone,
  records: readonly RecordSet[],
  name: string,
): readonly RecordSet[] | undefined {
  const exists = (at: string) => records.some((record) => isWithin(owner(record), at));
  if (exists(name)) return [];
  let closest = parent(name);
  while (closest !== zone.name && !exists(closest)) closest = parent(closest);
  const found = records.filter((record) => owner(record) === `*.${closest}`);
  return found.length > 0 ? found : undefined;
}

function cut(zone: HostedZone, records: readonly RecordSet[], name: string): boolean {
  return records.some(
    (record) =>
      record.type === 'NS' && owner(record) !== zone.name && isWithin(name, owner(record)),
  );
}

/** The SOA whose time to live bounds the caching of "there is nothing" (RFC 2308, 3). */
function negative(records: readonly RecordSet[]): readonly Answer[] {
  const soa = records.find((record) => record.type === 'SOA');
  if (soa === undefined) return [];
  return answersOf(soa, withoutDot(soa.name)).map((answer) =>
    answer.type === 'SOA'
      ? { ...answer, ttl: Math.min(soa.ttl, answer.data.minimum ?? soa.ttl) }
      : answer,
  );
}

/** Route 53 gives the asterisk back as an octal escape. */
function owner(record: RecordSet): string {
  return record.name.replace(/^\\052\./, '*.').toLowerCase();
}

function parent(name: string): string {
  return name.slice(name.indexOf('.') + 1);
}

function isWithin(name: string, zone: string): boolean {
  return name === zone || zone === '.' || name.endsWith(`.${zone}`);
}
