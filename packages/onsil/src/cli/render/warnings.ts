import { wrap } from './wrap.ts';

const WIDTH = 80;
const START = 'warning  ';

/** What a command could not take as it stands, on standard error, in 80 columns. */
export function printWarnings(warnings: readonly string[], about?: string): void {
  const prefix = about === undefined ? '' : `${about}: `;
  for (const each of warnings) {
    const [first = '', ...more] = wrap(prefix + each, WIDTH - START.length);
    console.error(START + first);
    for (const line of more) console.error(' '.repeat(START.length) + line);
  }
}
