/** Names of ends, as people write them. */
import { parseAddress, parseBlock } from '../region/ipv4.ts';
import { parseAddress6, parseBlock6 } from '../region/ipv6.ts';
import type { NetworkInterface } from '../region/network-interface.ts';
import type { Region } from '../region/region.ts';
import type { Family, StandIn } from './address-space.ts';
import { withoutRanges } from './addresses.ts';
import type { Model } from './model.ts';
import type { Range } from './packet-set/packet-set.ts';
import type { Endpoint } from './trace/trace.ts';

export interface NameSpace {
  readonly model: Model;
  /** The administrator's block; `internet` is everybody else outside. */
  readonly administrator?: string;
}

/** A name that nothing has, with those that come nearest. */
export interface Unknown {
  readonly unknown: string;
  readonly nearest: readonly string[];
}

/**
 * `internet`, `admin`, an instance by name, id or logical id (its primary interface), a service by
 * name, an interface or an interface endpoint by id, a prefix list by id or name (`s3`), an address
 * or a block.
 * Addresses of the other family than the model's are no packets' ends.
 */
export function endpointOf(space: NameSpace, text: string): Endpoint | Unknown {
  const { model, administrator } = space;
  const { region } = model;
  const instance = Object.values(region.instances).find(
    ({ name, id, logicalId }) => name === text || id === text || logicalId === text,
  );
  const [primary] = instance?.networkInterfaceIds ?? [];
  if (primary !== undefined) return { kind: 'network-interface', id: primary };
  const service = serviceNamed(region, text);
  if (service !== undefined) return { kind: 'network-interface', id: service.id };
  const [ofEndpoint] = region.vpcEndpoints[text]?.networkInterfaceIds ?? [];
  const port = model.ports.get(ofEndpoint ?? text);
  if (port !== undefined) return { kind: 'network-interface', id: port.id };
  if (text === 'internet') return { kind: 'addresses', ranges: internetOf(space) };
  if (text === 'admin' && administrator !== undefined) {
    return { kind: 'addresses', ranges: model.space.rangesOf(administrator) };
  }
  const listed = model.listRanges(listNamed(space, text)?.id ?? '');
  if (listed !== undefined) return { kind: 'addresses', ranges: listed };
  if (familyOf(text) !== undefined) {
    return { kind: 'addresses', ranges: model.space.rangesOf(text) };
  }
  return { unknown: text, nearest: nearestOf(text, namesIn(space)) };
}

/** The family of an address or a block; nothing for any other text. */
export function familyOf(text: string): Family | undefined {
  if ((parseAddress(text) ?? parseBlock(text)) !== undefined) return 'ipv4';
  return (parseAddress6(text) ?? parseBlock6(text)) === undefined ? undefined : 'ipv6';
}

/** By its id, its name, or the short one of a list of AWS's own: `s3`. */
export function listNamed({ model: { region, space } }: NameSpace, text: string) {
  return Object.values(region.prefixLists).find(
    ({ id, name }) => text === id || text === name || text === space.standIns.get(id)?.name,
  );
}

/** Every outside address but the administrator's. */
export function internetOf({ model, administrator }: NameSpace): readonly Range[] {
  return administrator === undefined
    ? model.outside
    : withoutRanges(model.outside, model.space.rangesOf(administrator));
}

/** The names that an end may have. */
export function namesOf(region: Region, administrator: string | undefined): readonly string[] {
  const instances = Object.values(region.instances).map(({ name }) => name);
  const others = services(region).flatMap(({ managedBy }) => managedBy?.id ?? []);
  return [...instances, ...others, 'internet', ...(administrator === undefined ? [] : ['admin'])];
}

/** By the name of the interface, or by that of what stands in several zones: its first interface. */
function serviceNamed(region: Region, text: string): NetworkInterface | undefined {
  const all = services(region);
  const found = all.find(({ managedBy }) => managedBy?.id === text);
  if (found !== undefined) return found;
  const balancers = [
    ...Object.values(region.loadBalancers),
    ...Object.values(region.classicLoadBalancers),
  ];
  const balancer = balancers.find(({ name, logicalId }) => name === text || logicalId === text);
  const first = balancer?.zones[0]?.networkInterfaceId;
  return first === undefined ? undefined : region.networkInterfaces[first];
}

function services(region: Region): readonly NetworkInterface[] {
  return Object.values(region.networkInterfaces).filter(
    ({ managedBy }) => managedBy?.kind === 'service',
  );
}

/** Those of AWS's own prefix lists as well. */
export function namesIn({ model, administrator }: NameSpace): readonly string[] {
  return [...namesOf(model.region, administrator), ...servicesIn(model).map(({ name }) => name)];
}

/** What stands for the services of AWS outside that some route or rule of the region names. */
export function servicesIn({ region, space }: Model): readonly StandIn[] {
  const rules = Object.values(region.securityGroups).flatMap(({ ingress, egress }) => [
    ...ingress,
    ...egress,
  ]);
  const named = new Set([
    ...Object.values(region.routeTables).flatMap(({ routes }) =>
      routes.map(({ destination }) => destination),
    ),
    ...rules.flatMap(({ peer }) => (peer.kind === 'prefix-list' ? [peer.prefixListId] : [])),
  ]);
  return [...space.standIns.values()].filter(({ prefixListId }) => named.has(prefixListId));
}

/** At most three of the names, those that differ by few letters. */
export function nearestOf(text: string, names: readonly string[]): readonly string[] {
  return names
    .map((name) => ({ name, distance: distance(text.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, distance: far }) => far <= Math.max(2, Math.floor(name.length / 3)))
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ name }) => name);
}

/** Insertions, deletions and replacements of letters (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
