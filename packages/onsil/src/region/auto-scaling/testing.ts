/** For tests: a region with a group, in as few words as possible. */

import type { AutoScalingGroup, GroupMember } from '../auto-scaling-group.ts';
import { emptyRegion, type Region } from '../region.ts';

/**
 * A group in subnets such as `a1`, `a2`, `b1`, whose first letter is the zone. Members are
 * instances of the region, e.g. `{ id: 'x', in: 'a1' }`; version 1 unless another is given.
 */
export function groupOf(
  subnets: readonly string[],
  members: readonly (Partial<GroupMember> & { readonly id: string; readonly in: string })[],
  more: Partial<AutoScalingGroup> = {},
): { readonly region: Region; readonly group: AutoScalingGroup } {
  const launch = { kind: 'launch-template', id: 'lt', version: '1' } as const;
  const group: AutoScalingGroup = {
    ...{ name: 'g', arn: 'arn', logicalId: 'G', origin: { stackName: 's', generation: 0 } },
    ...{ minSize: 0, maxSize: 9, desiredCapacity: members.length, subnetIds: subnets, launch },
    ...{ targetGroupArns: [], loadBalancerNames: [], lastNumber: members.length, tags: [] },
    ...{ healthCheckType: 'EC2', healthCheckGracePeriod: 0, terminationPolicies: ['Default'] },
    ...{ newInstancesProtected: false, suspendedProcesses: [] },
    members: members.map(({ in: _place, ...member }) => ({
      ...{ state: 'InService', health: 'Healthy', protectedFromScaleIn: false, launch },
      ...member,
    })),
    ...more,
  };
  const region = emptyRegion('ap-northeast-2');
  const places = Object.fromEntries(
    subnets.map((id) => [id, { id, zone: id[0] }]),
  ) as unknown as Region['subnets'];
  const instances = Object.fromEntries(
    members.map(({ id, in: subnetId }) => [id, { id, subnetId, zone: subnetId[0] }]),
  ) as unknown as Region['instances'];
  return { region: { ...region, subnets: places, instances }, group };
}
