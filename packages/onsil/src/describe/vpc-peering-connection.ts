import * as z from 'zod/mini';
import { isMap } from '../region/json.ts';
import type { Table } from '../region/region.ts';
import type { VpcPeeringConnection } from '../region/vpc-peering-connection.ts';
import type { Report } from './report.ts';
import { id, read, tags } from './shape.ts';
import type { Sources } from './sources.ts';

const end = z.object({ VpcId: id });
const schema = z.object({
  VpcPeeringConnectionId: id,
  RequesterVpcInfo: end,
  AccepterVpcInfo: end,
  Status: z.object({ Code: z.string() }),
  Tags: tags,
});

/** Also those that ended: AWS tells of them for a while. */
export function vpcPeeringConnections(
  report: Report,
  sources: Sources,
): Table<VpcPeeringConnection> {
  const vpcIds = new Set(
    sources.of('Vpcs').map(({ value }) => (isMap(value) ? value['VpcId'] : undefined)),
  );
  return Object.fromEntries(
    read(report, schema, sources.of('VpcPeeringConnections')).map(({ at, value }) => {
      const connection = {
        id: value.VpcPeeringConnectionId,
        requesterVpcId: value.RequesterVpcInfo.VpcId,
        accepterVpcId: value.AccepterVpcInfo.VpcId,
        active: value.Status.Code === 'active',
        tags: value.Tags,
      };
      const { id: own, requesterVpcId, accepterVpcId, active } = connection;
      for (const vpcId of [requesterVpcId, accepterVpcId]) {
        if (!active || vpcIds.has(vpcId)) continue;
        const message = `${own} leads to ${vpcId}, of another account or region: what is there stays open.`;
        report.warn(at, '', message);
      }
      return [own, connection];
    }),
  );
}
