import * as z from 'zod/mini';
import type { NatGateway } from '../region/nat-gateway.ts';
import type { Table } from '../region/region.ts';
import type { Report } from './report.ts';
import { id, optionalList, read, tags } from './shape.ts';
import type { Sources } from './sources.ts';

const schema = z.object({
  NatGatewayId: id,
  VpcId: id,
  SubnetId: z.optional(id),
  State: z._default(z.string(), 'available'),
  /** Absent in output from before private gateways. */
  ConnectivityType: z._default(z.enum(['public', 'private']), 'public'),
  NatGatewayAddresses: optionalList(
    z.object({
      NetworkInterfaceId: z.optional(id),
      IsPrimary: z.optional(z.boolean()),
    }),
  ),
  Tags: tags,
});

export interface NatGateways {
  readonly table: Table<NatGateway>;
  /** Pending, failed or deleted ones, which carry nothing. */
  readonly idle: ReadonlySet<string>;
}

export function natGateways(report: Report, sources: Sources): NatGateways {
  const idle = new Set<string>();
  const table = read(report, schema, sources.of('NatGateways')).flatMap(({ at, value }) => {
    const { NatGatewayId, VpcId, SubnetId, NatGatewayAddresses } = value;
    if (value.State !== 'available') {
      idle.add(NatGatewayId);
      return [];
    }
    const primary = NatGatewayAddresses.find(({ IsPrimary }) => IsPrimary !== false);
    const networkInterfaceId = primary?.NetworkInterfaceId;
    if (SubnetId === undefined || networkInterfaceId === undefined) {
      // A regional one has interfaces in every zone and is in no subnet.
      report.warn(at, '', `${NatGatewayId} is not modelled: it has no subnet or no interface.`);
      return [];
    }
    if (NatGatewayAddresses.length > 1) {
      report.warn(
        at,
        '.NatGatewayAddresses',
        `${NatGatewayId} is taken to send from its primary address; ${NatGatewayAddresses.length - 1} more are not modelled.`,
      );
    }
    const gateway: NatGateway = {
      ...{ id: NatGatewayId, vpcId: VpcId, subnetId: SubnetId, networkInterfaceId },
      ...{ connectivity: value.ConnectivityType, tags: value.Tags },
    };
    return [[gateway.id, gateway] as const];
  });
  return { table: Object.fromEntries(table), idle };
}
