/** What a set of packets is about, in the words of rules: `tcp 22, 80–90; udp 53; icmp`. */
import type { AddressSpace } from '../address-space.ts';
import { withoutRanges } from '../addresses.ts';
import { ICMP, ICMPV6, isIcmp, TCP, UDP } from '../packet-set/packet.ts';
import { boxesOf, type PacketSet, type Range, type Ranges } from '../packet-set/packet-set.ts';
import { addressesOf } from '../packet-set/rewrite.ts';

const NAMES: Readonly<Record<number, string>> = {
  ...{ [ICMP]: 'icmp', [TCP]: 'tcp', [UDP]: 'udp', [ICMPV6]: 'icmpv6' },
};
const NAMED = [ICMP, TCP, UDP, ICMPV6];

/** Protocols with destination ports, or ICMP types; nothing of addresses and source ports. */
export function servicesText(set: PacketSet): string {
  const byProtocol = new Map<string, Range[]>();
  const others: Range[] = [];
  for (const [protocol, , , one, two] of boxesOf(set)) {
    for (const number of NAMED) {
      if (number < protocol.first || number > protocol.last) continue;
      const ranges = byProtocol.get(NAMES[number] ?? '') ?? [];
      ranges.push(isIcmp(number) ? one : two);
      byProtocol.set(NAMES[number] ?? '', ranges);
    }
    if (!NAMED.includes(protocol.first)) others.push(protocol);
  }
  const parts = [...byProtocol].map(([name, ranges]) => partText(name, merged(ranges)));
  const rest = merged(others);
  const isAll = parts.length === NAMED.length && parts.every((each) => !each.includes(' '));
  const hasOthers =
    rest.reduce((sum, { first, last }) => sum + last - first + 1, 0) === 256 - NAMED.length;
  if (isAll && hasOthers) return 'everything';
  if (parts.length === NAMED.length && hasOthers) {
    const missing = [...byProtocol].flatMap(([name, ranges]) => missingText(name, merged(ranges)));
    return `everything but ${missing.join('; ')}`;
  }
  return [...parts, ...rest.map((range) => `protocol ${rangeText(range)}`)].join('; ');
}

function partText(name: string, ranges: readonly Range[]): string {
  const isTyped = name.startsWith('icmp');
  const last = isTyped ? 255 : 65535;
  const [only] = ranges;
  if (ranges.length === 1 && only?.first === 0 && only.last === last) return name;
  return `${name} ${isTyped ? 'type ' : ''}${ranges.map(rangeText).join(', ')}`;
}

function missingText(name: string, ranges: readonly Range[]): readonly string[] {
  const all = [{ first: 0, last: name.startsWith('icmp') ? 255 : 65535 }];
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
  return merged(ranges(set, ([protocol, , , one]) => (isIcmp(protocol.first) ? [] : [one])));
}

/** `anybody`, the blocks' ends, or `all but` those of the others, where these are fewer. */
export function sourcesText(set: PacketSet, asked: readonly Range[], space: AddressSpace): string {
  return addressesText(addressesOf(set, 'source'), asked, space) ?? 'anybody';
}

/** Nothing where the addresses are all that was asked about. */
export function addressesText(
  addresses: readonly Range[],
  asked: readonly Range[],
  space: AddressSpace,
): string | undefined {
  const others = withoutRanges(asked, addresses);
  if (others.length === 0) return undefined;
  const isShorter = others.length < addresses.length;
  const listed = isShorter ? others : addresses;
  const text = listed.slice(0, 3).map(space.rangeText).join(', ');
  return `${isShorter ? 'all but ' : ''}${text}${listed.length > 3 ? ' and more' : ''}`;
}

function ranges(set: PacketSet, of: (box: Ranges) => readonly Range[]): readonly Range[] {
  return [...boxesOf(set)].flatMap(of);
}
