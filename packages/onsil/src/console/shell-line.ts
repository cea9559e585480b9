/** Shell lines, as the server and the page both write them. Pure. */
import type { State } from './api.ts';

/** A word of a shell's line. */
export const word = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/** A command about a lab that is up, as it is typed in the folder of its service. */
export function labLine(
  { lab, service }: Pick<State, 'lab' | 'service'>,
  command: string,
  ...words: readonly string[]
): string {
  return onsilLine(command, ...(service === lab ? [] : ['--lab', lab]), ...words);
}

export const onsilLine = (command: string, ...words: readonly string[]): string =>
  ['npx onsil', command, ...words.map(word)].join(' ');
