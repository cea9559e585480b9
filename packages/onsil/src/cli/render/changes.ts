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
  if (changes.length === 0) return ['No resource changes.'];
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
