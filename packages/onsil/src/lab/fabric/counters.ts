/**
 * What the deciders of a router have counted since it came up. It is read each second while
 * somebody watches, so no program is started for it: 25 ms of a processor for `nft`, less than 1 ms so.
 * Numbers: linux/netfilter/nf_tables.h, linux/netfilter/nfnetlink.h
 */
import { type Attributes, attributesOf, dump, textAttribute, textOf } from '../netlink.ts';
import { inNamespace } from '../system-calls.ts';
import { type Count, TABLE } from './ruleset.ts';

const NETLINK_NETFILTER = 12;
/** The subsystem nf_tables, and its message NFT_MSG_GETOBJ. */
const GET_OBJECTS = (10 << 8) | 19;
/** struct nfgenmsg: a family, a version, a number that stays 0. */
const FAMILY_BYTES = 4;
const NFPROTO = { ip: 2 } as const;
const OBJECT = { table: 1, type: 3, data: 4, userData: 8 } as const;
const COUNTER = { type: 1, bytes: 1, packets: 2 } as const;
/** Of what `nft` keeps for itself with an object: libnftnl's udata.h. */
const COMMENT = 0;

const [FAMILY, TABLE_NAME] = TABLE.split(' ') as [keyof typeof NFPROTO, string];

/**
 * Every counter of a namespace by its label, in one reading. Counts go on when the rule set
 * changes; a reading while the kernel takes an old one away may lack some, as that of `nft` may.
 * Throws Node's own error where there is no such namespace.
 */
export function readCounters(namespace: string): ReadonlyMap<string, Count> {
  const family = Buffer.from([NFPROTO[FAMILY], 0, 0, 0]);
  const request = Buffer.concat([family, textAttribute(OBJECT.table, TABLE_NAME)]);
  const objects = inNamespace({ namespace }, () => dump(NETLINK_NETFILTER, GET_OBJECTS, request));
  return new Map(
    objects.flatMap((body) => {
      const object = attributesOf(body.subarray(FAMILY_BYTES));
      const label = labelIn(object);
      return isCounter(object) && label !== undefined ? [[label, countIn(object)] as const] : [];
    }),
  );
}

const isCounter = (object: Attributes): boolean =>
  object.get(OBJECT.type)?.readUInt32BE(0) === COUNTER.type;

function countIn(object: Attributes): Count {
  const data = attributesOf(object.get(OBJECT.data) ?? Buffer.alloc(0));
  const number = (attribute: number) => Number(data.get(attribute)?.readBigUInt64BE(0) ?? 0n);
  return { packets: number(COUNTER.packets), bytes: number(COUNTER.bytes) };
}

/** The counter's comment: a list of a type, a length and a value each, a byte for the first two. */
function labelIn(object: Attributes): string | undefined {
  const data = object.get(OBJECT.userData) ?? Buffer.alloc(0);
  for (let at = 0; at + 2 <= data.length; ) {
    const end = at + 2 + data.readUInt8(at + 1);
    if (data.readUInt8(at) === COMMENT) return textOf(data.subarray(at + 2, end));
    at = end;
  }
  return undefined;
}
