/** What a set of packets is about, in the words of rules: `tcp 22, 80–90; udp 53; icmp`. */
import { formatAddress } from '../../region/ipv4.ts';
import { withoutRanges } from '../addresses.ts';
import { ICMP, TCP, UDP } from '../packet-set/packet.ts';
import { boxesOf, type PacketSet, type Range, type Ranges } from '../packet-set/packet-set.ts';

const NAMES: Readonly<Record<number, string>> = { [ICMP]: 'icmp', [TCP]: 'tcp', [UDP]: 'udp' };

/** Protocols with destination ports, or ICMP types; nothing of addresses and source ports. */
export function servicesText(set: PacketSet): string {
  const byProtocol = new Map<string, Range[]>();
  const others: Range[] = [];
  for (const [protocol, , , one, two] of boxesOf(set)) {
    for (const number of [ICMP, TCP, UDP]) {
      if (number < protocol.first || number > protocol.last) continue;
      const ranges = byProtocol.get(NAMES[number] ?? '') ?? [];
      ranges.push(number === ICMP ? one : two);
      byProtocol.set(NAMES[number] ?? '', ranges);
    }
    if (![ICMP, TCP, UDP].includes(protocol.first)) others.push(protocol);
  }
  const parts = [...byProtocol].map(([name, ranges]) => partText(name, merged(ranges)));
  const rest = merged(others);
  const isAll = parts.length === 3 && parts.every((each) => !each.includes(' '));
  const hasOthers = rest.reduce((sum, { first, last }) => sum + last - first + 1, 0) === 253;
  if (isAll && hasOthers) return 'everything';
  if (parts.length === 3 && hasOthers) {
    const missing = [...byProtocol].flatMap(([name, ranges]) => missingText(name, merged(ranges)));
    return `everything but ${missing.join('; ')}`;
  }
  return [...parts, ...rest.map((range) => `protocol ${rangeText(range)}`)].join('; ');
}

function partText(name: string, ranges: readonly Range[]): string {
  const last = name === 'icmp' ? 255 : 65535;
  const [only] = ranges;
  if (ranges.length === 1 && only?.first === 0 && only.last === last) return name;
  return `${name} ${name === 'icmp' ? 'type ' : ''}${ranges.map(rangeText).join(', ')}`;
}

function missingText(name: string, ranges: readonly Range[]): readonly string[] {
  const all = [{ first: 0, last: name === 'icmp' ? 255 : 65535 }];
  const missing = withoutRanges(all, ranges);
  return missing.length === 0 ? [] : [partText(name, missing)];
}

export function rangeText({ first, last }: Range): string {
  return first === last ? `${first}` : `${first}–${last}`;
}

/** Sorted and without overlaps. */
export function merged(ranges: readonly Range[]): readonly Range[] {
  const result: Range[] = [];
  for (const range of ranges.toSorted((a, b) => a.first - b.first)) {
    const previous = result.at(-1);
    if (previous !== undefined && range.first <= previous.last + 1) {
      result.push({
        first: result.pop()?.first ?? 0,
        last: Math.max(previous.last, range.last),
      });
    } else result.push(range);
  }
  return result;
}

/** The ports that packets of tcp and udp come from. */
export function sourcePortsOf(set: PacketSet): readonly Range[] {
  return merged(ranges(set, ([protocol, , , one]) => (protocol.first === ICMP ? [] : [one])));
}

/** `anybody`, or the blocks' ends: for sources that are not all that was asked about. */
export function sourcesText(set: PacketSet, asked: readonly Range[]): string {
  const sources = merged(ranges(set, ([, source]) => [source]));
  if (withoutRanges(asked, sources).length === 0) return 'anybody';
  const shown = sources.slice(0, 3).map(addressRangeText);
  return sources.length > 3 ? `${shown.join(', ')} and more` : shown.join(', ');
}

export function addressRangeText({ first, last }: Range): string {
  const [from, to] = [formatAddress(first), formatAddress(last)];
  return first === last ? from : `${from}–${to}`;
}

function ranges(set: PacketSet, of: (box: Ranges) => readonly Range[]): readonly Range[] {
  return [...boxesOf(set)].flatMap(of);
}
