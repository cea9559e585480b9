import type { Family } from '../../reach/address-space.ts';
import { endpointOf, familyOf, type NameSpace } from '../../reach/endpoint.ts';
import { compile, type Model } from '../../reach/model.ts';
import { ICMP, ICMPV6, TCP, UDP } from '../../reach/packet-set/packet.ts';
import { box, type PacketSet, type Range } from '../../reach/packet-set/packet-set.ts';
import { addressesOf } from '../../reach/packet-set/rewrite.ts';
import { addressesText, rangeText, servicesText, sourcePortsOf } from '../../reach/text/packets.ts';
import { changeText, hopText, verdictText } from '../../reach/text/path.ts';
import type { Outcome } from '../../reach/trace/state.ts';
import type { Endpoint, Question } from '../../reach/trace/trace.ts';
import { type Answer, ask, type Way, wayThrough } from '../../reach/why/why.ts';
import type { Region } from '../../region/region.ts';
import { UsageError } from '../errors.ts';
import { fit } from '../render/table.ts';
import { printWarnings } from '../render/warnings.ts';
import { wrap } from '../render/wrap.ts';
import { type ModelOptions, modelOf, requireEndpoint } from './model.ts';

/** Clients draw from these: https://docs.aws.amazon.com/vpc/latest/userguide/nacl-ephemeral-ports.html */
const EPHEMERAL: Range = { first: 1024, last: 65535 };
const WIDTH = 80;

/**
 * Prints whether packets get there and back, hop by hop, and if not, what would have to change.
 * @returns 0 where all that was asked about (or, without a port, anything) is reachable, else 1
 */
export async function why(from: string, to: string, options: WhyOptions): Promise<number> {
  const target = parseTarget(to, options.ipv6 === true ? 'ipv6' : undefined, from);
  const { space: asked, warnings } = await modelOf(options);
  const named = [from, target.to].filter((text) => familyOf(text) === 'ipv6');
  const { notModelled } = asked.model;
  const modelFor = (region: Region): Model =>
    compile(region, target.family, { named, notModelled });
  const space =
    target.family === 'ipv4' ? asked : { ...asked, model: modelFor(asked.model.region) };
  const ends = {
    from: requireEndpoint(space, from),
    to: requireEndpoint(space, target.to),
    packets: target.packets,
  };
  const { region } = space.model;
  const answer = ask(space.model, ends);
  const isGood = answer.verdict === 'reachable' || (!target.exact && answer.verdict === 'partly');
  // What is outside depends on the region's public addresses: the names are read anew each time.
  const questionOf = (model: NameSpace['model']) => ({
    ...ends,
    from: found({ ...space, model }, from),
    to: found({ ...space, model }, target.to),
  });
  const way = isGood ? undefined : wayThrough(region, questionOf, modelFor);
  if (options.json === true) {
    console.log(JSON.stringify(jsonOf(space, from, to, answer, way)));
  } else {
    printWarnings(warnings);
    const title = `${from} → ${to}`;
    for (const line of linesOf(space, title, ends, answer, way)) console.log(fit(line, WIDTH));
  }
  return isGood ? 0 : 1;
}

function found(space: NameSpace, text: string): ReturnType<typeof requireEndpoint> {
  const end = endpointOf(space, text);
  return 'unknown' in end ? requireEndpoint(space, text) : end;
}

export interface WhyOptions extends ModelOptions {
  /** Ask about the IPv6 addresses of both ends. */
  readonly ipv6?: boolean;
}

interface Target {
  readonly to: string;
  /** Of both ends: IPv6 where one of them is such an address, or where it was asked for. */
  readonly family: Family;
  readonly packets: PacketSet;
  /** Whether one port or ICMP's echo was named. */
  readonly exact: boolean;
}

/**
 * `name`, `name:port`, `name:port/udp` or `name:ping`; an IPv6 address before a port in brackets.
 * A Name tag may have colons before blanks: `Chapter 6: firewall:22`.
 * @param from the other end, which may be an IPv6 address as well
 */
export function parseTarget(text: string, asked?: Family, from = ''): Target {
  const bare = familyOf(text) === 'ipv6';
  const [, bracketed, plain, name, protocol] = bare
    ? ['', text]
    : (/^(?:\[([^\]]+)\]|((?:[^:]|:(?=\s))+))(?::(\d+|ping)(?:\/(tcp|udp))?)?$/.exec(text) ?? []);
  const to = bracketed ?? plain ?? '';
  const isIpv6 = [to, from].some((each) => familyOf(each) === 'ipv6');
  const family = asked ?? (isIpv6 ? 'ipv6' : 'ipv4');
  const port = Number(name);
  if (to !== '' && name === undefined) return { to, family, packets: box({}), exact: false };
  if (to !== '' && name === 'ping' && protocol === undefined) {
    return { to, family, packets: pingOf(family), exact: true };
  }
  if (to !== '' && port >= 1 && port <= 65535) {
    const details = [EPHEMERAL, { first: port, last: port }] as const;
    const packets = box({ protocol: protocol === 'udp' ? UDP : TCP, details });
    return { to, family, packets, exact: true };
  }
  throw new UsageError(
    `${JSON.stringify(text)} is no target: an instance, internet, admin, an address or a block, ` +
      'then perhaps a colon and a port from 1 to 65535, as in database:3306, dns:53/udp or ' +
      '[2001:db8::1]:443, or :ping.',
  );
}

function pingOf(family: Family): PacketSet {
  const [protocol, type] = family === 'ipv4' ? [ICMP, 8] : [ICMPV6, 128];
  const details = [
    { first: type, last: type },
    { first: 0, last: 0 },
  ] as const;
  return box({ protocol, details });
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

function jsonOf(
  { model: { region } }: NameSpace,
  from: string,
  to: string,
  { verdict, outcomes }: Answer,
  way: Way | undefined,
) {
  return {
    ...{ from, to, verdict },
    outcomes: outcomes.map(({ packets, verdict: each, forward, back }) => ({
      services: servicesText(packets),
      sourcePorts: sourcePortsOf(packets),
      verdict: each,
      text: verdictText(region, each),
      forward,
      return: back,
    })),
    ...(way === undefined
      ? {}
      : {
          changes: way.changes.map((change) => ({ ...change, text: changeText(region, change) })),
          proved: way.proved,
        }),
  };
}
