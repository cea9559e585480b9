/** Where a route leads to: a block or a prefix list, and whether its table may have it. */
import { contains } from '../ipv4.ts';
import { contains6 } from '../ipv6.ts';
import { list } from '../problem.ts';
import type { Region } from '../region.ts';
import type { RouteTable } from '../route-table.ts';
import { ipv4BlockOf, ipv6BlockOf } from './block.ts';
import { prefixListIdOf } from './named-prefix-list.ts';
import type { Properties } from './properties.ts';
import { MIDDLEBOXES, type TargetName } from './route-target.ts';

export interface Destination {
  readonly kind: 'ipv4' | 'ipv6' | 'prefix-list';
  /** As in Route.destination. */
  readonly text: string;
}

const KINDS = {
  DestinationCidrBlock: 'ipv4',
  DestinationIpv6CidrBlock: 'ipv6',
  DestinationPrefixListId: 'prefix-list',
} as const;
export const DESTINATIONS = [
  'DestinationCidrBlock',
  'DestinationIpv6CidrBlock',
  'DestinationPrefixListId',
] as const;

/** https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html: not as narrow as these. */
const KEPT_BY_AWS = { ipv4: '169.254.168.0/22', ipv6: 'fd00:ec2::/32' } as const;

/** Fails where the table cannot have the route. */
export function destinationOf(
  region: Region,
  properties: Properties,
  table: RouteTable,
  targetName: TargetName,
): Destination {
  const given = DESTINATIONS.filter((each) => properties.has(each));
  const [name] = given;
  if (name === undefined || given.length > 1) {
    return properties.fail(
      '',
      `A route needs exactly one destination; this one has ${list(given)}.`,
      `Give one of ${list(DESTINATIONS)}.`,
    );
  }
  const kind = KINDS[name];
  const text = textOf(region, properties, name);
  properties.check();
  const same = table.routes.find(({ destination }) => destination === text);
  if (same?.target.kind === 'local') {
    properties.fail(name, `${text} equals the local route of the VPC.`);
  }
  if (same !== undefined) properties.fail(name, `${table.id} already has a route to ${text}.`);
  if (kind !== 'prefix-list') {
    const isInside = kind === 'ipv4' ? contains : contains6;
    if (isInside(KEPT_BY_AWS[kind], text)) {
      properties.fail(
        name,
        `${text} is in ${KEPT_BY_AWS[kind]}, which AWS keeps for its services.`,
      );
    }
    checkInsideVpc(region, properties, table, targetName, { name, kind, text });
  }
  return { kind, text };
}

function textOf(
  region: Region,
  properties: Properties,
  name: (typeof DESTINATIONS)[number],
): string {
  switch (name) {
    case 'DestinationCidrBlock':
      return ipv4BlockOf(properties, name);
    case 'DestinationIpv6CidrBlock':
      return ipv6BlockOf(properties, name);
    case 'DestinationPrefixListId':
      return prefixListIdOf(region, properties, name);
  }
}

/**
 * A route inside the VPC sends the traffic to a whole subnet through a middlebox, and nothing else.
 * https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html
 */
function checkInsideVpc(
  region: Region,
  properties: Properties,
  table: RouteTable,
  targetName: TargetName,
  { name, kind, text }: { name: string; kind: 'ipv4' | 'ipv6'; text: string },
): void {
  const isInside = kind === 'ipv4' ? contains : contains6;
  const local = table.routes.find(
    ({ destination, target }) =>
      target.kind === 'local' &&
      destination.includes(':') === (kind === 'ipv6') &&
      isInside(destination, text),
  );
  if (local === undefined) return;
  const narrower = `${text} is more specific than the local route ${local.destination}`;
  const subnets = Object.values(region.subnets).filter(({ vpcId }) => vpcId === table.vpcId);
  const cidrs = subnets.flatMap(({ cidr, ipv6Cidr }) =>
    kind === 'ipv4' ? cidr : (ipv6Cidr ?? []),
  );
  if (!cidrs.includes(text)) {
    properties.fail(
      name,
      `${narrower}, and not the block of a whole subnet; those are ${list(cidrs)}.`,
    );
  }
  if (!MIDDLEBOXES.includes(targetName)) {
    properties.fail(
      name,
      `${narrower}; ${targetName} cannot be the target of such a route.`,
      `Give one of ${list(MIDDLEBOXES)}.`,
    );
  }
}
