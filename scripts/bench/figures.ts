/** How what was measured reads, in plain text and in both READMEs. Pure. */
import { renderTable } from '../../packages/onsil/src/cli/render/table.ts';
import { DEFINITIONS, type Definition, type FigureId, type Unit } from './definitions.ts';

/** Every round's values, in the figure's unit. A figure that was not measured is absent. */
export type Measurements = { readonly [K in FigureId]?: readonly number[] };

export interface Figure extends Definition {
  readonly id: FigureId;
  readonly median: number;
  readonly rounds: readonly number[];
  /** Absent where there is no target. */
  readonly met?: boolean;
}

/** The measured figures in the order of the table. */
export function figuresOf(measurements: Measurements): readonly Figure[] {
  return (Object.keys(DEFINITIONS) as FigureId[]).flatMap((id): Figure[] => {
    const rounds = measurements[id];
    if (rounds === undefined || rounds.length === 0) return [];
    const definition: Definition = DEFINITIONS[id];
    const middle = median(rounds);
    const { target } = definition;
    if (target === undefined) return [{ id, ...definition, median: middle, rounds }];
    const met = target.kind === 'below' ? middle < target.limit : middle >= target.limit;
    return [{ id, ...definition, median: middle, rounds, met }];
  });
}

/** Of an even number of values the mean of the two in the middle. Throws RangeError for none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) throw new RangeError('no values, no median');
  return (upper + lower) / 2;
}

/** Each pair's quotient, in percent. */
export function ratios(of: readonly number[], against: readonly number[]): readonly number[] {
  return of.map((value, index) => (100 * value) / (against[index] ?? Number.NaN));
}

/** For the terminal. */
export function plainTable(figures: readonly Figure[]): string {
  const columns = [
    { title: 'figure' },
    { title: 'median' },
    { title: 'target' },
    { title: 'rounds' },
  ];
  const rows = figures.map((figure) => [
    figure.en.replaceAll('`', ''),
    format(figure.median, figure.unit),
    targetOf(figure, { below: '<', 'at least': '≥', missed: 'missed' }),
    figure.rounds.map((value) => digits(value, figure.unit)).join(' '),
  ]);
  return renderTable(columns, rows, 200).join('\n');
}

const WORDS = {
  en: {
    head: ['What', 'Measured', 'Goal'],
    below: 'under',
    'at least': 'at least',
    missed: 'missed',
  },
  ko: { head: ['항목', '측정값', '목표'], below: '<', 'at least': '≥', missed: '미달' },
} as const;

/** A Markdown table, below a line that says where it was measured. */
export function markdownTable(
  language: 'en' | 'ko',
  figures: readonly Figure[],
  machine: string,
): string {
  const words = WORDS[language];
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    machine,
    '',
    row(words.head),
    row(['---', '--:', '--:']),
    ...figures.map((figure) =>
      row([figure[language], format(figure.median, figure.unit), targetOf(figure, words)]),
    ),
  ].join('\n');
}

function targetOf(
  { target, unit, met }: Figure,
  words: { readonly [K in 'below' | 'at least' | 'missed']: string },
): string {
  if (target === undefined) return '';
  const text = `${words[target.kind]} ${target.limit} ${unit}`;
  return met === true ? text : `${text}, ${words.missed}`;
}

const format = (value: number, unit: Unit): string => `${digits(value, unit)} ${unit}`;

function digits(value: number, unit: Unit): string {
  const places = { s: 2, ms: 1, '×': 1, MB: 1, 'req/s': 0, 'Gbit/s': 1, '%': 0 }[unit];
  // Whether a small share is one percent or a tenth of it matters.
  if (unit === '%' && value < 10) return value.toFixed(1);
  return value.toFixed(places);
}

const BEGIN = '<!-- bench -->';
const END = '<!-- /bench -->';

/** The text with something else between the markers. Throws where they are not there once, in order. */
export function replaceBetweenMarkers(text: string, content: string): string {
  const [before, rest, ...more] = text.split(BEGIN);
  const [, after, ...evenMore] = rest?.split(END) ?? [];
  if (before === undefined || after === undefined || more.length + evenMore.length > 0) {
    throw new Error(`There must be one ${BEGIN} and, after it, one ${END}.`);
  }
  return `${before}${BEGIN}\n${content}\n${END}${after}`;
}
