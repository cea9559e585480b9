/** The managed twin on a terminal, beside what it would take the place of. */
import type { Bill } from '../../cost/bill.ts';
import { dollars, reckoning, signed } from '../../cost/text.ts';
import type { Twin } from '../../cost/twin.ts';
import { sourcesOf } from './bill.ts';
import { style } from './style.ts';
import { renderTable } from './table.ts';
import { wrap } from './wrap.ts';

const WIDTH = 80;

export function twinLines(twins: readonly Twin[], { total, lines }: Bill): readonly string[] {
  if (twins.length === 0) return [];
  const sources = sourcesOf([...lines, ...twins.flatMap((twin) => twin.lines)]);
  const columns = [
    { title: 'managed by AWS instead', elastic: true },
    ...[{ title: 'amount × price' }, { title: 'US$' }, { title: 'price of' }],
  ];
  const width = Math.max(...twins.map(({ twinUsd }) => dollars(twinUsd).length));
  const rows = twins.flatMap((twin) => [
    [
      `${twin.resource} → ${twin.service}`,
      `now ${dollars(twin.usd)}, ${signed(twin.twinUsd - twin.usd)}`,
      dollars(twin.twinUsd).padStart(width),
    ],
    ...twin.lines.map((line) => [
      `  ${line.what}`,
      reckoning(line),
      dollars(line.usd).padStart(width),
      `${line.date} [${sources.indexOf(line.source) + 1}]`,
    ]),
    ...twin.unknown.map(({ what }) => [`  ${what}`, 'unknown']),
  ]);
  const more = twins.reduce((sum, twin) => sum + twin.twinUsd - twin.usd, 0);
  const lacks = twins.some(({ unknown }) => unknown.length > 0) ? ', and what is unknown' : '';
  const all = `${dollars(total + more)} a month with all of these (${signed(more)})${lacks}`;
  return [
    ...renderTable(columns, rows, WIDTH),
    '',
    style(process.stdout, 'bold', all),
    ...twins.flatMap(({ resource, service, because, buys, unknown }) => [
      ...wrap(`  ${resource} → ${service} (${because})`, WIDTH, '    '),
      ...buys.flatMap((text) => wrap(`    + ${text}`, WIDTH, '      ')),
      ...unknown.flatMap(({ why }) => wrap(`    unknown: ${why}`, WIDTH, '      ')),
    ]),
  ];
}
