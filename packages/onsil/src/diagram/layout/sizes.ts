/** Sizes in pixels, and how much room a text takes: nothing measures it where this runs. */
import type { Point } from '../scene.ts';

export const CARD_WIDTH = 128;
/** Between neighbouring ends of lines on one side of a card; those of the other side are halfway. */
export const PITCH = 24;
/** Between neighbouring vertical lines. */
export const LANE = 11;
/** The same of lines that go across. */
export const ACROSS = 9;
export const FONT = { title: 13, line: 10.5, label: 10, pill: 9.5 } as const;
export const ICON = 24;
export const PADDING = 8;
/** From the edge of a card to the text of a line that ends there: the head of the arrow. */
export const HEAD = 10;

/** Of Arial and fonts of its widths, a little above what it takes; `bold` of their heavier ones. */
export function textWidth(text: string, size: number, bold = false): number {
  let ems = 0;
  for (const letter of text) {
    if (letter.charCodeAt(0) > 0x2e7f) ems += 1;
    else if (/[\s.,;:!|iljft()'-]/.test(letter)) ems += 0.3;
    else if (/[mwMW@—…×]/.test(letter)) ems += 0.88;
    else ems += /[A-Z]/.test(letter) ? 0.7 : 0.57;
  }
  return ems * size * (bold ? 1.06 : 1);
}

/** The text, or its beginning with an ellipsis where it takes more than `width`. */
export function fitted(text: string, size: number, width: number, bold = false): string {
  if (textWidth(text, size, bold) <= width) return text;
  let end = text.length;
  while (end > 1 && textWidth(`${text.slice(0, end)}…`, size, bold) > width) end -= 1;
  return `${text.slice(0, end).trimEnd()}…`;
}

const LABEL_WIDTH = 78;

/** A label's lines: one over the arrow's line or, where it is long, another one below it. */
export function labelLines(services: string): readonly string[] {
  if (textWidth(services, FONT.label, true) <= LABEL_WIDTH) return [services];
  const words = services.split(' ');
  let first = words[0] ?? '';
  let at = 1;
  for (; at < words.length; at += 1) {
    const longer = `${first} ${words[at]}`;
    if (textWidth(longer, FONT.label, true) > LABEL_WIDTH) break;
    first = longer;
  }
  const rest = words.slice(at).join(' ');
  return rest === '' ? [first] : [first, fitted(rest, FONT.label, LABEL_WIDTH, true)];
}

const LABEL_PITCH = 13;

/** Where the middle of each line of a label stands: of two, the arrow's line is between them. */
export function labelPlaces(
  services: string,
  { x, y }: Point,
): readonly (Point & { readonly text: string })[] {
  const lines = labelLines(services);
  const first = y - ((lines.length - 1) * LABEL_PITCH) / 2;
  return lines.map((text, index) => ({ text, x, y: first + index * LABEL_PITCH }));
}

export const labelWidth = (services: string): number =>
  Math.max(...labelLines(services).map((line) => textWidth(line, FONT.label, true)));

/** Pills of security groups, in rows that fit into a card. */
export function pillRows(names: readonly string[]): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let room = 0;
  for (const name of names) {
    const width = pillWidth(name) + 4;
    if (rows.length === 0 || width > room) {
      rows.push([]);
      room = CARD_WIDTH - 2 * PADDING;
    }
    rows.at(-1)?.push(name);
    room -= width;
  }
  return rows;
}

export const pillWidth = (name: string): number =>
  Math.min(textWidth(name, FONT.pill) + 10, CARD_WIDTH - 2 * PADDING);

/** Of a card with so many small lines and rows of pills, and ends of lines at its sides. */
export function cardHeight(lines: number, rows: number, left: number, right: number): number {
  const content = 2 * PADDING + Math.max(ICON, 15 + 12 * lines) + 16 * rows;
  const slots = Math.max(Math.ceil(content / PITCH), left, right + 1, 2);
  return slots * PITCH;
}
