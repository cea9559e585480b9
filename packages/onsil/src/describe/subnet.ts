import * as z from 'zod/mini';
import type { Table } from '../region/region.ts';
import type { Subnet } from '../region/subnet.ts';
import type { NetworkAcls } from './network-acl.ts';
import type { Report } from './report.ts';
import type { RouteTables } from './route-table.ts';
import { cidr, cidr6, id, isIn, name, optionalList, read, state, tags } from './shape.ts';
import type { Sources } from './sources.ts';

const schema = z.object({
  SubnetId: id,
  VpcId: id,
  AvailabilityZone: z._default(name, ''),
  /** Absent in one for IPv6 only. */
  CidrBlock: z.optional(cidr),
  Ipv6CidrBlockAssociationSet: optionalList(
    z.object({ Ipv6CidrBlock: cidr6, Ipv6CidrBlockState: state }),
  ),
  MapPublicIpOnLaunch: z._default(z.boolean(), false),
  Tags: tags,
});

export function subnets(
  report: Report,
  sources: Sources,
  vpcs: Table<unknown>,
  routeTables: RouteTables,
  networkAcls: NetworkAcls,
): Table<Subnet> {
  return Object.fromEntries(
    read(report, schema, sources.of('Subnets')).flatMap(({ at, value }) => {
      const { SubnetId, VpcId, CidrBlock, Ipv6CidrBlockAssociationSet } = value;
      if (!(VpcId in vpcs)) report.missing(at, '.VpcId', VpcId, 'Vpcs');
      if (CidrBlock === undefined) {
        report.warn(at, '', `${SubnetId} is not modelled: it has no IPv4 block.`);
        return [];
      }
      const routeTableId =
        routeTables.bySubnet.get(SubnetId) ??
        routeTables.mainOf.get(VpcId) ??
        `the route table of ${SubnetId}`;
      if (!(routeTableId in routeTables.table)) {
        report.missing(at, '', routeTableId, 'RouteTables');
        const resource = `${routeTableId}, which no file has`;
        for (const destination of ['0.0.0.0/0', '::/0']) {
          report.open({ kind: 'route', routeTableId, destination, resource });
        }
      }
      const networkAclId = networkAcls.bySubnet.get(SubnetId) ?? `the network ACL of ${SubnetId}`;
      if (!(networkAclId in networkAcls.table)) {
        report.missing(at, '', networkAclId, 'NetworkAcls');
        const resource = `${networkAclId}, which no file has`;
        report.open({ kind: 'network-acl', networkAclId, resource });
      }
      const ipv6 = Ipv6CidrBlockAssociationSet.find((each) =>
        isIn(each.Ipv6CidrBlockState, 'associated'),
      );
      const subnet: Subnet = {
        ...{ id: SubnetId, vpcId: VpcId, zone: value.AvailabilityZone, cidr: CidrBlock },
        ...(ipv6 === undefined ? {} : { ipv6Cidr: ipv6.Ipv6CidrBlock }),
        ...{ mapPublicIpOnLaunch: value.MapPublicIpOnLaunch, routeTableId, networkAclId },
        tags: value.Tags,
      };
      return [[SubnetId, subnet] as const];
    }),
  );
}
