/** The settings along a path, as words that mean the same in two regions. */
import type { Region } from '../../region/region.ts';
import type { Hop } from '../hop.ts';
import type { Model } from '../model.ts';
import { nameOf, routeText, ruleText } from '../text/path.ts';

/** Of a path: rules, entries, routes and public addresses that let packets on. */
export function factsOf(region: Region, hops: readonly Hop[]): readonly string[] {
  return hops.flatMap((hop): readonly string[] => {
    switch (hop.kind) {
      case 'security-group':
        return hop.rules.flatMap(({ groupId, ruleId }) => {
          const rule = region.securityGroups[groupId]?.[hop.direction].find(
            ({ id }) => id === ruleId,
          );
          return rule === undefined ? [] : [ruleFact(region, groupId, hop.direction, rule)];
        });
      case 'network-acl':
        return hop.entries.map((number) => entryFact(region, hop.id, hop.direction, number));
      case 'route-table':
        return [routeFact(region, hop.id, hop.route)];
      case 'vpc-peering-connection':
        return [peeringFact(region, hop.id)];
      case 'vpc-endpoint':
        return [endpointFact(region, hop.id)];
      default:
        return [];
    }
  });
}

/** All of them that a region has. */
export function allFacts(model: Model): ReadonlySet<string> {
  const { region } = model;
  const rules = Object.values(region.securityGroups).flatMap((group) =>
    (['ingress', 'egress'] as const).flatMap((direction) =>
      group[direction].map((rule) => ruleFact(region, group.id, direction, rule)),
    ),
  );
  const entries = Object.values(region.networkAcls).flatMap((acl) =>
    acl.entries.map(({ egress, number }) =>
      entryFact(region, acl.id, egress ? 'egress' : 'ingress', number),
    ),
  );
  const routes = Object.values(region.routeTables).flatMap((table) =>
    table.routes.map((route) => routeFact(region, table.id, route)),
  );
  const visible =
    model.space.family === 'ipv6'
      ? [...model.ports.values()].filter(({ own }) => own.length > 0)
      : model.associations.map(({ port }) => port);
  const addresses = visible.map(({ id }) => addressFact(model, id));
  const peerings = Object.values(region.vpcPeeringConnections).flatMap(({ id, active }) =>
    active ? [peeringFact(region, id)] : [],
  );
  const endpoints = Object.keys(region.vpcEndpoints).map((id) => endpointFact(region, id));
  return new Set([...rules, ...entries, ...routes, ...addresses, ...peerings, ...endpoints]);
}

/** By which somebody outside can ask for it. */
export const addressFact = ({ region, space }: Model, networkInterfaceId: string): string =>
  `${nameOf(region, networkInterfaceId)} has ${space.family === 'ipv6' ? 'an IPv6' : 'a public'} address`;

const peeringFact = (region: Region, id: string): string => `peering ${nameOf(region, id)}`;
const endpointFact = (region: Region, id: string): string => `endpoint ${nameOf(region, id)}`;

type Rule = Region['securityGroups'][string]['ingress'][number];
type Route = Region['routeTables'][string]['routes'][number];

const ruleFact = (region: Region, groupId: string, direction: string, rule: Rule): string =>
  `${nameOf(region, groupId)} ${direction === 'ingress' ? 'in' : 'out'}: ` +
  ruleText(region, rule, direction === 'ingress' ? 'ingress' : 'egress');

const routeFact = (region: Region, routeTableId: string, route: Route): string =>
  `route table ${nameOf(region, routeTableId)}: ${routeText(region, route)}`;

function entryFact(region: Region, id: string, direction: string, number: number): string {
  const egress = direction === 'egress';
  const entry = region.networkAcls[id]?.entries.find(
    (each) => each.number === number && each.egress === egress,
  );
  const what = entry === undefined ? '' : ` ${entry.action} ${entry.cidr}`;
  return `network ACL ${nameOf(region, id)} ${egress ? 'out' : 'in'}: entry ${number}${what}`;
}
