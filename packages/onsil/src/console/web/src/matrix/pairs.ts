/** Rows of the matrix: who has them, which of them a filter wants, and where they lead. */
import type { Matrix, MatrixRow } from '../../../api.ts';
import { firstOf, hasPort } from '../kit/services.ts';
import { askPath } from '../route.ts';

/** Every word is part of a name, a port that gets through, or part of what the row says else. */
export function isWanted(row: MatrixRow, filter: string): boolean {
  const words = filter.toLowerCase().split(/\s+/);
  return words.every((word) => word === '' || holds(row, word));
}

function holds({ from, to, services, family, unknown }: MatrixRow, word: string): boolean {
  const names = [from, to].some((name) => name.toLowerCase().includes(word));
  if (names || family === word) return true;
  if (/^\d+$/.test(word)) return hasPort(services, Number(word));
  return services.includes(word) || unknown?.toLowerCase().includes(word) === true;
}

/** The outside first, as `onsil reach` has it; names that only rows have come last. */
export function endsOf({ names, rows }: Pick<Matrix, 'names' | 'rows'>): readonly string[] {
  const outside = ['internet', 'admin'].filter((name) => names.includes(name));
  const all = [...outside, ...names, ...rows.flatMap(({ from, to }) => [from, to])];
  return [...new Set(all)];
}

/** The ends of those rows alone, in the same order. */
export function endsIn(rows: readonly MatrixRow[], ends: readonly string[], side: 'from' | 'to') {
  const has = new Set(rows.map((row) => row[side]));
  return ends.filter((name) => has.has(name));
}

/** However many rows each has. */
export const countOf = (rows: readonly MatrixRow[]): number =>
  new Set(rows.map(({ from, to }) => JSON.stringify([from, to]))).size;

/** Both families, and what cannot be told, of one pair. */
export function byPair(rows: readonly MatrixRow[]) {
  const pairs = Map.groupBy(rows, ({ from, to }) => JSON.stringify([from, to]));
  return (from: string, to: string): readonly MatrixRow[] =>
    pairs.get(JSON.stringify([from, to])) ?? [];
}

export function pathOf({ from, to, family, services }: MatrixRow): string {
  const six = family === 'ipv6' ? { family } : {};
  return askPath({ from, to, ...firstOf(services), ...six });
}
