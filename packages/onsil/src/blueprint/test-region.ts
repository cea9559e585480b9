/** For tests: the example's template in a region, changed as a test says. */

import { stackOf } from '../cloudformation/testing.ts';
import type { NameSpace } from '../reach/endpoint.ts';
import { compile } from '../reach/model.ts';
import { put, type Region } from '../region/region.ts';
import type { SecurityGroup, SecurityGroupRule } from '../region/security-group.ts';
import { statedPolicies } from './policy.ts';
import { serviceOf, templateOf } from './test-support.ts';

export const ADMINISTRATOR = '198.51.100.10/32';

let made: Region | undefined;

export function article(): Region {
  made ??= regionOf(JSON.stringify(templateOf()));
  return made;
}

function regionOf(template: string): Region {
  return stackOf(template, {
    parameters: {
      AdministratorCidr: ADMINISTRATOR,
      AdministratorPublicKey: 'ssh-ed25519 AAAAC3Nz operator',
    },
  }).region;
}

export const POLICIES = statedPolicies(serviceOf());

export const spaceOf = (region: Region): NameSpace => ({
  model: compile(region),
  administrator: ADMINISTRATOR,
});

export function groupNamed(region: Region, name: string): SecurityGroup {
  const group = Object.values(region.securityGroups).find(({ tags }) => tags['Name'] === name);
  if (group === undefined) throw new RangeError(`no group ${name}`);
  return group;
}

/** With another list of ingress rules of one group. */
export function withIngress(
  region: Region,
  name: string,
  change: (
    rules: readonly SecurityGroupRule[],
    group: SecurityGroup,
  ) => readonly SecurityGroupRule[],
): Region {
  const group = groupNamed(region, name);
  const ingress = change(group.ingress, group);
  return put(region, 'securityGroups', group.id, { ...group, ingress });
}

export const openTo = (cidr: string, port: number): SecurityGroupRule => ({
  ...{ id: `sgr-open-${port}`, protocol: 6, fromPort: port, toPort: port },
  peer: { kind: 'cidr', cidr },
});

export const withoutSelf = (region: Region): Region =>
  withIngress(region, 'app', (rules, { id }) =>
    rules.filter(({ peer }) => peer.kind !== 'group' || peer.groupId !== id),
  );

/** A public address, a route to the Internet gateway, and 3306 open to everybody. */
export function withPublicDatabase(region: Region): Region {
  const database = Object.values(region.instances).find(({ name }) => name === 'database');
  const found = region.networkInterfaces[database?.networkInterfaceIds[0] ?? ''];
  const subnet = region.subnets[found?.subnetId ?? ''];
  const table = region.routeTables[subnet?.routeTableId ?? ''];
  const [gateway] = Object.keys(region.internetGateways);
  if (found === undefined || table === undefined || gateway === undefined) throw new RangeError();
  const target = { kind: 'internet-gateway', id: gateway } as const;
  const routes = table.routes.map((route) =>
    route.destination === '0.0.0.0/0' ? { ...route, target } : route,
  );
  const visible = put(region, 'networkInterfaces', found.id, {
    ...found,
    publicIp: '198.18.200.9',
  });
  const routed = put(visible, 'routeTables', table.id, { ...table, routes });
  return withIngress(routed, 'database', (rules) => [...rules, openTo('0.0.0.0/0', 3306)]);
}
