import type { ClassicListener, ClassicLoadBalancer } from '../load-balancer.ts';
import { put, type Region } from '../region.ts';
import type { Subnet } from '../subnet.ts';
import { defaultSubnets } from './default-vpc.ts';
import {
  canonicalHostedZone,
  checkZones,
  digitsOf,
  shortNameOf,
  subnetsOf,
  withZones,
} from './load-balancer-zones.ts';
import { groupIdsOf } from './network-interface.ts';
import type { Properties } from './properties.ts';
import type { ResourceType } from './resource-type.ts';

const PROTOCOLS = ['HTTP', 'HTTPS', 'TCP', 'SSL'] as const;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-elasticloadbalancing-loadbalancer.html */
export const classicLoadBalancer: ResourceType = {
  type: 'AWS::ElasticLoadBalancing::LoadBalancer',
  properties: {
    real: [
      'AvailabilityZones',
      'ConnectionDrainingPolicy',
      'ConnectionSettings',
      'CrossZone',
      'HealthCheck',
      'Instances',
      'Listeners',
      'LoadBalancerName',
      'Scheme',
      'SecurityGroups',
      'Subnets',
      'Tags',
    ],
    recorded: ['AccessLoggingPolicy'],
  },
  create(region, properties, context) {
    const name = properties.text('LoadBalancerName') ?? shortNameOf(context);
    const scheme = properties.oneOf('Scheme', ['internet-facing', 'internal']) ?? 'internet-facing';
    const isPublic = scheme === 'internet-facing';
    const subnets = placesOf(region, properties);
    checkZones(region, properties, 'Subnets', subnets, { least: 1, isPublic });
    const vpcId = subnets[0]?.vpcId ?? '';
    const securityGroupIds = groupIdsOf(region, properties, vpcId, ['SecurityGroups']);
    const listeners = properties.groups('Listeners').map(listenerOf);
    if (listeners.length === 0) properties.report('Listeners', 'This property is required.');
    const healthCheck = healthCheckOf(properties.group('HealthCheck'), listeners);
    const instances = properties.references('Instances', region.instances, 'instance');
    const draining = properties.group('ConnectionDrainingPolicy');
    const drainingTimeout =
      draining?.boolean('Enabled') === true ? (draining.number('Timeout') ?? 300) : 0;
    const idleTimeout = properties.group('ConnectionSettings')?.number('IdleTimeout') ?? 60;
    const crossZone = properties.boolean('CrossZone') ?? false;
    const tags = properties.tags();
    if (region.classicLoadBalancers[name] !== undefined) {
      properties.report('LoadBalancerName', `There is already a load balancer "${name}".`);
    }
    properties.check();
    const made = withZones(
      region,
      properties,
      subnets.map((subnet) => ({ subnet })),
      {
        name: properties.has('LoadBalancerName') ? name : context.logicalId,
        description: `ELB ${name}`,
        ...{ securityGroupIds, isPublic, of: { table: 'classicLoadBalancers', key: name } },
      },
      context,
    );
    const number = BigInt(`0x${digitsOf(context, name)}`)
      .toString()
      .slice(0, 10);
    const prefix = isPublic ? '' : 'internal-';
    const dnsName = `${prefix}${name}-${number}.${region.name}.elb.amazonaws.com`;
    const balancer: ClassicLoadBalancer = {
      ...{ name, logicalId: context.logicalId, scheme, vpcId, zones: made.zones },
      ...{ securityGroupIds, dnsName, listeners, healthCheck, tags },
      ...{ crossZone, idleTimeout, drainingTimeout },
      canonicalHostedZoneId: canonicalHostedZone(region.name, false),
      instanceIds: instances.map(({ id }) => id),
    };
    const [groupId] = securityGroupIds;
    return {
      region: put(made.region, 'classicLoadBalancers', name, balancer),
      physicalId: name,
      attributes: {
        DNSName: dnsName,
        CanonicalHostedZoneName: dnsName,
        CanonicalHostedZoneNameID: balancer.canonicalHostedZoneId,
        'SourceSecurityGroup.GroupName': region.securityGroups[groupId ?? '']?.name ?? '',
        'SourceSecurityGroup.OwnerAlias': context.account,
      },
    };
  },
};

/** Zones alone mean the default VPC. */
function placesOf(region: Region, properties: Properties): readonly Subnet[] {
  const zones = properties.texts('AvailabilityZones');
  if (properties.has('Subnets') || zones.length === 0) {
    return subnetsOf(region, properties, 'Subnets');
  }
  const all = defaultSubnets(region);
  return zones.flatMap((zone, index) => {
    const found = all.find((each) => each.zone === zone);
    if (found !== undefined) return [found];
    const message = `The default VPC has no subnet in "${zone}".`;
    properties.report(`AvailabilityZones[${index}]`, message, 'Give Subnets.');
    return [];
  });
}

function listenerOf(listener: Properties): ClassicListener {
  const upper = (name: string) => listener.text(name)?.toUpperCase();
  const protocolAt = (name: string): ClassicListener['protocol'] | undefined => {
    const text = upper(name);
    const found = PROTOCOLS.find((each) => each === text);
    if (text !== undefined && found === undefined) {
      listener.report(name, `"${text}" is none of ${PROTOCOLS.join(', ')}.`);
    }
    return found;
  };
  const protocol = protocolAt('Protocol');
  if (!listener.has('Protocol')) listener.report('Protocol', 'This property is required.');
  const certificateArn = listener.text('SSLCertificateId');
  listener.ignore('PolicyNames');
  // https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_Listener.html
  const plain = protocol === 'HTTP' || protocol === 'HTTPS' ? 'HTTP' : 'TCP';
  return {
    protocol: protocol ?? 'TCP',
    loadBalancerPort: listener.requiredNumber('LoadBalancerPort', 1, 65_535),
    instanceProtocol: protocolAt('InstanceProtocol') ?? plain,
    instancePort: listener.requiredNumber('InstancePort', 1, 65_535),
    ...(certificateArn === undefined ? {} : { certificateArn }),
  };
}

/** Without one: a connection to the first listener's instance port. */
function healthCheckOf(
  check: Properties | undefined,
  [first]: readonly ClassicListener[],
): ClassicLoadBalancer['healthCheck'] {
  const target = check?.requiredText('Target') ?? `TCP:${first?.instancePort ?? 80}`;
  if (!/^((TCP|SSL):[0-9]+|HTTPS?:[0-9]+\/.*)$/i.test(target)) {
    check?.report('Target', `"${target}" is not a health check.`, 'Write HTTP:80/path or TCP:22.');
  }
  return {
    target,
    interval: check?.number('Interval') ?? 30,
    timeout: check?.number('Timeout') ?? 5,
    healthyThreshold: check?.number('HealthyThreshold') ?? 10,
    unhealthyThreshold: check?.number('UnhealthyThreshold') ?? 2,
  };
}
