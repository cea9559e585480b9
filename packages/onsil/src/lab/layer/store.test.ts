import { describe, expect, test } from 'vitest';
import { outdated } from './store.ts';

const HOUR = 3600 * 1000;
const NOW = Date.UTC(2026, 0, 1);
const used = (count: number, hoursAgo: number) =>
  Array.from({ length: count }, (_, index) => ({
    name: `${hoursAgo} ${index}`,
    usedAt: NOW - hoursAgo * HOUR - index,
  }));

describe('of kept layers', () => {
  test('those that were used last stay, and no more than there is room for', () => {
    const gone = outdated([...used(40, 3), ...used(40, 2)], NOW);
    expect(gone).toHaveLength(16);
    expect(gone.every((name) => name.startsWith('3 '))).toBe(true);
    expect(outdated(used(64, 3), NOW)).toEqual([]);
  });

  test('all that one lab of a hundred machines uses stay', () => {
    expect(outdated(used(100, 0.5), NOW)).toEqual([]);
    expect(outdated([...used(100, 0.5), ...used(2, 5)], NOW)).toEqual(['5 0', '5 1']);
  });
});
