import * as z from 'zod/mini';
import type { Table } from '../region/region.ts';
import type { SecurityGroup } from '../region/security-group.ts';
import type { Vpc } from '../region/vpc.ts';
import type { NetworkAcls } from './network-acl.ts';
import type { Report } from './report.ts';
import type { RouteTables } from './route-table.ts';
import { cidr, cidr6, id, isIn, optionalList, read, state, tags } from './shape.ts';
import type { Sources } from './sources.ts';

const schema = z.object({
  VpcId: id,
  OwnerId: z.optional(id),
  CidrBlock: cidr,
  CidrBlockAssociationSet: optionalList(z.object({ CidrBlock: cidr, CidrBlockState: state })),
  Ipv6CidrBlockAssociationSet: optionalList(
    z.object({ Ipv6CidrBlock: cidr6, Ipv6CidrBlockState: state }),
  ),
  /** https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html */
  BlockPublicAccessStates: z.optional(
    z.object({ InternetGatewayBlockMode: z._default(z.string(), 'off') }),
  ),
  Tags: tags,
});

const attribute = z.optional(z.object({ Value: z.boolean() }));
const attributes = z.object({
  VpcId: id,
  EnableDnsSupport: attribute,
  EnableDnsHostnames: attribute,
});

export interface Vpcs {
  readonly table: Table<Vpc>;
  readonly account: string | undefined;
}

export function vpcs(
  report: Report,
  sources: Sources,
  routeTables: RouteTables,
  networkAcls: NetworkAcls,
  securityGroups: Table<SecurityGroup>,
): Vpcs {
  const all = read(report, schema, sources.of('Vpcs'));
  const dns = new Map(
    read(report, attributes, sources.vpcAttributes).map(({ value }) => [value.VpcId, value]),
  );
  const table = all.map(({ at, value }) => {
    const { VpcId, CidrBlock, CidrBlockAssociationSet, Ipv6CidrBlockAssociationSet } = value;
    const mode = value.BlockPublicAccessStates?.InternetGatewayBlockMode ?? 'off';
    if (mode !== 'off') {
      const resource = `VPC Block Public Access (${mode}) of ${VpcId}`;
      report.warn(at, '.BlockPublicAccessStates', `${resource} is not modelled.`);
      report.open({ kind: 'internet-gateway', vpcId: VpcId, resource });
    }
    const more = CidrBlockAssociationSet.filter((each) => isIn(each.CidrBlockState, 'associated'));
    const ipv6 = Ipv6CidrBlockAssociationSet.filter((each) =>
      isIn(each.Ipv6CidrBlockState, 'associated'),
    );
    const ofVpc = <T extends { readonly id: string; readonly vpcId: string }>(
      things: Table<T>,
      isDefault: (thing: T) => boolean,
    ): string =>
      Object.values(things).find((each) => each.vpcId === VpcId && isDefault(each))?.id ?? '';
    const vpc: Vpc = {
      id: VpcId,
      cidrs: [...new Set([CidrBlock, ...more.map((each) => each.CidrBlock).toSorted()])],
      ipv6Cidrs: ipv6.map((each) => each.Ipv6CidrBlock).toSorted(),
      // On unless somebody switched it off; describe-vpcs does not tell.
      dnsSupport: dns.get(VpcId)?.EnableDnsSupport?.Value ?? true,
      dnsHostnames: dns.get(VpcId)?.EnableDnsHostnames?.Value ?? false,
      mainRouteTableId: routeTables.mainOf.get(VpcId) ?? '',
      defaultSecurityGroupId: ofVpc(securityGroups, ({ name }) => name === 'default'),
      defaultNetworkAclId: ofVpc(networkAcls.table, ({ isDefault }) => isDefault),
      tags: value.Tags,
    };
    return [VpcId, vpc] as const;
  });
  return {
    table: Object.fromEntries(table),
    account: all.find(({ value }) => value.OwnerId !== undefined)?.value.OwnerId,
  };
}
