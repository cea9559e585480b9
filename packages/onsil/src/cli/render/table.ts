/** A table of text that fits the terminal. */

export interface Column {
  readonly title: string;
  /** Columns that may be cut, the last one first, when the table is too wide. */
  readonly elastic?: boolean;
}

/**
 * Rows with aligned columns, two blanks apart, at most `width` cells wide as far as elastic
 * columns allow. Wide characters (Korean) count two cells.
 */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width = 80,
): readonly string[] {
  const lines = [columns.map((column) => column.title), ...rows];
  const widths = columns.map((_, index) =>
    Math.max(...lines.map((line) => cells(line[index] ?? ''))),
  );
  let excess = widths.reduce((sum, each) => sum + each + 2, -2) - width;
  for (let index = columns.length - 1; index >= 0 && excess > 0; index -= 1) {
    if (columns[index]?.elastic !== true) continue;
    const cut = Math.min(excess, (widths[index] ?? 0) - 4);
    if (cut <= 0) continue;
    widths[index] = (widths[index] ?? 0) - cut;
    excess -= cut;
  }
  return lines.map((line) =>
    line
      .map((cell, index) => pad(cell, widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** Terminal cells of a text. */
export function cells(text: string): number {
  let count = 0;
  for (const character of text) count += isWide(character) ? 2 : 1;
  return count;
}

/** Hangul, CJK and full-width forms: https://www.unicode.org/reports/tr11/ */
function isWide(character: string): boolean {
  return /[\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}！-｠]/u.test(
    character,
  );
}

function pad(text: string, width: number): string {
  const fitting = fit(text, width);
  return fitting + ' '.repeat(width - cells(fitting));
}

/** The text, cut with an ellipsis where it is wider than `width` cells. */
export function fit(text: string, width: number): string {
  if (cells(text) <= width) return text;
  let cut = '';
  for (const character of text) {
    if (cells(cut + character) > width - 1) break;
    cut += character;
  }
  return `${cut}…`;
}
