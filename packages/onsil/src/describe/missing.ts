/** What files name and none has: said, and never taken to let anything pass. */
import type { NetworkInterface } from '../region/network-interface.ts';
import { list } from '../region/problem.ts';
import type { Table } from '../region/region.ts';
import type { Instances } from './instance.ts';
import { serviceName } from './names.ts';
import type { Report } from './report.ts';
import type { Read } from './shape.ts';

type Interfaces = readonly Read<NetworkInterface>[];

/** Whether the interface's VPC and subnet are there. */
export function isPlaced(
  report: Report,
  { at, value }: Interfaces[number],
  vpcs: Table<unknown>,
  subnets: Table<unknown>,
): boolean {
  const hasSubnet = Object.hasOwn(subnets, value.subnetId);
  const hasVpc = Object.hasOwn(vpcs, value.vpcId);
  if (!hasSubnet) report.missing(at, '.SubnetId', value.subnetId, 'Subnets');
  if (!hasVpc) report.missing(at, '.VpcId', value.vpcId, 'Vpcs');
  return hasSubnet && hasVpc;
}

export function missingGroups(report: Report, all: Interfaces, groups: Table<unknown>): void {
  for (const { at, value } of all) {
    for (const groupId of value.securityGroupIds) {
      if (Object.hasOwn(groups, groupId)) continue;
      report.missing(at, '.Groups', groupId, 'SecurityGroups');
      const resource = `${groupId}, which no file has`;
      for (const direction of ['ingress', 'egress'] as const) {
        report.open({ kind: 'security-group-rule', groupId, direction, resource });
      }
    }
  }
}

export function missingInstances(report: Report, all: Interfaces, { all: known }: Instances): void {
  const ids = new Set(known.map(({ id }) => id));
  for (const { at, value } of all) {
    const instanceId = value.attachment?.instanceId;
    if (instanceId !== undefined && !ids.has(instanceId)) {
      report.missing(at, '.Attachment.InstanceId', instanceId, 'Instances');
    }
  }
}

/**
 * A Network Load Balancer that was made without groups filters nothing, where an interface whose
 * groups are none lets nothing pass: so what passes stays open. Of NAT gateways both are known.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
 */
export function withoutGroups(report: Report, all: Interfaces): void {
  for (const { value } of all) {
    const { id, managedBy, securityGroupIds } = value;
    if (managedBy?.kind !== 'service') continue;
    if (securityGroupIds.length > 0) continue;
    const resource = `${managedBy.id}, which has no security group`;
    report.open({ kind: 'network-interface', networkInterfaceId: id, resource });
  }
}

/** Said once: what a load balancer gets and what it sends on are two conversations. */
export function loadBalancers(report: Report, all: Interfaces): void {
  const balancers = all.filter(({ value }) => value.description.startsWith('ELB '));
  const [first] = balancers;
  if (first === undefined) return;
  const names = new Set(balancers.map(({ value }) => serviceName(value.description)));
  report.warn(
    first.at,
    '',
    `Load balancers hand on what they get: ask about their targets too (${list([...names])}).`,
    'What targets of a Network Load Balancer get with the client’s address is not modelled.',
  );
}

/** Without their file nobody knows which VPC has an Internet gateway. */
export function openGateways(report: Report, vpcIds: readonly string[]): void {
  for (const vpcId of vpcIds) {
    const resource = `the Internet gateway of ${vpcId}, which no file has`;
    report.open({ kind: 'internet-gateway', vpcId, resource });
  }
}
