import { cells } from './table.ts';

/**
 * The text in lines of at most `width` cells, broken at blanks; lines after the first one start
 * with `indent`. A word that is wider than a line has one to itself.
 */
export function wrap(text: string, width: number, indent = ''): readonly string[] {
  const lines: string[] = [];
  // Leading blanks belong to the first word.
  const [start = '', ...words] = text.split(/(?<=\S) /);
  let line = start;
  for (const word of words) {
    if (cells(line) + 1 + cells(word) <= width) line += ` ${word}`;
    else {
      lines.push(line.trimEnd());
      line = indent + word.trimStart();
    }
  }
  return [...lines, line];
}
