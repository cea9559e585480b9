/** How deep a subnet is: public ones first, then each behind those that reach it. */
import type { Region } from '../region/region.ts';
import type { End } from './ends.ts';
import { isPublic, type Relation } from './relations.ts';

/** Deeper ones stand together: the picture would get too wide. */
const MOST = 4;

/** Subnet → column from 1 on; 0 is outside. Columns without any subnet are left out. */
export function columnsOf(
  region: Region,
  ends: readonly End[],
  relations: readonly Relation[],
): ReadonlyMap<string, number> {
  const subnets = Object.keys(region.subnets);
  const isPrivate = (id: string): boolean => !isPublic(region, id);
  const own = new Map(ends.map(({ id, subnetId }) => [id, subnetId]));
  const reaches = closure(subnets.filter(isPrivate), (from, to) =>
    relations.some(({ fromId, toId }) => own.get(fromId) === from && own.get(toId) === to),
  );
  const depths = new Map<string, number>();
  const depth = (id: string): number => {
    const known = depths.get(id);
    if (known !== undefined) return known;
    const before = subnets.filter(
      (other) => isPrivate(other) && reaches(other, id) && !reaches(id, other),
    );
    const found = 1 + Math.max(0, ...before.map(depth));
    depths.set(id, found);
    return found;
  };
  const wanted = new Map(
    subnets.map((id) => [id, isPrivate(id) ? Math.min(1 + depth(id), MOST) : 1]),
  );
  // A subnet without anything in it is with those of its route table.
  const isUsed = new Set(ends.map(({ subnetId }) => subnetId));
  for (const { id, routeTableId } of Object.values(region.subnets)) {
    if (isUsed.has(id) || !isPrivate(id)) continue;
    const alike = Object.values(region.subnets).filter(
      (each) => each.routeTableId === routeTableId && isUsed.has(each.id),
    );
    wanted.set(id, Math.max(2, ...alike.map((each) => wanted.get(each.id) ?? 0)));
  }
  const used = [...new Set(wanted.values())].toSorted((a, b) => a - b);
  return new Map([...wanted].map(([id, column]) => [id, used.indexOf(column) + 1]));
}

/** Whether one leads to another by any number of steps. */
function closure(ids: readonly string[], step: (from: string, to: string) => boolean) {
  const reached = new Map(ids.map((id) => [id, new Set(ids.filter((to) => step(id, to)))]));
  for (const middle of ids) {
    const beyond = reached.get(middle) ?? new Set();
    for (const own of reached.values()) {
      if (own.has(middle)) for (const each of beyond) own.add(each);
    }
  }
  return (from: string, to: string): boolean => reached.get(from)?.has(to) === true;
}
