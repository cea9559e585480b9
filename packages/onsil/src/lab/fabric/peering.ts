/**
 * VPC peering: links between two routers. Each router asks its own chains: the sender's has the
 * egress gate and the ACL of the subnet that a packet leaves, the receiver's the ACL of the one
 * that it enters and the ingress gate, and each tracks connections on its own.
 * https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
 *
 * There are two links for each connection. By the second one goes what a middlebox forwards for
 * somebody else, so that the receiver's router can tell that a packet does not come straight from
 * the interface whose source it has: a reference to that interface's group must not match then,
 * and nothing else survives the way between two namespaces to say so.
 */
import { formatAddress, parseBlock } from '../../region/ipv4.ts';
import type { Region } from '../../region/region.ts';
import type { Vpc } from '../../region/vpc.ts';
import type { Direction } from './label.ts';
import { linkNames, routerNamespace, stableNumbers } from './names.ts';
import { type InterfacePlan, VPC_MTU } from './network-interface.ts';
import type { LinkPlan, Setting } from './plan.ts';
import { blockRoutes } from './prefix-list.ts';
import { type Realms, realmWords } from './route-decision.ts';
import { type Chain, decide, type Ruleset, rule } from './ruleset.ts';

/** An active connection between two VPCs of the region. */
export interface PeeringPlan {
  readonly id: string;
  /** The kernel's name, equal at both ends, of the link of what comes straight from its sender. */
  readonly straight: string;
  /** Of the link of what a middlebox forwards. */
  readonly forwarded: string;
  readonly ends: readonly [PeeringEnd, PeeringEnd];
}

interface PeeringEnd {
  readonly vpc: Vpc;
  /** The router's own, on all of its peering links. */
  readonly address: string;
}

/** Of routers on peering links: nobody else ever sees them. */
const LINK_ADDRESSES = { first: parseBlock('169.254.4.0/22')?.first ?? 0, count: 1022 };

/** Connections that carry packets: active, with both VPCs in the region. */
export function planPeerings(region: Region): readonly PeeringPlan[] {
  const numbers = stableNumbers(Object.keys(region.vpcs), LINK_ADDRESSES.count);
  const end = (vpc: Vpc): PeeringEnd => ({
    vpc,
    address: formatAddress(LINK_ADDRESSES.first + 1 + (numbers.get(vpc.id) ?? 0)),
  });
  const ids = Object.keys(region.vpcPeeringConnections);
  const [straight, forwarded] = [linkNames('pcx', ids), linkNames('pcf', ids)];
  return Object.values(region.vpcPeeringConnections).flatMap(
    ({ id, active, requesterVpcId, accepterVpcId }): readonly PeeringPlan[] => {
      const [one, other] = [region.vpcs[requesterVpcId], region.vpcs[accepterVpcId]];
      if (!active || one === undefined || other === undefined || one === other) return [];
      return [
        {
          id,
          straight: straight.get(id) ?? id,
          forwarded: forwarded.get(id) ?? id,
          ends: [end(one), end(other)],
        },
      ];
    },
  );
}

export function peeringLinks(lab: string, peerings: readonly PeeringPlan[]): readonly LinkPlan[] {
  return peerings.flatMap(({ straight, forwarded, ends: [one, other] }) =>
    [straight, forwarded].map(
      (name): LinkPlan => ({
        ends: [
          { namespace: routerNamespace(lab, one.vpc.id), name },
          { namespace: routerNamespace(lab, other.vpc.id), name },
        ],
        mtu: VPC_MTU,
      }),
    ),
  );
}

/** The peering as one of the two routers sees it. */
interface Side extends Pick<PeeringPlan, 'id' | 'straight' | 'forwarded'> {
  readonly own: PeeringEnd;
  readonly far: PeeringEnd;
}

function sidesOf(vpc: Vpc, peerings: readonly PeeringPlan[]): readonly Side[] {
  return peerings.flatMap(({ ends: [one, other], ...names }) => {
    if (one.vpc.id === vpc.id) return [{ ...names, own: one, far: other }];
    return other.vpc.id === vpc.id ? [{ ...names, own: other, far: one }] : [];
  });
}

/** By the id of a connection of the VPC: the words of a route to it. */
export function peeringWays(
  vpc: Vpc,
  peerings: readonly PeeringPlan[],
): readonly (readonly [string, string])[] {
  return sidesOf(vpc, peerings).map(({ id, straight, far }) => [id, via(far, straight)] as const);
}

function via({ address }: PeeringEnd, link: string): string {
  return `via ${address} dev ${link} onlink`;
}

/**
 * The interfaces of peered VPCs as a VPC's router meets them: by the name of the link. By the
 * forwarding link they can be reached, and nobody comes straight from them.
 */
export function interfacesBeyond(
  lab: string,
  vpc: Vpc,
  peerings: readonly PeeringPlan[],
  interfaces: readonly InterfacePlan[],
): readonly InterfacePlan[] {
  return sidesOf(vpc, peerings).flatMap(({ straight, forwarded, far }) =>
    interfaces
      .filter(({ namespace }) => namespace === routerNamespace(lab, far.vpc.id))
      .flatMap((each) => [straight, forwarded].map((name) => ({ ...each, name }))),
  );
}

/** The links of a VPC's peerings: their checks, from and to. */
export function planPeeringChecks(vpc: Vpc, peerings: readonly PeeringPlan[]): Ruleset {
  const sides = sidesOf(vpc, peerings);
  const links = sides.flatMap(({ id, straight, forwarded }) =>
    [straight, forwarded].map((link) => ({ id, link })),
  );
  const verdicts = (way: 'egress' | 'ingress') => ({
    name: `peering-${way}`,
    type: 'ifname : verdict',
    elements: links.map(({ id, link }) => `"${link}" : goto peering-${way}-${id}`),
  });
  return {
    lookups: [
      { name: 'peerings', type: 'ifname', elements: links.map(({ link }) => `"${link}"`) },
      {
        name: 'forwarded-peerings',
        type: 'ifname',
        elements: sides.map(({ forwarded }) => `"${forwarded}"`),
      },
      verdicts('egress'),
      verdicts('ingress'),
    ],
    chains: sides.flatMap(({ id, own, far }): readonly Chain[] => [
      { name: `peering-egress-${id}`, rules: only(own.vpc, far.vpc, id, 'egress') },
      { name: `peering-ingress-${id}`, rules: only(far.vpc, own.vpc, id, 'ingress') },
    ]),
  };
}

/** From the one's addresses to the other's: no third network is reached by way of either. */
function only(from: Vpc, to: Vpc, id: string, direction: Direction): Chain['rules'] {
  const between = [from, to].map(({ cidrs }) => `{ ${cidrs.join(', ')} }`);
  return [
    rule('accept', `ip saddr ${between[0]}`, `ip daddr ${between[1]}`),
    decide({ kind: 'vpc-peering-connection', direction, id }, 'drop'),
  ];
}

/** Of tables for what middleboxes forward: beyond the numbers of all others. */
const FORWARDED_TABLES = 2 ** 30;

/**
 * The addresses of the links, and the tables that take what a middlebox forwards for somebody
 * else to the second link. Such a table has the peering routes; whatever another route of the
 * middlebox's own table takes is thrown back to that one.
 */
export function planPeeringSettings(
  region: Region,
  vpc: Vpc,
  peerings: readonly PeeringPlan[],
  interfaces: readonly InterfacePlan[],
  numbers: ReadonlyMap<string, number>,
  realms: Realms,
): readonly Setting[] {
  const sides = new Map(sidesOf(vpc, peerings).map((side) => [side.id, side]));
  const leads = (tableId: string) =>
    region.routeTables[tableId]?.routes.some(({ target }) => sides.has(targetId(target)));
  const middleboxes = interfaces
    .filter((each) => !each.sourceDestCheck)
    .map((each) => ({ ...each, tableId: region.subnets[each.subnetId]?.routeTableId ?? '' }))
    .filter(({ tableId }) => leads(tableId));
  const tables = [...new Set(middleboxes.map(({ tableId }) => tableId))];
  const numberOf = (tableId: string) => numbers.get(tableId) ?? 0;
  return [
    ...[...sides.values()].flatMap(({ own, straight, forwarded }) =>
      [straight, forwarded].map(
        (link): Setting => ({ object: 'address', arguments: `${own.address}/32 dev ${link}` }),
      ),
    ),
    ...tables.flatMap((id) => {
      const table = region.routeTables[id];
      const number = FORWARDED_TABLES + numberOf(id);
      return (table === undefined ? [] : blockRoutes(region, table)).map((route): Setting => {
        const side = route.blackhole === true ? undefined : sides.get(targetId(route.target));
        const words =
          side === undefined
            ? `throw ${route.destination}`
            : `${route.destination} ${via(side.far, side.forwarded)}`;
        const realm = side === undefined ? '' : ` ${realmWords(realms, id, route.written)}`;
        return { object: 'route', arguments: `${words} table ${number}${realm}` };
      });
    }),
    ...middleboxes.flatMap(({ name, privateIps, tableId }): readonly Setting[] => [
      ...privateIps.map(
        (ip): Setting => ({
          object: 'rule',
          arguments: `pref 800 iif ${name} from ${ip} lookup ${numberOf(tableId)}`,
        }),
      ),
      {
        object: 'rule',
        arguments: `pref 900 iif ${name} lookup ${FORWARDED_TABLES + numberOf(tableId)}`,
      },
    ]),
  ];
}

function targetId(target: Region['routeTables'][string]['routes'][number]['target']): string {
  return target.kind === 'local' ? '' : target.id;
}
