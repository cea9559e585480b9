import * as z from 'zod/mini';
import type { InternetGateway } from '../region/internet-gateway.ts';
import type { Table } from '../region/region.ts';
import type { Report } from './report.ts';
import { id, optionalList, read, tags } from './shape.ts';
import type { Sources } from './sources.ts';

const schema = z.object({
  InternetGatewayId: id,
  Attachments: optionalList(z.object({ VpcId: id, State: z.optional(z.string()) })),
  Tags: tags,
});

export function internetGateways(report: Report, sources: Sources): Table<InternetGateway> {
  return Object.fromEntries(
    read(report, schema, sources.of('InternetGateways')).map(({ value }) => {
      const vpcId = attachedTo(value.Attachments);
      const attached = vpcId === undefined ? {} : { vpcId };
      const gateway = { id: value.InternetGatewayId, ...attached, tags: value.Tags };
      return [gateway.id, gateway];
    }),
  );
}

/** An Internet gateway says `available` where others say `attached`. */
export function attachedTo(
  attachments: readonly { readonly VpcId: string; readonly State?: string | undefined }[],
): string | undefined {
  const live = attachments.find(({ State }) =>
    ['available', 'attached', undefined].includes(State),
  );
  return live?.VpcId;
}
