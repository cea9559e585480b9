/**
 * Three-way merge: what one step changed, applied to a state that others have changed as well. A
 * stack's update so leaves alone what API calls and other stacks did to the same things.
 */
import { tablesOf } from './entry.ts';
import type { Region } from './region.ts';

/**
 * `now` with every difference between `before` and `after`. Things, fields of things and elements
 * of their lists that did not change stay as they are in `now`; where both have changed one value,
 * `after` wins.
 */
export function mergeRegions(before: Region, after: Region, now: Region): Region {
  if (now === before) return after;
  const tables = tablesOf(now).map((table) => [
    table,
    mergeValues(before[table], after[table], now[table]),
  ]);
  return { ...now, ...Object.fromEntries(tables) };
}

/** Whether two plain values are equal; the order of keys does not count. */
export function isEqual(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (Array.isArray(one)) {
    if (!Array.isArray(other) || one.length !== other.length) return false;
    return one.every((item, index) => isEqual(item, other[index]));
  }
  if (!isObject(one) || !isObject(other)) return false;
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length) return false;
  return keys.every((key) => Object.hasOwn(other, key) && isEqual(one[key], other[key]));
}

function mergeValues(before: unknown, after: unknown, now: unknown): unknown {
  if (before === after) return now;
  if (isEqual(before, after)) return now;
  if (isEqual(before, now)) return after;
  if (Array.isArray(before) && Array.isArray(after) && Array.isArray(now)) {
    return mergeLists(before, after, now);
  }
  if (!isObject(before) || !isObject(after) || !isObject(now)) return after;
  const merged = new Map<string, unknown>(Object.entries(now));
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const value = mergeValues(before[key], after[key], now[key]);
    if (value === undefined) merged.delete(key);
    else merged.set(key, value);
  }
  return Object.fromEntries(merged);
}

/** Elements are the same where they have the same id, or, without ids, where they are equal. */
function mergeLists(
  before: readonly unknown[],
  after: readonly unknown[],
  now: readonly unknown[],
): readonly unknown[] {
  const keyed = (list: readonly unknown[]) => new Map(list.map((item) => [keyOf(item), item]));
  const [old, wanted] = [keyed(before), keyed(after)];
  const merged = new Map<string, unknown>();
  for (const [key, item] of keyed(now)) {
    const value = mergeValues(old.get(key), wanted.get(key), item);
    if (value !== undefined) merged.set(key, value);
  }
  for (const [key, item] of wanted) {
    if (!merged.has(key) && !isEqual(item, old.get(key))) merged.set(key, item);
  }
  return [...merged.values()];
}

function keyOf(item: unknown): string {
  if (!isObject(item)) return JSON.stringify(item);
  const { id, destination, number, egress } = item;
  if (typeof id === 'string') return id;
  // Routes, and entries of a network ACL.
  if (typeof destination === 'string') return destination;
  if (typeof number === 'number') return `${number} ${String(egress)}`;
  return JSON.stringify(item);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
