/**
 * A prefix list that a route or a rule names. Templates write the ids of AWS's own lists as they
 * are in one region (`pl-78a54011`): such a one becomes a list whose entries are not known.
 */
import { put, type Region } from '../region.ts';
import type { Properties } from './properties.ts';

/** The id, with a warning where the region has no such list. */
export function prefixListIdOf(region: Region, properties: Properties, name: string): string {
  const id = properties.requiredText(name);
  if (id !== '' && region.prefixLists[id] === undefined) {
    properties.warn(name, `The prefix list ${id} is not known here: nor are its entries.`);
  }
  return id;
}

export function withPrefixList(region: Region, id: string): Region {
  if (region.prefixLists[id] !== undefined) return region;
  return put(region, 'prefixLists', id, { id, name: id, family: 'ipv4', tags: {} });
}
