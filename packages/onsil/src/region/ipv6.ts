/** IPv6 addresses and blocks (RFC 4291, RFC 5952) as text outside, as numbers inside. */

/** A canonical block: no host bits. */
export interface Block6 {
  /** The first address, 0 to 2^128 - 1. */
  readonly first: bigint;
  /** Prefix length, 0 to 128. */
  readonly prefix: number;
}

/** The address as a number of 128 bits; nothing for a malformed one. */
export function parseAddress6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array<string>(missing).fill('0'), ...tail];
  if (groups.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((sum, group) => (sum << 16n) + BigInt(`0x${group}`), 0n);
}

/** Lower case, with the longest run of zero groups shortened. */
export function formatAddress6(address: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((address >> BigInt(16 * (7 - index))) & 0xffffn).toString(16),
  ).join(':');
  const runs = [...groups.matchAll(/(?<=^|:)0(?::0)+(?=:|$)/g)];
  const longest = runs.toSorted((a, b) => b[0].length - a[0].length)[0];
  if (longest === undefined) return groups;
  const before = groups.slice(0, longest.index).replace(/:$/, '');
  const after = groups.slice(longest.index + longest[0].length).replace(/^:/, '');
  return `${before}::${after}`;
}

/** The canonical text of a block, host bits cleared; nothing for a malformed one. */
export function canonicalBlock6(text: string): string | undefined {
  const block = parseBlock6(text);
  return block === undefined ? undefined : `${formatAddress6(block.first)}/${block.prefix}`;
}

/** The block, its host bits cleared; nothing for a malformed one. */
export function parseBlock6(text: string): Block6 | undefined {
  const [address, length, ...more] = text.split('/');
  if (address === undefined || length === undefined || more.length > 0) return undefined;
  const value = parseAddress6(address);
  if (value === undefined || !/^(0|[1-9][0-9]{0,2})$/.test(length)) return undefined;
  const prefix = Number(length);
  if (prefix > 128) return undefined;
  const size = 1n << BigInt(128 - prefix);
  return { first: value - (value % size), prefix };
}

/** Whether an address or a whole block lies inside `outer`. Throws RangeError on malformed text. */
export function contains6(outer: string, inner: string): boolean {
  const a = block(outer);
  const b = block(inner.includes('/') ? inner : `${inner}/128`);
  const size = 1n << BigInt(128 - a.prefix);
  return b.prefix >= a.prefix && b.first >= a.first && b.first < a.first + size;
}

/** Whether two blocks share an address. Throws RangeError on malformed text. */
export function overlaps6(one: string, other: string): boolean {
  return contains6(one, other) || contains6(other, one);
}

function block(text: string): Block6 {
  const parsed = parseBlock6(text);
  if (parsed === undefined) throw new RangeError(`${JSON.stringify(text)} is not an IPv6 block`);
  return parsed;
}
