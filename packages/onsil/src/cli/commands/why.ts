import type { Family } from '../../reach/address-space.ts';
import type { NameSpace } from '../../reach/endpoint.ts';
import type { Model } from '../../reach/model.ts';
import { addressesOf } from '../../reach/packet-set/rewrite.ts';
import { addressesText, rangeText, servicesText, sourcePortsOf } from '../../reach/text/packets.ts';
import { changeText, hopText, verdictText } from '../../reach/text/path.ts';
import type { Outcome } from '../../reach/trace/state.ts';
import type { Endpoint, Question } from '../../reach/trace/trace.ts';
import { askNamed } from '../../reach/why/ask-named.ts';
import { whyDocument } from '../../reach/why/document.ts';
import { EPHEMERAL, type Target, targetOf } from '../../reach/why/target.ts';
import type { Answer, Way } from '../../reach/why/why.ts';
import { UsageError } from '../errors.ts';
import { fit } from '../render/table.ts';
import { printWarnings } from '../render/warnings.ts';
import { wrap } from '../render/wrap.ts';
import { type ModelOptions, modelOf, requireEndpoint } from './model.ts';

const WIDTH = 80;

/**
 * Prints whether packets get there and back, hop by hop, and if not, what would have to change.
 * @returns 0 where all that was asked about (or, without a port, anything) is reachable, else 1
 */
export async function why(from: string, to: string, options: WhyOptions): Promise<number> {
  const target = parseTarget(to, options.ipv6 === true ? 'ipv6' : undefined, from);
  const { space: asked, warnings } = await modelOf(options);
  const { space, ends, answer, isGood, way } = askNamed(asked, from, target, requireEndpoint);
  if (options.json === true) {
    console.log(JSON.stringify(whyDocument(space, from, to, answer, way)));
  } else {
    printWarnings(warnings);
    const title = `${from} → ${to}`;
    for (const line of linesOf(space, title, ends, answer, way)) console.log(fit(line, WIDTH));
  }
  return isGood ? 0 : 1;
}

export interface WhyOptions extends ModelOptions {
  /** Ask about the IPv6 addresses of both ends. */
  readonly ipv6?: boolean;
}

/** As `targetOf` reads it. Throws UsageError. */
export function parseTarget(text: string, asked?: Family, from = ''): Target {
  const target = targetOf(text, asked, from);
  if (target !== undefined) return target;
  throw new UsageError(
    `${JSON.stringify(text)} is no target: an instance, internet, admin, an address or a block, ` +
      'then perhaps a colon and a port from 1 to 65535, as in database:3306, dns:53/udp or ' +
      '[2001:db8::1]:443, or :ping.',
  );
}

function linesOf(
  { model }: NameSpace,
  ends: string,
  question: Question,
  { verdict, outcomes }: Answer,
  way: Way | undefined,
): readonly string[] {
  const { region } = model;
  const title = verdict === 'partly' ? 'partly reachable' : verdict.replace('-', ' ');
  const shown = [...outcomes].sort(
    (a, b) => Number(b.verdict.kind === 'reachable') - Number(a.verdict.kind === 'reachable'),
  );
  const [first, ...others] = shown.slice(0, 4);
  return [
    `${ends}  ${title}`,
    ...(first === undefined
      ? ['  no packet has these ends']
      : outcomeLines(model, question, first, true)),
    ...others.flatMap((each) => outcomeLines(model, question, each, false)),
    ...(shown.length > 4 ? [`  and ${shown.length - 4} more outcomes: see --json`] : []),
    ...(way === undefined ? [] : wayLines(region, way)),
  ];
}

function outcomeLines(
  { region, space }: Model,
  { from: sender, to: receiver }: Question,
  { verdict, packets, forward, back }: Outcome,
  withHops: boolean,
): readonly string[] {
  const ports = sourcePortsOf(packets);
  const isAll = ports.every(
    ({ first, last }) => first <= EPHEMERAL.first && last === EPHEMERAL.last,
  );
  const from = isAll ? '' : ` from source ports ${ports.map(rangeText).join(', ')}`;
  const side = (end: Endpoint, which: 'source' | 'destination'): string | undefined =>
    end.kind === 'addresses'
      ? addressesText(addressesOf(packets, which), end.ranges, space)
      : undefined;
  const [only, towards] = [side(sender, 'source'), side(receiver, 'destination')];
  const addresses = [
    ...(only === undefined ? [] : [`from ${only}`]),
    ...(towards === undefined ? [] : [`to ${towards}`]),
  ].join(' ');
  return [
    '',
    ...wrap(`  ${servicesText(packets)}${from}  ${addresses}`.trimEnd(), WIDTH, '    '),
    ...wrapped(verdictText(region, verdict)),
    ...(withHops && forward.length > 0 ? ['', '  there'] : []),
    ...(withHops ? forward.map((hop) => `    ${hopText(region, hop)}`) : []),
    ...(withHops && back.length > 0 ? ['', '  back'] : []),
    ...(withHops ? back.map((hop) => `    ${hopText(region, hop)}`) : []),
  ];
}

/** AWS's code on a line of its own where both do not fit. */
function wrapped(text: string): readonly string[] {
  const lines = text.length + 2 > WIDTH ? text.split(/ (?=\()/) : [text];
  return lines.map((line) => `  ${line}`);
}

function wayLines(
  region: NameSpace['model']['region'],
  { changes, proved }: Way,
): readonly string[] {
  if (!proved) return ['', '  No change of settings that onsil knows makes this reachable.'];
  return [
    '',
    `  What would have to change (tried on a copy: with ${changes.length === 1 ? 'it' : 'all of it'} reachable)`,
    ...changes.map((change, index) => `    ${index + 1}. ${changeText(region, change)}`),
  ];
}
