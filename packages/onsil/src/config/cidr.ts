/** IPv4 blocks as the config needs them. Junk is refused: `10.0.0.1x` and `10.0.0.1/16` are no blocks. */

export interface Cidr {
  /** First address, as an unsigned number. */
  readonly base: number;
  /** 0–32. */
  readonly prefix: number;
}

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const BLOCK = new RegExp(`^(${OCTET})\\.(${OCTET})\\.(${OCTET})\\.(${OCTET})/(3[0-2]|[12]?\\d)$`);

/** Reads `a.b.c.d/n`; undefined where it is malformed or has bits set behind the prefix. */
export function parseCidr(text: string): Cidr | undefined {
  const match = BLOCK.exec(text);
  if (match === null) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = match.slice(1).map(Number);
  const base = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d;
  return base % 2 ** (32 - prefix) === 0 ? { base, prefix } : undefined;
}

export function formatCidr({ base, prefix }: Cidr): string {
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256);
  return `${octets.join('.')}/${prefix}`;
}

/** How many addresses a block has. */
export function sizeOf({ prefix }: Cidr): number {
  return 2 ** (32 - prefix);
}

/** Whether `inner` lies wholly in `outer`. */
export function contains(outer: Cidr, inner: Cidr): boolean {
  return inner.base >= outer.base && inner.base + sizeOf(inner) <= outer.base + sizeOf(outer);
}

/** Blocks are either nested or apart. */
export function overlap(a: Cidr, b: Cidr): boolean {
  return contains(a, b) || contains(b, a);
}

/** The block of that number, counted from 0, among the blocks of `prefix` in `outer`. */
export function block(outer: Cidr, prefix: number, index: number): Cidr {
  return { base: outer.base + index * 2 ** (32 - prefix), prefix };
}
