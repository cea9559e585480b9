/** For tests: changes of a region of which is known what they do to every answer. */
import { formatBlock, parseBlock } from '../region/ipv4.ts';
import { formatAddress6, parseBlock6 } from '../region/ipv6.ts';
import type { Region } from '../region/region.ts';
import { isIpv6 } from './packet-trace/address.ts';

type Groups = Region['securityGroups'][string];
type Acl = Region['networkAcls'][string];

export function changed(
  region: Region,
  group: (group: Groups) => Groups,
  acl: (acl: Acl) => Acl = (same) => same,
): Region {
  const each = <T>(table: Readonly<Record<string, T>>, change: (thing: T) => T) =>
    Object.fromEntries(Object.entries(table).map(([id, thing]) => [id, change(thing)]));
  return {
    ...region,
    securityGroups: each(region.securityGroups, group),
    networkAcls: each(region.networkAcls, acl),
  };
}

/** Rules, entries, routes and lists in another order: the same. */
export const turned = (region: Region): Region => ({
  ...changed(
    region,
    (group) => ({
      ...{ ...group, ingress: group.ingress.toReversed(), egress: group.egress.toReversed() },
    }),
    (acl) => ({ ...acl, entries: acl.entries.toReversed() }),
  ),
  routeTables: Object.fromEntries(
    Object.entries(region.routeTables).map(([id, table]) => [
      id,
      { ...table, routes: table.routes.toReversed() },
    ]),
  ),
  prefixLists: Object.fromEntries(
    Object.entries(region.prefixLists)
      .toReversed()
      .map(([id, { entries, ...list }]) => [
        id,
        entries === undefined ? list : { ...list, entries: entries.toReversed() },
      ]),
  ),
  networkInterfaces: Object.fromEntries(Object.entries(region.networkInterfaces).toReversed()),
});

const PEERS = [
  { kind: 'cidr', cidr: '10.0.0.0/16' },
  { kind: 'cidr6', cidr: '2001:db8:1::/56' },
  { kind: 'prefix-list', prefixListId: 'pl-s3' },
] as const;

const rule = { id: 'sgr-more', protocol: 6, fromPort: 1, toPort: 9999 } as const;
/** One more group rule of each kind of peer: never less. */
export const more = (region: Region): Region =>
  changed(region, (group) => ({
    ...{ ...group, ingress: [...group.ingress, ...PEERS.map((peer) => ({ ...rule, peer }))] },
  }));

const entry = { egress: false, protocol: 6, fromPort: 20, toPort: 9000, action: 'deny' } as const;
const denials = ['10.0.0.0/16', '2001:db8:1::/56'].map((cidr, index) => ({
  ...{ ...entry, number: 7 + index, cidr },
}));
// Entries that had its number are gone in both, so that nothing else differs.
const without = (acl: Acl): Acl => ({
  ...{ ...acl, entries: acl.entries.filter(({ number }) => number !== 7 && number !== 8) },
});
/** One more ACL entry that denies: never more than without it. */
export const less = (region: Region): Region =>
  changed(
    region,
    (same) => same,
    (acl) => ({ ...acl, entries: [...acl.entries, ...denials] }),
  );
/** What `less` is to be held against. */
export const withoutNumbers = (region: Region): Region => changed(region, (same) => same, without);

const halves = (cidr: string): readonly string[] => {
  if (isIpv6(cidr)) return halves6(cidr);
  const block = parseBlock(cidr);
  if (block === undefined || block.prefix === 32) return [cidr];
  const prefix = block.prefix + 1;
  const second = block.first + 2 ** (32 - prefix);
  return [block.first, second].map((first) => formatBlock({ first, prefix }));
};
const rules = (all: Groups['ingress']): Groups['ingress'] =>
  all.flatMap((rule) => {
    const { peer } = rule;
    return 'cidr' in peer
      ? halves(peer.cidr).map((cidr) => ({ ...rule, peer: { ...peer, cidr } }))
      : [rule];
  });
/** Each block as its two halves: the same. */
export const split = (region: Region): Region =>
  changed(
    region,
    (group) => ({ ...group, ingress: rules(group.ingress), egress: rules(group.egress) }),
    (acl) => ({
      ...acl,
      entries: acl.entries.flatMap((entry) =>
        halves(entry.cidr).map((cidr, index) => ({
          ...{ ...entry, cidr, number: entry.number * 10 + index },
        })),
      ),
    }),
  );

function halves6(cidr: string): readonly string[] {
  const block = parseBlock6(cidr);
  if (block === undefined || block.prefix === 128) return [cidr];
  const prefix = block.prefix + 1;
  const second = block.first + (1n << BigInt(128 - prefix));
  return [block.first, second].map((first) => `${formatAddress6(first)}/${prefix}`);
}
