/** IPv4 addresses and blocks (RFC 791, RFC 4632) as text outside, as numbers inside. */

/** A canonical block: no host bits. */
export interface Block {
  /** The first address, 0 to 2^32 - 1. */
  readonly first: number;
  /** Prefix length, 0 to 32. */
  readonly prefix: number;
}

const OCTET = '(0|[1-9][0-9]{0,2})';
const ADDRESS = new RegExp(`^${OCTET}\\.${OCTET}\\.${OCTET}\\.${OCTET}$`);

/** The address as a number; nothing for anything but four decimal octets without leading zeros. */
export function parseAddress(text: string): number | undefined {
  const octets = ADDRESS.exec(text)?.slice(1).map(Number);
  if (octets === undefined || octets.some((octet) => octet > 255)) return undefined;
  return octets.reduce((sum, octet) => sum * 256 + octet, 0);
}

/** The text of an address. Throws RangeError outside 0 to 2^32 - 1. */
export function formatAddress(address: number): string {
  if (!Number.isInteger(address) || address < 0 || address >= 2 ** 32) {
    throw new RangeError(`${address} is not an IPv4 address`);
  }
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}

/** The block, its host bits cleared; nothing for a malformed one. */
export function parseBlock(text: string): Block | undefined {
  const [address, length, ...more] = text.split('/');
  if (address === undefined || length === undefined || more.length > 0) return undefined;
  const value = parseAddress(address);
  if (value === undefined || !/^(0|[1-9][0-9]?)$/.test(length)) return undefined;
  const prefix = Number(length);
  if (prefix > 32) return undefined;
  return { first: value - (value % 2 ** (32 - prefix)), prefix };
}

export function formatBlock({ first, prefix }: Block): string {
  return `${formatAddress(first)}/${prefix}`;
}

/** `10.0.1.7/24` as `10.0.1.0/24`; nothing for a malformed block. */
export function canonicalBlock(text: string): string | undefined {
  const block = parseBlock(text);
  return block === undefined ? undefined : formatBlock(block);
}

/** The number of addresses in a block. */
export function sizeOf(block: Block): number {
  return 2 ** (32 - block.prefix);
}

/** Whether an address or a whole block lies inside `outer`. Throws RangeError on malformed text. */
export function contains(outer: string, inner: string): boolean {
  const a = block(outer);
  const b = block(inner.includes('/') ? inner : `${inner}/32`);
  return b.prefix >= a.prefix && b.first >= a.first && b.first < a.first + sizeOf(a);
}

/** Whether two blocks share an address. Throws RangeError on malformed text. */
export function overlaps(one: string, other: string): boolean {
  return contains(one, other) || contains(other, one);
}

/**
 * The address at an offset from the start of a block; from its end where the offset is negative
 * (-1 is the last). Throws RangeError outside the block.
 */
export function hostAt(cidr: string, offset: number): string {
  const { first, prefix } = block(cidr);
  const size = 2 ** (32 - prefix);
  const index = offset < 0 ? size + offset : offset;
  if (!Number.isInteger(index) || index < 0 || index >= size) {
    throw new RangeError(`${cidr} has no address at offset ${offset}`);
  }
  return formatAddress(first + index);
}

function block(text: string): Block {
  const parsed = parseBlock(text);
  if (parsed === undefined) throw new RangeError(`${JSON.stringify(text)} is not an IPv4 block`);
  return parsed;
}
