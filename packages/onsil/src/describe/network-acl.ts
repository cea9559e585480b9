import * as z from 'zod/mini';
import type { NetworkAcl, NetworkAclEntry } from '../region/network-acl.ts';
import type { Table } from '../region/region.ts';
import { hasPorts, isIcmp, port, protocol } from './protocol.ts';
import type { Report } from './report.ts';
import { cidr, cidr6, id, optionalList, type Read, read, tags } from './shape.ts';
import type { Sources } from './sources.ts';

const entrySchema = z.object({
  RuleNumber: z.number(),
  Egress: z.boolean(),
  RuleAction: z.enum(['allow', 'deny']),
  Protocol: protocol,
  CidrBlock: z.optional(cidr),
  Ipv6CidrBlock: z.optional(cidr6),
  PortRange: z.optional(z.object({ From: port, To: port })),
  IcmpTypeCode: z.optional(z.object({ Type: port, Code: port })),
});
const schema = z.object({
  NetworkAclId: id,
  VpcId: id,
  IsDefault: z._default(z.boolean(), false),
  Associations: optionalList(z.object({ SubnetId: id })),
  Entries: optionalList(entrySchema),
  Tags: tags,
});

/** The last number that a user can give; beyond are AWS's own: 32767 and, of IPv6, 32768. */
const LAST_OWN = 32_766;

export interface NetworkAcls {
  readonly table: Table<NetworkAcl>;
  /** Ids, by subnet: AWS lists every subnet, those of default ACLs too. */
  readonly bySubnet: ReadonlyMap<string, string>;
}

export function networkAcls(report: Report, sources: Sources): NetworkAcls {
  const all = read(report, schema, sources.of('NetworkAcls'));
  return {
    table: Object.fromEntries(all.map((acl) => [acl.value.NetworkAclId, aclOf(report, acl)])),
    bySubnet: new Map(
      all.flatMap(({ value }) =>
        value.Associations.map(({ SubnetId }) => [SubnetId, value.NetworkAclId] as const),
      ),
    ),
  };
}

function aclOf(report: Report, acl: Read<z.output<typeof schema>>): NetworkAcl {
  const { NetworkAclId, VpcId, IsDefault, Entries, Tags } = acl.value;
  const entries = Entries.flatMap((entry, index) => {
    if (entry.RuleNumber > LAST_OWN) return [];
    const made = entryOf(entry);
    // Nothing is passed over: without a deny, what it denies would be allowed.
    if (made === undefined) {
      const message = 'The entry has no block, or no ports where its protocol has some.';
      report.error(acl.at, `.Entries[${index}]`, message, 'Collect the file again.');
    }
    return made ?? [];
  });
  return {
    id: NetworkAclId,
    vpcId: VpcId,
    isDefault: IsDefault,
    entries: entries.toSorted((a, b) => Number(a.egress) - Number(b.egress) || a.number - b.number),
    tags: Tags,
  };
}

function entryOf(entry: z.output<typeof entrySchema>): NetworkAclEntry | undefined {
  const { RuleNumber, Egress, RuleAction, Protocol, PortRange, IcmpTypeCode } = entry;
  const block = entry.CidrBlock ?? entry.Ipv6CidrBlock;
  if (block === undefined || (hasPorts(Protocol) && PortRange === undefined)) return undefined;
  const common = {
    ...{ number: RuleNumber, egress: Egress, action: RuleAction },
    ...{ protocol: Protocol, cidr: block },
  };
  if (hasPorts(Protocol) && PortRange !== undefined) {
    return { ...common, fromPort: PortRange.From, toPort: PortRange.To };
  }
  if (!isIcmp(Protocol) || IcmpTypeCode === undefined || IcmpTypeCode.Type === -1) return common;
  return { ...common, fromPort: IcmpTypeCode.Type, toPort: IcmpTypeCode.Code };
}
