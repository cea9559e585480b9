/** Names of ends, as people write them. */
import { parseAddress, parseBlock } from '../region/ipv4.ts';
import type { NetworkInterface } from '../region/network-interface.ts';
import type { Region } from '../region/region.ts';
import { rangeOf, withoutRanges } from './addresses.ts';
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
 * `internet`, `admin`, an instance by name, id or logical id (its primary interface), a service
 * by name, an interface by id, an IPv4 address or a block.
 */
export function endpointOf(space: NameSpace, text: string): Endpoint | Unknown {
  const { model, administrator } = space;
  const { region } = model;
  const instance = Object.values(region.instances).find(
    ({ name, id, logicalId }) => name === text || id === text || logicalId === text,
  );
  const [primary] = instance?.networkInterfaceIds ?? [];
  if (primary !== undefined) return { kind: 'network-interface', id: primary };
  const service = services(region).find(({ managedBy }) => managedBy?.id === text);
  if (service !== undefined) return { kind: 'network-interface', id: service.id };
  if (model.ports.has(text)) return { kind: 'network-interface', id: text };
  if (text === 'internet') return { kind: 'addresses', ranges: internetOf(space) };
  if (text === 'admin' && administrator !== undefined) {
    return { kind: 'addresses', ranges: [rangeOf(administrator)] };
  }
  if (parseAddress(text) !== undefined || parseBlock(text) !== undefined) {
    return { kind: 'addresses', ranges: [rangeOf(text)] };
  }
  return { unknown: text, nearest: nearestOf(text, namesOf(region, administrator)) };
}

/** Every outside address but the administrator's. */
export function internetOf({ model, administrator }: NameSpace): readonly Range[] {
  return administrator === undefined
    ? model.outside
    : withoutRanges(model.outside, [rangeOf(administrator)]);
}

/** The names that an end may have. */
export function namesOf(region: Region, administrator: string | undefined): readonly string[] {
  const instances = Object.values(region.instances).map(({ name }) => name);
  const others = services(region).flatMap(({ managedBy }) => managedBy?.id ?? []);
  return [...instances, ...others, 'internet', ...(administrator === undefined ? [] : ['admin'])];
}

function services(region: Region): readonly NetworkInterface[] {
  return Object.values(region.networkInterfaces).filter(
    ({ managedBy }) => managedBy?.kind === 'service',
  );
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
