/** Values by name, each watched on its own: who shows one is drawn again only when it changes. */
import { useCallback, useSyncExternalStore } from 'react';

export class Cells<T> {
  /** What those have that nobody has set. */
  readonly #empty: T;
  #values: ReadonlyMap<string, T> = new Map();
  readonly #watchers = new Map<string, Set<() => void>>();

  constructor(empty: T) {
    this.#empty = empty;
  }

  get(key: string): T {
    return this.#values.get(key) ?? this.#empty;
  }

  /** All at once; what is equal stays the very same object, what is not named gets empty. */
  replace(next: ReadonlyMap<string, T>): void {
    const before = this.#values;
    const values = new Map<string, T>();
    const changed: string[] = [];
    for (const [key, value] of next) {
      const former = before.get(key);
      const isSame = former !== undefined && JSON.stringify(former) === JSON.stringify(value);
      values.set(key, isSame ? former : value);
      if (!isSame) changed.push(key);
    }
    this.#values = values;
    for (const key of before.keys()) if (!values.has(key)) changed.push(key);
    for (const key of changed) for (const tell of this.#watchers.get(key) ?? []) tell();
  }

  watch(key: string, tell: () => void): () => void {
    const watchers = this.#watchers.get(key) ?? new Set();
    this.#watchers.set(key, watchers.add(tell));
    return () => {
      watchers.delete(tell);
      if (watchers.size === 0) this.#watchers.delete(key);
    };
  }
}

export function useCell<T>(cells: Cells<T>, key: string): T {
  const watch = useCallback((tell: () => void) => cells.watch(key, tell), [cells, key]);
  return useSyncExternalStore(watch, () => cells.get(key));
}
