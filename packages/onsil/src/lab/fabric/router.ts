/**
 * The router of one VPC. A forwarded packet passes, in this order, base chains of which every one
 * must accept it: source-check, egress-gate (the sender's groups), leave-subnet (its network ACL,
 * then its route table), enter-subnet (the receiver's network ACL), destination-check (with the
 * Internet gateway's), ingress-gate (the receiver's groups). That is the order in which AWS asks,
 * so what stops a packet here is what stops it there. Tracked connections skip the groups,
 * whatever number of rules they have. Whatever decides is counted and logged by its label.
 */
import type { Region } from '../../region/region.ts';
import type { Vpc } from '../../region/vpc.ts';
import { PRIVATE_TO_PUBLIC, PUBLIC_TO_PRIVATE, planInternetGateway } from './internet-gateway.ts';
import {
  LINK_LOCAL,
  planLinkLocal,
  planLinkLocalRoutes,
  resolverTranslation,
  SERVICE_ADDRESSES,
  TO_IDENTITY,
} from './link-local.ts';
import { routerNamespace, SERVICES, UPLINK } from './names.ts';
import { planNetworkAcls } from './network-acl.ts';
import type { InterfacePlan } from './network-interface.ts';
import type { NamespacePlan, Setting } from './plan.ts';
import { planRouteDecisions, type Realms, realmsOf } from './route-decision.ts';
import {
  divertsSubnet,
  planRouteTable,
  routeTableNumbers,
  UPLINK_ADDRESSES,
} from './route-table.ts';
import {
  type Chain,
  countersOf,
  decide,
  type Hook,
  type Lookup,
  type Ruleset,
  rule,
  rulesetText,
} from './ruleset.ts';
import { planSecurityGroups } from './security-group.ts';
import { ROUTER_CONNTRACK_SYSCTLS, ROUTER_SYSCTLS } from './sysctl.ts';

export function planRouter(
  lab: string,
  region: Region,
  vpc: Vpc,
  allInterfaces: readonly InterfacePlan[],
  identity: ReadonlyMap<string, string>,
): NamespacePlan {
  const name = routerNamespace(lab, vpc.id);
  const interfaces = allInterfaces.filter((each) => each.namespace === name);
  const realms = realmsOf(region, vpc.id);
  const parts: readonly Ruleset[] = [
    planSecurityGroups(region, interfaces),
    planNetworkAcls(region, vpc.id, interfaces),
    planRouteDecisions(region, vpc.id, realms),
    planInternetGateway(region, vpc),
    planLinkLocal(vpc, interfaces, identity),
    { lookups: planLookups(interfaces), chains: planBaseChains(vpc) },
  ];
  const ruleset: Ruleset = {
    lookups: parts.flatMap((part) => part.lookups),
    chains: parts.flatMap((part) => part.chains),
    counters: parts.flatMap((part) => part.counters ?? []),
  };
  return {
    name,
    sysctls: ROUTER_SYSCTLS,
    conntrackSysctls: ROUTER_CONNTRACK_SYSCTLS,
    settings: planSettings(region, vpc, realms, interfaces),
    ruleset: rulesetText(ruleset),
    counters: countersOf(ruleset),
  };
}

function planSettings(
  region: Region,
  vpc: Vpc,
  realms: Realms,
  interfaces: readonly InterfacePlan[],
): readonly Setting[] {
  const numbers = routeTableNumbers(region);
  const tables = Object.values(region.routeTables).filter((table) => table.vpcId === vpc.id);
  return [
    { object: 'address', arguments: `${UPLINK_ADDRESSES.router}/32 dev ${UPLINK}` },
    { object: 'address', arguments: `${SERVICE_ADDRESSES.router}/32 dev ${SERVICES}` },
    { object: 'route', arguments: 'blackhole default' },
    // An address that no interface has. To `lo`, where the filters drop it, and not a blackhole:
    // the router then answers ARP for it, and the sender waits as long as for any dropped packet.
    ...vpc.cidrs.map((cidr): Setting => ({ object: 'route', arguments: `${cidr} dev lo` })),
    ...planLinkLocalRoutes(),
    ...tables.flatMap((table) => planRouteTable(region, table, numbers.get(table.id) ?? 0, realms)),
    ...interfaces.flatMap(({ name, subnetId }): Setting[] => {
      const subnet = region.subnets[subnetId];
      const table = region.routeTables[subnet?.routeTableId ?? ''];
      // Without a table in force, everything falls to the main table: neighbours or nothing.
      if (subnet === undefined || table === undefined) return [];
      const own: Setting = {
        object: 'rule',
        arguments: `pref 500 iif ${name} to ${subnet.cidr} lookup main`,
      };
      return [
        ...(divertsSubnet(table, vpc.cidrs, subnet.cidr) ? [own] : []),
        {
          object: 'rule',
          // Kept while the link is gone: the kernel takes it up again by the name.
          arguments: `pref 1000 iif ${name} lookup ${numbers.get(table.id)}`,
        },
      ];
    }),
  ];
}

function planLookups(interfaces: readonly InterfacePlan[]): readonly Lookup[] {
  return [
    {
      name: 'interfaces',
      type: 'ifname',
      elements: interfaces.map(({ name }) => `"${name}"`),
    },
    {
      name: 'addresses',
      type: 'ifname . ipv4_addr',
      elements: interfaces.flatMap(({ name, privateIps }) =>
        privateIps.map((ip) => `"${name}" . ${ip}`),
      ),
    },
    {
      name: 'unchecked',
      type: 'ifname',
      elements: interfaces.flatMap((each) => (each.sourceDestCheck ? [] : [`"${each.name}"`])),
    },
  ];
}

const TRACKED = rule(
  'ct state vmap { established : accept, related : accept, invalid : goto invalid-connection }',
);

function planBaseChains(vpc: Vpc): readonly Chain[] {
  return [
    {
      name: 'source-check',
      // Before connection tracking: what is spoofed leaves no trace.
      hook: hook('prerouting', -300, 'drop'),
      rules: [
        rule('accept', 'iifname . ip saddr @addresses'),
        rule('accept', 'iifname @unchecked'),
        rule('goto internet-gateway-ingress', `iifname "${UPLINK}"`),
        rule('accept', `iifname "${SERVICES}"`),
        decide({ kind: 'source-check' }, 'drop'),
      ],
    },
    {
      name: 'public-to-private-translation',
      hook: { type: 'nat', hook: 'prerouting', priority: -100, policy: 'accept' },
      rules: [PUBLIC_TO_PRIVATE, ...resolverTranslation(vpc)],
    },
    {
      name: 'egress-gate',
      hook: hook('forward', 0, 'drop'),
      rules: [
        TRACKED,
        rule('goto link-local', `ip daddr ${LINK_LOCAL}`),
        rule('accept', `iifname "${UPLINK}"`),
        { matches: ['iifname vmap @egress-gates'] },
        decide({ kind: 'security-group', direction: 'egress' }, 'drop'),
      ],
    },
    {
      name: 'invalid-connection',
      rules: [decide({ kind: 'connection-tracking' }, 'drop')],
    },
    {
      name: 'leave-subnet',
      hook: hook('forward', 10, 'accept'),
      rules: [{ matches: ['iifname vmap @leave-subnets'] }],
    },
    {
      name: 'enter-subnet',
      hook: hook('forward', 15, 'accept'),
      rules: [{ matches: ['oifname vmap @enter-subnets'] }],
    },
    {
      name: 'destination-check',
      hook: hook('forward', 20, 'drop'),
      rules: [
        rule('accept', 'oifname . ip daddr @addresses'),
        rule('accept', 'oifname @unchecked'),
        rule('goto internet-gateway-egress', `oifname "${UPLINK}"`),
        rule('accept', `oifname "${SERVICES}"`),
        decide({ kind: 'address' }, 'drop', 'oifname "lo"'),
        decide({ kind: 'destination-check' }, 'drop'),
      ],
    },
    {
      name: 'ingress-gate',
      hook: hook('forward', 30, 'drop'),
      rules: [
        TRACKED,
        rule('accept', `oifname { "${UPLINK}", "${SERVICES}" }`),
        { matches: ['oifname vmap @ingress-gates'] },
        decide({ kind: 'security-group', direction: 'ingress' }, 'drop'),
      ],
    },
    {
      name: 'private-to-public-translation',
      hook: { type: 'nat', hook: 'postrouting', priority: 100, policy: 'accept' },
      rules: [PRIVATE_TO_PUBLIC, TO_IDENTITY],
    },
    // The VPC's router cannot be spoken to, and says nothing itself but what path MTU discovery
    // needs (RFC 1191): no unreachable, no time exceeded, no redirect.
    {
      name: 'to-router',
      hook: hook('input', 0, 'drop'),
      rules: [decide({ kind: 'address' }, 'drop')],
    },
    {
      name: 'from-router',
      hook: hook('output', 0, 'drop'),
      rules: [rule('accept', 'icmp type destination-unreachable', 'icmp code frag-needed')],
    },
  ];
}

function hook(at: Hook['hook'], priority: number, policy: Hook['policy']): Hook {
  return { type: 'filter', hook: at, priority, policy };
}
