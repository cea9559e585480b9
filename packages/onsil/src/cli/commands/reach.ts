import type { NameSpace } from '../../reach/endpoint.ts';
import { type Row, rowDocument, rowsOf } from '../../reach/matrix.ts';
import { isEmpty } from '../../reach/packet-set/packet-set.ts';
import { namesText } from '../../reach/text/names.ts';
import { servicesText } from '../../reach/text/packets.ts';
import { UsageError } from '../errors.ts';
import { renderTable } from '../render/table.ts';
import { printWarnings } from '../render/warnings.ts';
import { wrap } from '../render/wrap.ts';
import { type ModelOptions, modelOf, requireEndpoint } from './model.ts';

export interface ReachOptions extends ModelOptions {
  readonly from?: string;
  readonly to?: string;
  readonly internet?: boolean;
}

const WIDTH = 80;

/** Prints who reaches whom, on what. */
export async function reach(options: ReachOptions): Promise<void> {
  if (options.internet === true && options.from !== undefined) {
    throw new UsageError(
      `--internet is short for --from internet, and --from ${options.from} asks about another one: give one of them.`,
    );
  }
  const { space, warnings } = await modelOf(options);
  for (const name of [options.from, options.to]) {
    if (name !== undefined) requireEndpoint(space, name);
  }
  const from = options.internet === true ? 'internet' : options.from;
  const rows = rowsOf(space).filter(
    (row) =>
      !isEmpty(row.services) &&
      (from === undefined || row.from === from) &&
      (options.to === undefined || row.to === options.to),
  );
  if (options.json === true) {
    console.log(JSON.stringify(rows.map(rowDocument)));
    return;
  }
  printWarnings(warnings);
  const columns = [{ title: 'from' }, { title: 'to' }, { title: 'on', elastic: true }];
  const [unknown, known] = [rows.filter(isUnknown), rows.filter((row) => !isUnknown(row))];
  const table = known.map((row) => [row.from, row.to, onText(row)]);
  if (known.length > 0) for (const line of renderTable(columns, table)) console.log(line);
  else console.log(nothingText(space, options));
  for (const line of unknownLines(unknown)) console.log(line);
}

const isUnknown = ({ depends }: Row): boolean => depends !== undefined;

function onText({ family, services, sources }: Row): string {
  const only = sources === undefined || sources === 'anybody' ? '' : ` (only ${sources})`;
  return (family === undefined ? '' : 'IPv6: ') + servicesText(services) + only;
}

function nothingText({ model: { region } }: NameSpace, { from, to, internet }: ReachOptions) {
  const { natGateways, networkInterfaces } = region;
  if (Object.keys(networkInterfaces).length === Object.keys(natGateways).length) {
    return 'There is no instance here, nor anything else that reaches or is reached.';
  }
  const sender = internet === true ? 'internet' : from;
  if (sender === undefined) return `Nobody reaches ${to ?? 'anybody'}.`;
  return to === undefined ? `${sender} reaches nobody.` : `${sender} does not reach ${to}.`;
}

const MOST_UNKNOWN = 5;

/** By what they depend on; those of one receiver and service on one line. */
function unknownLines(rows: readonly Row[]): readonly string[] {
  return [...Map.groupBy(rows, ({ depends }) => depends ?? '')].flatMap(([depends, all]) => {
    const byReceiver = Map.groupBy(all, (row) => `${row.to}  ${onText(row)}`);
    const byBoth = Map.groupBy([...byReceiver.values()], (each) =>
      JSON.stringify([each.map(({ from }) => from), each.slice(0, 1).map(onText)]),
    );
    const lines = [...byBoth.values()].flatMap((same) => {
      const [row] = same[0] ?? [];
      if (row === undefined) return [];
      const senders = namesText((same[0] ?? []).map(({ from }) => from));
      return [
        `${senders} → ${namesText(same.flatMap((each) => each[0]?.to ?? []))}  ${onText(row)}`,
      ];
    });
    const more = lines.length - MOST_UNKNOWN;
    return [
      '',
      ...wrap(`Cannot be told, so never taken for reachable: ${depends}`, WIDTH, '  '),
      ...lines.slice(0, MOST_UNKNOWN).flatMap((line) => wrap(`  ${line}`, WIDTH, '    ')),
      ...(more > 0 ? [`  and ${more} more: see --json`] : []),
    ];
  });
}
