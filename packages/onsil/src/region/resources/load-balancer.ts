import type { LoadBalancer } from '../load-balancer.ts';
import { put, type Region } from '../region.ts';
import { associate } from './elastic-ip.ts';
import {
  canonicalHostedZone,
  checkZones,
  digitsOf,
  shortNameOf,
  subnetsOf,
  withZones,
  type ZoneWish,
} from './load-balancer-zones.ts';
import { groupIdsOf } from './network-interface.ts';
import type { Properties } from './properties.ts';
import { arnOf, nameOf, type ResourceContext, type ResourceType } from './resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-elasticloadbalancingv2-loadbalancer.html */
export const loadBalancer: ResourceType = {
  type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
  properties: {
    real: [
      'LoadBalancerAttributes',
      'Name',
      'Scheme',
      'SecurityGroups',
      'SubnetMappings',
      'Subnets',
      'Tags',
      'Type',
    ],
    recorded: ['EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic', 'IpAddressType'],
  },
  create(region, properties, context) {
    const type = properties.oneOf('Type', ['application', 'network', 'gateway']) ?? 'application';
    if (type === 'gateway') {
      const message = 'A Gateway Load Balancer is not modelled: it is recorded by name only.';
      properties.warn('Type', message);
      const id = nameOf(context, 32);
      return { region, physicalId: id, attributes: { LoadBalancerArn: id }, status: 'recorded' };
    }
    const isNetwork = type === 'network';
    const scheme = properties.oneOf('Scheme', ['internet-facing', 'internal']) ?? 'internet-facing';
    const isPublic = scheme === 'internet-facing';
    const name = nameFor(region, properties, context);
    const attributes = Object.fromEntries(
      properties
        .groups('LoadBalancerAttributes')
        .map((each) => [each.requiredText('Key'), each.text('Value') ?? '']),
    );
    const tags = properties.tags();
    const wishes = wishesOf(region, properties);
    const subnets = wishes.map(({ subnet }) => subnet);
    const place = properties.has('SubnetMappings') ? 'SubnetMappings' : 'Subnets';
    checkZones(region, properties, place, subnets, { least: isNetwork ? 1 : 2, isPublic });
    const vpcId = subnets[0]?.vpcId ?? '';
    const securityGroupIds =
      isNetwork && !properties.has('SecurityGroups')
        ? []
        : groupIdsOf(region, properties, vpcId, ['SecurityGroups']);
    properties.check();

    const digits = digitsOf(context, name);
    const kind = isNetwork ? 'net' : 'app';
    const fullName = `${kind}/${name}/${digits}`;
    const arn = arnOf(context, 'elasticloadbalancing', `loadbalancer/${fullName}`);
    const made = withZones(
      region,
      properties,
      wishes,
      {
        name: properties.has('Name') ? name : context.logicalId,
        description: `ELB ${fullName}`,
        ...{ securityGroupIds, isPublic, of: { table: 'loadBalancers', key: arn } },
      },
      context,
    );
    const loadBalancer: LoadBalancer = {
      ...{ arn, name, logicalId: context.logicalId, type, scheme, vpcId, zones: made.zones },
      securityGroupIds,
      dnsName: dnsNameOf(name, region.name, { isNetwork, isPublic, digits }),
      canonicalHostedZoneId: canonicalHostedZone(region.name, isNetwork),
      ...{ attributes, tags },
    };
    const withAddresses = withElasticIps(made.region, properties, loadBalancer, context);
    properties.check();
    return {
      region: put(withAddresses, 'loadBalancers', arn, loadBalancer),
      physicalId: arn,
      attributes: {
        LoadBalancerArn: arn,
        LoadBalancerFullName: fullName,
        LoadBalancerName: name,
        DNSName: loadBalancer.dnsName,
        CanonicalHostedZoneID: loadBalancer.canonicalHostedZoneId,
        SecurityGroups: securityGroupIds,
      },
    };
  },
};

function nameFor(region: Region, properties: Properties, context: ResourceContext): string {
  const name = properties.text('Name') ?? shortNameOf(context);
  if (!/^(?!internal-)(?!-)[A-Za-z0-9-]{1,32}(?<!-)$/.test(name)) {
    const hint = 'Use at most 32 letters, digits and hyphens, no hyphen at the ends.';
    properties.report('Name', `"${name}" is not a name of a load balancer.`, hint);
  }
  if (Object.values(region.loadBalancers).some((each) => each.name === name)) {
    properties.report('Name', `There is already a load balancer "${name}".`);
  }
  return name;
}

function wishesOf(region: Region, properties: Properties): readonly ZoneWish[] {
  const mappings = properties.groups('SubnetMappings');
  if (mappings.length === 0) {
    return subnetsOf(region, properties, 'Subnets').map((subnet) => ({ subnet }));
  }
  return mappings.map((mapping) => {
    const subnet = mapping.reference('SubnetId', region.subnets, 'subnet');
    const privateIp = mapping.text('PrivateIPv4Address');
    return {
      subnet,
      hasElasticIp: mapping.has('AllocationId'),
      ...(privateIp === undefined ? {} : { privateIp }),
    };
  });
}

/** Of a Network Load Balancer with fixed public addresses. */
function withElasticIps(
  region: Region,
  properties: Properties,
  { zones }: LoadBalancer,
  context: ResourceContext,
): Region {
  return properties.groups('SubnetMappings').reduce((next, mapping, index) => {
    const own = next.networkInterfaces[zones[index]?.networkInterfaceId ?? ''];
    if (!mapping.has('AllocationId') || own === undefined) return next;
    const address = mapping.reference('AllocationId', next.elasticIps, 'Elastic IP');
    return associate(next, mapping, address, own, context);
  }, region);
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html */
function dnsNameOf(
  name: string,
  regionName: string,
  of: { readonly isNetwork: boolean; readonly isPublic: boolean; readonly digits: string },
): string {
  if (of.isNetwork) return `${name}-${of.digits}.elb.${regionName}.amazonaws.com`;
  const number = BigInt(`0x${of.digits}`).toString().slice(0, 10);
  const prefix = of.isPublic ? '' : 'internal-';
  return `${prefix}${name}-${number}.${regionName}.elb.amazonaws.com`.toLowerCase();
}
