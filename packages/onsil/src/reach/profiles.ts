/** Classes by what direct rules tell apart: fewer than classes, as groups and places are. */
import type { AddressClass } from './classes.ts';
import type { Place } from './direct-gates.ts';

/** What no direct rule tells apart: a set of groups at a place. */
export interface Profile {
  readonly groups: number;
  readonly place: number;
}

export interface Profiles {
  readonly places: readonly Place[];
  readonly all: readonly Profile[];
  /** Of each class, by its index. */
  readonly of: readonly number[];
}

export function profilesOf(classes: readonly AddressClass[]): Profiles {
  const places = new Map<string, number>();
  const profiles = new Map<string, number>();
  const found: AddressClass[] = [];
  const all: Profile[] = [];
  const of = classes.map((each) => {
    const spot = `${each.subnet} ${each.atom}`;
    const place = places.get(spot) ?? found.push(each) - 1;
    places.set(spot, place);
    const key = `${each.groups} ${place}`;
    const profile = profiles.get(key) ?? all.push({ groups: each.groups, place }) - 1;
    profiles.set(key, profile);
    return profile;
  });
  return { places: found, all, of };
}
