/**
 * Which instances do by hand what AWS sells as a service. Told from routes and rules alone, so that
 * it holds for any template; each comes with the reason, for whoever doubts it.
 */
import { publicAddresses } from '../region/elastic-ip.ts';
import type { Instance } from '../region/instance.ts';
import type { Region } from '../region/region.ts';
import type { SecurityGroupRule } from '../region/security-group.ts';

export type Role = 'nat' | 'edge' | 'bastion' | 'database';

export interface RoleOf {
  readonly role: Role;
  readonly instance: Instance;
  /** What it is taken for that by. */
  readonly because: string;
}

export function rolesOf(region: Region): readonly RoleOf[] {
  const open = new Set(publicAddresses(region).map((each) => each.networkInterfaceId));
  return Object.values(region.instances).flatMap((instance) => {
    const isPublic = instance.networkInterfaceIds.some((id) => open.has(id));
    const found = roleOf(region, instance, isPublic);
    return found === undefined ? [] : [{ instance, ...found }];
  });
}

const TCP = 6;

function roleOf(
  region: Region,
  instance: Instance,
  isPublic: boolean,
): Omit<RoleOf, 'instance'> | undefined {
  if (isWayOut(region, instance)) return { role: 'nat', because: 'routes lead to it' };
  const rules = ingressOf(region, instance);
  const admits = (port: number, from: (peer: SecurityGroupRule['peer']) => boolean): boolean =>
    rules.some((rule) => covers(rule, port) && from(rule.peer));
  const everybody = (peer: SecurityGroupRule['peer']): boolean =>
    peer.kind === 'cidr' && peer.cidr === '0.0.0.0/0';
  const outside = (peer: SecurityGroupRule['peer']): boolean => peer.kind !== 'group';
  if (isPublic) {
    const port = [443, 80].find((each) => admits(each, everybody));
    if (port !== undefined)
      return { role: 'edge', because: `everybody may reach its port ${port}` };
    if (admits(22, outside)) {
      return { role: 'bastion', because: 'ssh from outside enters there, and no web request' };
    }
    return undefined;
  }
  return rules.some((rule) => rule.fromPort === 3306 && rule.toPort === 3306)
    ? { role: 'database', because: 'a rule of its group is about port 3306' }
    : undefined;
}

function isWayOut(region: Region, { networkInterfaceIds }: Instance): boolean {
  const targets = new Set(
    Object.values(region.routeTables).flatMap(({ routes }) =>
      routes.flatMap(({ target }) => (target.kind === 'network-interface' ? [target.id] : [])),
    ),
  );
  return networkInterfaceIds.some(
    (id) => targets.has(id) && region.networkInterfaces[id]?.sourceDestCheck === false,
  );
}

function ingressOf(
  region: Region,
  { networkInterfaceIds }: Instance,
): readonly SecurityGroupRule[] {
  return networkInterfaceIds.flatMap((id) =>
    (region.networkInterfaces[id]?.securityGroupIds ?? []).flatMap(
      (group) => region.securityGroups[group]?.ingress ?? [],
    ),
  );
}

const covers = ({ protocol, fromPort = 0, toPort = 65_535 }: SecurityGroupRule, port: number) =>
  protocol === -1 || (protocol === TCP && fromPort <= port && port <= toPort);
