import type { ChangeKind, ResourceChange } from '../../aws/changes.ts';
import { type Screen, style } from './style.ts';
import { wrap } from './wrap.ts';

const MARKS: Readonly<Record<ChangeKind, readonly [string, 'green' | 'yellow' | 'red', string]>> = {
  add: ['+', 'green', ''],
  update: ['~', 'yellow', ''],
  'may replace': ['~', 'red', ', may be replaced'],
  replace: ['-+', 'red', ', is replaced'],
  remove: ['-', 'red', ', is removed'],
};

/** One line for each resource, with the properties that differ. */
export function changeLines(stream: Screen, changes: readonly ResourceChange[]): readonly string[] {
  if (changes.length > MANY && changes.every(({ kind }) => kind === 'add')) return byType(changes);
  return changes.flatMap(({ logicalId, type, kind, properties }) => {
    const [mark, colour, word] = MARKS[kind];
    const names =
      kind === 'add' || kind === 'remove' || properties.length === 0
        ? ''
        : `: ${properties.map(({ name, replaces }) => (replaces ? `${name} (replaces)` : name)).join(', ')}`;
    const [first = '', ...more] = wrap(`     ${logicalId} (${type})${word}${names}`, 80, '       ');
    return [`  ${style(stream, colour, mark.padEnd(2))} ${first.trimStart()}`, ...more];
  });
}

/** Of a new stack, its resources by type say more than their names. */
const MANY = 20;

function byType(changes: readonly ResourceChange[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { type } of changes) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].map(([type, count]) => `  +  ${String(count).padStart(2)} × ${type}`);
}

/** e.g. `2 added, 1 replaced`. */
export function changeCounts(changes: readonly ResourceChange[]): string {
  const count = (...kinds: readonly ChangeKind[]): number =>
    changes.filter(({ kind }) => kinds.includes(kind)).length;
  const parts = [
    [count('add'), 'added'],
    [count('update'), 'updated'],
    [count('replace'), 'replaced'],
    [count('may replace'), 'perhaps replaced'],
    [count('remove'), 'removed'],
  ].flatMap(([number, what]) => (number === 0 ? [] : [`${number} ${what}`]));
  return parts.length === 0 ? 'no resource changes' : parts.join(', ');
}
