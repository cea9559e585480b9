/**
 * The names of all that decides about a packet in a router, as values and as text. The text is the
 * comment of the decider's counter and the prefix of its log messages.
 */
import { FabricError } from './names.ts';

export type Direction = 'egress' | 'ingress';

export type Decider =
  /** The rule that allows a connection. Absent: no rule of the interface's groups did. */
  | {
      readonly kind: 'security-group';
      readonly direction: Direction;
      readonly rule?: { readonly groupId: string; readonly ruleId: string };
    }
  | {
      readonly kind: 'network-acl';
      readonly direction: Direction;
      readonly networkAclId: string;
      /** LAST_ENTRY for the final one, which denies what no other entry matches. */
      readonly entry: number;
    }
  /** `local` stands for all local routes of a table; absent: no route took the packet. */
  | { readonly kind: 'route-table'; readonly routeTableId: string; readonly destination?: string }
  /** Which address of the packet the gateway refuses, on its way out of the VPC or in. */
  | {
      readonly kind: 'internet-gateway';
      readonly direction: Direction;
      readonly address: 'source' | 'destination';
    }
  | { readonly kind: 'source-check' }
  | { readonly kind: 'destination-check' }
  /** No running interface has the destination address. */
  | { readonly kind: 'address' }
  /** What is asked of a link-local address that offers no such service. */
  | { readonly kind: 'link-local' }
  /** Neither opens a connection nor belongs to one. */
  | { readonly kind: 'connection-tracking' };

/** The number that AWS gives to the `*` entry. */
export const LAST_ENTRY = 32767;

/** Of comments and log prefixes: NFTNL_UDATA_COMMENT_MAXLEN and NF_LOG_PREFIXLEN. */
const MOST_BYTES = 127;

/** Throws FabricError where ids are so long that the kernel would cut the text. */
export function labelOf(decider: Decider): string {
  const label = wordsOf(decider).join(' ');
  if (Buffer.byteLength(label) <= MOST_BYTES && !label.includes('"')) return label;
  throw new FabricError(
    `${JSON.stringify(label)} cannot be the name of a counter: at most ${MOST_BYTES} bytes ` +
      'without quotes are possible. Shorten the ids in it.',
  );
}

function wordsOf(decider: Decider): readonly string[] {
  switch (decider.kind) {
    case 'security-group': {
      const { rule } = decider;
      const words = rule === undefined ? [NONE] : [rule.groupId, rule.ruleId];
      return [decider.kind, decider.direction, ...words];
    }
    case 'network-acl': {
      const entry = decider.entry === LAST_ENTRY ? '*' : String(decider.entry);
      return [decider.kind, decider.direction, decider.networkAclId, entry];
    }
    case 'route-table':
      return [decider.kind, decider.routeTableId, decider.destination ?? NONE];
    case 'internet-gateway':
      return [decider.kind, decider.direction, decider.address];
    default:
      return [decider.kind];
  }
}

const NONE = 'none';

/** The decider of a label; nothing for any other text. Only a label's last word may hold blanks. */
export function parseLabel(label: string): Decider | undefined {
  const [, kind, rest = ''] = /^(\S+)(?: (.*))?$/.exec(label) ?? [];
  switch (kind) {
    case 'security-group': {
      const [, direction, groupId = '', ruleId] = /^(\S+) (\S+)(?: (.+))?$/.exec(rest) ?? [];
      if (!isDirection(direction)) return undefined;
      if (ruleId !== undefined) return { kind, direction, rule: { groupId, ruleId } };
      return groupId === NONE ? { kind, direction } : undefined;
    }
    case 'network-acl': {
      const [, direction, networkAclId = '', entry] = /^(\S+) (\S+) (\d+|\*)$/.exec(rest) ?? [];
      if (!isDirection(direction)) return undefined;
      return { kind, direction, networkAclId, entry: entry === '*' ? LAST_ENTRY : Number(entry) };
    }
    case 'route-table': {
      const [, routeTableId, destination] = /^(\S+) (\S+)$/.exec(rest) ?? [];
      if (routeTableId === undefined || destination === undefined) return undefined;
      return { kind, routeTableId, ...(destination === NONE ? {} : { destination }) };
    }
    case 'internet-gateway': {
      const [, direction, address] = /^(\S+) (source|destination)$/.exec(rest) ?? [];
      if (!isDirection(direction)) return undefined;
      return { kind, direction, address: address === 'source' ? address : 'destination' };
    }
    case 'source-check':
    case 'destination-check':
    case 'address':
    case 'link-local':
    case 'connection-tracking':
      return rest === '' ? { kind } : undefined;
    default:
      return undefined;
  }
}

function isDirection(word: string | undefined): word is Direction {
  return word === 'egress' || word === 'ingress';
}

/** The name of a label's counter: nftables allows letters, digits and `/ . - _` there. */
export function counterName(label: string): string {
  return label
    .replaceAll(' ', '/')
    .replaceAll(/[^\w/.-]|_/g, (other) => `_${other.codePointAt(0)?.toString(16)}`);
}
