/** Ranges of IPv4 addresses as the model needs them. */
import { parseAddress, parseBlock, sizeOf } from '../region/ipv4.ts';
import type { Range } from './packet-set/packet-set.ts';

/** Of a block or a single address. Throws RangeError on malformed text: the region holds none. */
export function rangeOf(text: string): Range {
  const block = parseBlock(text.includes('/') ? text : `${text}/32`);
  if (block === undefined) throw new RangeError(`${JSON.stringify(text)} is not an IPv4 block`);
  return { first: block.first, last: block.first + sizeOf(block) - 1 };
}

/** Throws RangeError on malformed text. */
export function addressOf(text: string): number {
  const address = parseAddress(text);
  if (address === undefined) throw new RangeError(`${JSON.stringify(text)} is not an IPv4 address`);
  return address;
}

export const single = (address: number): Range => ({ first: address, last: address });

export const within = (address: number, { first, last }: Range): boolean =>
  first <= address && address <= last;

export const isWithin = (inner: Range, outer: Range): boolean =>
  outer.first <= inner.first && inner.last <= outer.last;

export const isIn = (address: number, ranges: readonly Range[]): boolean =>
  ranges.some((range) => within(address, range));

/** `isIn` for many addresses: by binary search. */
export function finderIn(ranges: readonly Range[]): (address: number) => boolean {
  const inOrder = sorted(ranges);
  // Ranges may overlap: how far any of those up to here reaches.
  let furthest = -1;
  const reaches = inOrder.map(({ last }) => {
    furthest = Math.max(furthest, last);
    return furthest;
  });
  return (address) => {
    let [low, high] = [0, inOrder.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((inOrder[middle]?.first ?? 0) <= address) low = middle + 1;
      else high = middle;
    }
    return (reaches[low - 1] ?? -1) >= address;
  };
}

/** What lies in both, in order. Neither list may have overlaps of its own. */
export function commonRanges(a: readonly Range[], b: readonly Range[]): readonly Range[] {
  const [left, right] = [sorted(a), sorted(b)];
  const common: Range[] = [];
  let [i, j] = [0, 0];
  for (;;) {
    const [one, other] = [left[i], right[j]];
    if (one === undefined || other === undefined) return common;
    const first = Math.max(one.first, other.first);
    const last = Math.min(one.last, other.last);
    if (first <= last) common.push({ first, last });
    if (one.last < other.last) i += 1;
    else j += 1;
  }
}

/** Both in order. */
export const equalRanges = (a: readonly Range[], b: readonly Range[]): boolean =>
  a.length === b.length &&
  a.every(({ first, last }, index) => first === b[index]?.first && last === b[index].last);

function sorted(ranges: readonly Range[]): readonly Range[] {
  return ranges.length < 2 ? ranges : ranges.toSorted((a, b) => a.first - b.first);
}

/** What is left of `from`. */
export function withoutRanges(from: readonly Range[], gone: readonly Range[]): readonly Range[] {
  return gone.reduce<readonly Range[]>(
    (left, hole) =>
      left.flatMap((range) => {
        if (hole.last < range.first || hole.first > range.last) return [range];
        return [
          { first: range.first, last: hole.first - 1 },
          { first: hole.last + 1, last: range.last },
        ].filter(({ first, last }) => first <= last);
      }),
    from,
  );
}

export const EVERYWHERE: Range = rangeOf('0.0.0.0/0');
/** https://www.rfc-editor.org/rfc/rfc1918 */
export const RFC1918 = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map(rangeOf);
/** https://www.rfc-editor.org/rfc/rfc6598 */
export const RFC6598 = ['100.64.0.0/10'].map(rangeOf);
/** No unicast address between networks: https://www.rfc-editor.org/rfc/rfc6890 */
export const NOT_UNICAST = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'].map(
  rangeOf,
);
/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html#link-local-addresses */
export const LINK_LOCAL = rangeOf('169.254.0.0/16');
