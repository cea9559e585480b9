import type { Check, CheckState } from '../../aws/preflight.ts';
import { type Screen, style } from './style.ts';
import { wrap } from './wrap.ts';

const MARKS: Readonly<Record<CheckState, readonly [string, 'green' | 'red' | 'yellow' | 'dim']>> = {
  ok: ['✓', 'green'],
  failed: ['✗', 'red'],
  later: ['!', 'yellow'],
  'not asked': ['-', 'dim'],
};

/** One line for each check, and what to do under those that need it. */
export function preflightLines(stream: Screen, checks: readonly Check[]): readonly string[] {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const indent = ' '.repeat(width + 6);
  return checks.flatMap(({ name, state, text, next }) => {
    const [mark, colour] = MARKS[state];
    const said = state === 'not asked' ? `${text} (not asked)` : text;
    const [first = '', ...more] = wrap(`${indent}${said}`, 80, indent);
    return [
      `  ${style(stream, colour, mark)} ${name.padEnd(width)}  ${first.trimStart()}`,
      ...more,
      ...(next === undefined ? [] : wrap(`${indent}→ ${next}`, 80, `${indent}  `)),
    ];
  });
}
