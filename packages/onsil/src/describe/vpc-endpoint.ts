import * as z from 'zod/mini';
import type { Table } from '../region/region.ts';
import type { VpcEndpoint } from '../region/vpc-endpoint.ts';
import type { Report } from './report.ts';
import { id, name, optionalList, read, tags } from './shape.ts';
import type { Sources } from './sources.ts';

const schema = z.object({
  VpcEndpointId: id,
  VpcEndpointType: z._default(z.string(), 'Gateway'),
  VpcId: id,
  ServiceName: z._default(name, ''),
  State: z._default(z.string(), 'available'),
  RouteTableIds: optionalList(id),
  NetworkInterfaceIds: optionalList(id),
  Tags: tags,
});

const TYPES = new Map<string, VpcEndpoint['type']>([
  ['Gateway', 'gateway'],
  ['Interface', 'interface'],
]);

/** Available ones; of other types (of Gateway Load Balancers, of resources) the problem is named. */
export function vpcEndpoints(report: Report, sources: Sources): Table<VpcEndpoint> {
  return Object.fromEntries(
    read(report, schema, sources.of('VpcEndpoints')).flatMap(({ at, value }) => {
      const type = TYPES.get(value.VpcEndpointType);
      if (type === undefined) {
        const kind = JSON.stringify(value.VpcEndpointType);
        report.warn(at, '.VpcEndpointType', `Endpoints of type ${kind} are not modelled.`);
      }
      if (type === undefined || value.State.toLowerCase() !== 'available') return [];
      const endpoint: VpcEndpoint = {
        ...{ id: value.VpcEndpointId, vpcId: value.VpcId, serviceName: value.ServiceName, type },
        ...{ routeTableIds: value.RouteTableIds, networkInterfaceIds: value.NetworkInterfaceIds },
        tags: value.Tags,
      };
      return [[endpoint.id, endpoint] as const];
    }),
  );
}
