/** What goes to the default VPC where a template names no VPC, subnet or group. */
import type { Region } from '../region.ts';
import type { Subnet } from '../subnet.ts';
import type { Vpc } from '../vpc.ts';
import type { Properties } from './properties.ts';

export function defaultVpc(region: Region): Vpc | undefined {
  return Object.values(region.vpcs).find(({ isDefault }) => isDefault === true);
}

/** One for each zone, in the order of the zones. */
export function defaultSubnets(region: Region): readonly Subnet[] {
  return Object.values(region.subnets).filter(({ isDefault }) => isDefault === true);
}

/**
 * The VPC of a property, the default one where it is left out. Fails in a region without one.
 * @param noun what would go there
 */
export function vpcOrDefault(region: Region, properties: Properties, noun: string): Vpc {
  if (properties.has('VpcId')) return properties.reference('VpcId', region.vpcs, 'VPC');
  const found = defaultVpc(region);
  if (found !== undefined) return found;
  const message = `The ${noun} would go to the default VPC, and this region has none.`;
  return properties.fail('VpcId', message, 'Give the VpcId of a VPC.');
}

/**
 * The subnet of a property; where it is left out, the default one of the zone that the
 * properties name, or of the first zone. Fails in a region without one.
 */
export function subnetOrDefault(region: Region, properties: Properties, noun: string): Subnet {
  if (properties.has('SubnetId')) return properties.reference('SubnetId', region.subnets, 'subnet');
  const zone = properties.text('AvailabilityZone');
  const all = defaultSubnets(region);
  const found = all.find((each) => each.zone === (zone ?? all[0]?.zone));
  if (found !== undefined) return found;
  const message =
    all.length === 0
      ? `The ${noun} would go to the default VPC, and this region has none.`
      : `The default VPC has no subnet in "${zone}".`;
  return properties.fail('SubnetId', message, 'Give the SubnetId of a subnet.');
}
