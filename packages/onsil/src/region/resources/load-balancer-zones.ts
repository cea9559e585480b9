/** Where a load balancer of any generation stands: its subnets, its interfaces, its names. */
import { hashOf } from '../hash.ts';
import type { LoadBalancerZone } from '../load-balancer.ts';
import type { NetworkInterface } from '../network-interface.ts';
import { list } from '../problem.ts';
import type { Region } from '../region.ts';
import type { Subnet } from '../subnet.ts';
import { defaultSubnets } from './default-vpc.ts';
import type { Properties } from './properties.ts';
import { codeOf, idOf, type ResourceContext } from './resource-type.ts';
import { withServiceInterface } from './service-interface.ts';

/** What a template gives for one zone. */
export interface ZoneWish {
  readonly subnet: Subnet;
  readonly privateIp?: string;
  /** An Elastic IP takes the place of the automatic address. */
  readonly hasElasticIp?: boolean;
}

/** The subnets of a list of ids; those of the default VPC where the template names none. */
export function subnetsOf(region: Region, properties: Properties, name: string): readonly Subnet[] {
  if (properties.has(name)) return properties.references(name, region.subnets, 'subnet');
  const found = defaultSubnets(region);
  if (found.length === 0) {
    const message = 'It would go to the default VPC, and this region has none.';
    properties.fail(name, message, 'Give the ids of subnets.');
  }
  return found;
}

/** One VPC, one subnet in each zone, and a way to the Internet where it faces it. */
export function checkZones(
  region: Region,
  properties: Properties,
  name: string,
  subnets: readonly Subnet[],
  { least, isPublic }: { readonly least: number; readonly isPublic: boolean },
): void {
  const vpcIds = [...new Set(subnets.map(({ vpcId }) => vpcId))];
  if (vpcIds.length > 1)
    properties.report(name, `The subnets are in several VPCs: ${list(vpcIds)}.`);
  const zones = subnets.map(({ zone }) => zone);
  const twice = zones.find((zone, index) => zones.indexOf(zone) !== index);
  if (twice !== undefined) {
    const message = `Several of the subnets are in ${twice}; a load balancer has one in each zone.`;
    properties.report(name, message);
  } else if (subnets.length < least) {
    const message = `At least two subnets in two different Availability Zones must be specified; this is ${list(zones)}.`;
    properties.report(name, message);
  }
  const [vpcId] = vpcIds;
  const gateways = Object.values(region.internetGateways);
  if (isPublic && vpcId !== undefined && !gateways.some((each) => each.vpcId === vpcId)) {
    const message = `${vpcId} has no Internet gateway, which a load balancer that faces the Internet needs.`;
    const hint = 'Give it a DependsOn on the AWS::EC2::VPCGatewayAttachment, or Scheme: internal.';
    properties.report('Scheme', message, hint);
  }
  properties.check();
}

/** The region with an interface in each zone. */
export function withZones(
  region: Region,
  properties: Properties,
  wishes: readonly ZoneWish[],
  own: {
    readonly name: string;
    readonly description: string;
    readonly securityGroupIds: readonly string[];
    readonly isPublic: boolean;
    readonly of: NonNullable<NonNullable<NetworkInterface['managedBy']>['of']>;
  },
  context: ResourceContext,
): { readonly region: Region; readonly zones: readonly LoadBalancerZone[] } {
  let next = region;
  const zones = wishes.map(({ subnet, privateIp, hasElasticIp = false }) => {
    const id = idOf(context, 'eni', subnet.id);
    next = withServiceInterface(next, properties, {
      id,
      // As `describe` tells interfaces of one name apart.
      name: wishes.length === 1 ? own.name : `${own.name} (${subnet.zone})`,
      subnet,
      of: own.of,
      securityGroupIds: own.securityGroupIds,
      description: own.description,
      isPublic: own.isPublic && !hasElasticIp,
      ...(privateIp === undefined ? {} : { privateIp }),
    });
    return { zone: subnet.zone, subnetId: subnet.id, networkInterfaceId: id };
  });
  return { region: next, zones };
}

/** At most 32 letters, digits and hyphens, as AWS makes them of stack and logical id. */
export function shortNameOf(context: ResourceContext): string {
  const start = `${context.stackName.slice(0, 5)}-${context.logicalId.slice(0, 5)}`;
  return `${start}-${codeOf(context, 12)}`;
}

/** 16 hexadecimal digits that belong to a name of this resource alone. */
export function digitsOf(context: ResourceContext, name: string): string {
  return idOf(context, 'd', `digits ${name}`).slice('d-'.length, 'd-'.length + 16);
}

/** https://docs.aws.amazon.com/general/latest/gr/elb.html: those of application and classic ones, and of network ones. */
const HOSTED_ZONES: Readonly<Record<string, readonly [string, string]>> = {
  'ap-northeast-1': ['Z14GRHDCWA56QT', 'Z31USIVHYNEOWT'],
  'ap-northeast-2': ['ZWKZPGTI48KDX', 'ZIBE1TIR4HY56'],
  'eu-central-1': ['Z215JYRZR1TBD5', 'Z3F0SRJ5LGBH90'],
  'eu-west-1': ['Z32O12XQLNTSW2', 'Z2IFOLAFXWLO4F'],
  'us-east-1': ['Z35SXDOTRQ7X7K', 'Z26RNL4JYFTOTI'],
  'us-east-2': ['Z3AADJGX6KTTL2', 'ZLMOA37VPKANP'],
  'us-west-2': ['Z1H1FL5HABSF5', 'Z18D5FSROUN65G'],
};

/** What an alias record to the load balancer names; of regions not listed here it is made up. */
export function canonicalHostedZone(regionName: string, isNetwork: boolean): string {
  const known = HOSTED_ZONES[regionName]?.[isNetwork ? 1 : 0];
  const digits = hashOf('load balancer zone', regionName, String(isNetwork));
  return known ?? `Z${digits.slice(0, 13).toUpperCase()}`;
}
