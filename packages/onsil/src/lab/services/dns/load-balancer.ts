/** Names of load balancers: one that faces the Internet has public addresses for everybody. */
import { publicAddresses } from '../../../region/elastic-ip.ts';
import type { LoadBalancer, LoadBalancerZone } from '../../../region/load-balancer.ts';
import type { Region } from '../../../region/region.ts';
import { type TargetGroup, targetsOf } from '../../../region/target-group.ts';

/**
 * Addresses by name, in lower case. A Network Load Balancer also has a name for each zone.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html#dns-name
 */
export function loadBalancerNames(region: Region): ReadonlyMap<string, readonly string[]> {
  const publicIps = new Map(
    publicAddresses(region).map((each) => [each.networkInterfaceId, each.publicIp]),
  );
  const addressOf = (isPublic: boolean, { networkInterfaceId: id }: LoadBalancerZone) =>
    (isPublic ? publicIps.get(id) : region.networkInterfaces[id]?.privateIps[0]) ?? [];
  const names = new Map<string, readonly string[]>();
  for (const own of Object.values(region.classicLoadBalancers)) {
    const isPublic = own.scheme === 'internet-facing';
    names.set(
      own.dnsName.toLowerCase(),
      own.zones.flatMap((zone) => addressOf(isPublic, zone)),
    );
  }
  for (const own of Object.values(region.loadBalancers)) {
    const isPublic = own.scheme === 'internet-facing';
    const name = own.dnsName.toLowerCase();
    names.set(
      name,
      zonesInService(region, own).flatMap((zone) => addressOf(isPublic, zone)),
    );
    if (own.type !== 'network') continue;
    for (const zone of own.zones) {
      names.set(`${zone.zone}.${name}`, [addressOf(isPublic, zone)].flat());
    }
  }
  return names;
}

/** Without cross-zone load balancing, a zone without targets is not in a network one's name. */
function zonesInService(region: Region, own: LoadBalancer): LoadBalancer['zones'] {
  const crosses = own.attributes['load_balancing.cross_zone.enabled'] === 'true';
  if (own.type !== 'network' || crosses) return own.zones;
  const arns = new Set(
    Object.values(region.listeners)
      .filter(({ loadBalancerArn }) => loadBalancerArn === own.arn)
      .flatMap(({ defaultActions }) => defaultActions)
      .flatMap((each) => (each.kind === 'forward' ? each.targetGroups.map(({ arn }) => arn) : [])),
  );
  const groups = [...arns].flatMap((arn) => region.targetGroups[arn] ?? []);
  // Other kinds of targets need not be in one zone.
  if (groups.some(({ targetType }) => targetType !== 'instance')) return own.zones;
  const used = new Set(groups.flatMap((group) => zonesOf(region, group)));
  const inService = own.zones.filter(({ zone }) => used.has(zone));
  return inService.length === 0 ? own.zones : inService;
}

function zonesOf(region: Region, group: TargetGroup): readonly string[] {
  return targetsOf(region, group).flatMap(({ id }) => {
    const subnet = region.subnets[region.instances[id]?.subnetId ?? ''];
    return subnet === undefined ? [] : [subnet.zone];
  });
}
