import * as z from 'zod/mini';
import type { EgressOnlyInternetGateway } from '../region/egress-only-internet-gateway.ts';
import type { Table } from '../region/region.ts';
import { attachedTo } from './internet-gateway.ts';
import type { Report } from './report.ts';
import { id, optionalList, read, tags } from './shape.ts';
import type { Sources } from './sources.ts';

const schema = z.object({
  EgressOnlyInternetGatewayId: id,
  Attachments: optionalList(z.object({ VpcId: id, State: z.optional(z.string()) })),
  Tags: tags,
});

export function egressOnlyInternetGateways(
  report: Report,
  sources: Sources,
): Table<EgressOnlyInternetGateway> {
  return Object.fromEntries(
    read(report, schema, sources.of('EgressOnlyInternetGateways')).flatMap(({ value }) => {
      const vpcId = attachedTo(value.Attachments);
      const gatewayId = value.EgressOnlyInternetGatewayId;
      return vpcId === undefined
        ? []
        : [[gatewayId, { id: gatewayId, vpcId, tags: value.Tags }] as const];
    }),
  );
}
