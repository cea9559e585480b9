/** A bill on a terminal: resources with their lines, each with the day and the source of its price. */
import type { Bill, BillLine } from '../../cost/bill.ts';
import { dollars, groupsOf, reckoning, totalText } from '../../cost/text.ts';
import type { Twin } from '../../cost/twin.ts';
import { NOT_COUNTED, type Usage, usageText } from '../../cost/usage.ts';
import type { Prices } from '../price-table.ts';
import { style } from './style.ts';
import { renderTable } from './table.ts';
import { wrap } from './wrap.ts';

const WIDTH = 80;

export function billLines(bill: Bill): readonly string[] {
  const sources = sourcesOf(bill.lines);
  const columns = [
    { title: `in ${bill.region}, each month`, elastic: true },
    ...[{ title: 'amount × price' }, { title: 'US$' }, { title: 'price of' }],
  ];
  const groups = groupsOf(bill);
  const width = Math.max(...groups.map(({ usd }) => dollars(usd).length), 3);
  const rows = groups.flatMap(({ resources, lines, usd }) => [
    [named(resources), '', dollars(usd).padStart(width), ''],
    ...lines.map((line) => [
      `  ${line.what}`,
      reckoning(line, resources.length),
      dollars(line.usd * resources.length).padStart(width),
      `${line.date} [${sources.indexOf(line.source) + 1}]`,
    ]),
  ]);
  return [
    ...renderTable(columns, rows, WIDTH),
    '',
    `${style(process.stdout, 'bold', totalText(bill))}, on demand, before tax`,
  ];
}

/** Few by name, many by number. */
function named(resources: readonly string[]): string {
  const [first = '', ...others] = resources;
  if (others.length === 0) return first;
  const all = resources.join(', ');
  if (all.length <= 28) return all;
  return `${resources.length} × ${first} … ${others.at(-1)}`;
}

/** Equal reasons on one line, with those that have them. */
export function unknownLines({ unknown, region }: Bill): readonly string[] {
  if (unknown.length === 0) return [];
  const groups = Map.groupBy(unknown, ({ what, why }) => `${what}: ${why}`);
  const lacksRegion = unknown.some(({ why }) => why.endsWith(` for ${region}`));
  return [
    'Of unknown price, and not in the sum:',
    ...[...groups].flatMap(([text, those]) => {
      const names = [...new Set(those.map(({ resource }) => resource))];
      return wrap(`  ${named(names)}: ${text}`, WIDTH, '    ');
    }),
    ...(lacksRegion
      ? wrap(`onsil cost refresh --region ${region} asks AWS for prices of that region.`, WIDTH)
      : []),
  ];
}

export function supposedLines(usage: Usage, given: Partial<Usage>): readonly string[] {
  return [
    'Supposed (--usage name=amount, or usage: { … } in the configuration):',
    ...usageText(usage, given).map((text) => `  ${text}`),
    ...wrap('  Instances run Linux, all 730 hours, within their CPU baseline.', WIDTH, '  '),
    ...wrap(`  Not counted: ${NOT_COUNTED}.`, WIDTH, '  '),
  ];
}

/** Each once, in the order of the lines: its place there is its number. */
export const sourcesOf = (lines: readonly BillLine[]): readonly string[] => [
  ...new Set(lines.map(({ source }) => source)),
];

/** Those of the bill have the numbers that its lines have; those of the twin alone come after. */
export function sourceLines(
  bill: Bill,
  twins: readonly Twin[],
  { renewed }: Prices,
): readonly string[] {
  const lines = [...bill.lines, ...twins.flatMap((twin) => twin.lines)];
  if (lines.length === 0) return [];
  return [
    'Where prices are from; AWS may have changed them since:',
    ...sourcesOf(lines).flatMap((source, index) =>
      wrap(`  [${index + 1}] ${source}`, WIDTH, '      '),
    ),
    ...(renewed === undefined
      ? ['None was renewed here: onsil cost refresh asks AWS.']
      : wrap(`Renewed on ${renewed.on} by onsil cost refresh: ${renewed.file}`, WIDTH, '  ')),
  ];
}
