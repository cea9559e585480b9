/**
 * A NAT gateway: a namespace of its own with one link, to its subnet, and no process. Its
 * interface has no security groups; the network ACL of its subnet applies as to any other.
 * Fragments are put together before they are seen, so those of TCP and ICMP pass, unlike on AWS.
 * https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
 */
import { hostAt } from '../../region/ipv4.ts';
import type { NatGateway } from '../../region/nat-gateway.ts';
import type { Region } from '../../region/region.ts';
import type { Vpc } from '../../region/vpc.ts';
import { natGatewayNamespace } from './names.ts';
import type { InterfacePlan } from './network-interface.ts';
import type { LinkPlan, NamespacePlan, Setting } from './plan.ts';
import { countersOf, decide, type Ruleset, rule, rulesetText } from './ruleset.ts';
import { NAT_GATEWAY_CONNTRACK_SYSCTLS, NAT_GATEWAY_SYSCTLS } from './sysctl.ts';

const DEVICE = 'eth0';

interface Gateways {
  readonly namespaces: readonly NamespacePlan[];
  readonly links: readonly LinkPlan[];
}

export function planNatGateways(
  lab: string,
  region: Region,
  interfaces: readonly InterfacePlan[],
): Gateways {
  const gateways = Object.values(region.natGateways).flatMap((gateway) => {
    const own = interfaces.find(({ id }) => id === gateway.networkInterfaceId);
    const cidr = region.subnets[gateway.subnetId]?.cidr;
    const vpc = region.vpcs[gateway.vpcId];
    return own === undefined || cidr === undefined || vpc === undefined
      ? []
      : [
          {
            name: natGatewayNamespace(lab, gateway.id),
            id: gateway.id,
            own,
            router: hostAt(cidr, 1),
            vpc,
          },
        ];
  });
  return {
    namespaces: gateways.map(({ name, id, own, router, vpc }) => {
      const ruleset = planRuleset(id, vpc);
      return {
        name,
        sysctls: NAT_GATEWAY_SYSCTLS,
        conntrackSysctls: NAT_GATEWAY_CONNTRACK_SYSCTLS,
        settings: planSettings(own, router),
        ruleset: rulesetText(ruleset),
        counters: countersOf(ruleset),
      };
    }),
    links: gateways.map(({ name, own }) => ({
      ends: [
        { namespace: own.namespace, name: own.name },
        { namespace: name, name: DEVICE, macAddress: own.macAddress },
      ],
      mtu: own.mtu,
    })),
  };
}

/** Whether an interface is one of those that the fabric itself holds. */
export function isHeld(region: Region, { id }: InterfacePlan): boolean {
  return Object.values(region.natGateways).some((gateway) => gateway.networkInterfaceId === id);
}

/** By the id of a gateway of the VPC: the words of a route to it. */
export function natGatewayWays(
  region: Region,
  vpc: Vpc,
  interfaces: readonly InterfacePlan[],
): readonly (readonly [string, string])[] {
  return Object.values(region.natGateways).flatMap((gateway: NatGateway) => {
    const own = interfaces.find(({ id }) => id === gateway.networkInterfaceId);
    const [address] = own?.privateIps ?? [];
    return gateway.vpcId !== vpc.id || own === undefined || address === undefined
      ? []
      : [[gateway.id, `via ${address} dev ${own.name} onlink`] as const];
  });
}

function planSettings({ privateIps }: InterfacePlan, router: string): readonly Setting[] {
  return [
    // Alone on its link: neighbours are asked for by way of the router, never by ARP.
    ...privateIps.map(
      (ip): Setting => ({ object: 'address', arguments: `${ip}/32 dev ${DEVICE}` }),
    ),
    { object: 'route', arguments: `default via ${router} dev ${DEVICE} onlink` },
  ];
}

function planRuleset(id: string, { cidrs }: Vpc): Ruleset {
  const drop = (refuses: 'not-carried' | 'unsolicited') =>
    decide({ kind: 'nat-gateway', id, refuses }, 'drop');
  const inside = `ip saddr { ${cidrs.join(', ')} }`;
  return {
    lookups: [],
    chains: [
      {
        name: 'between',
        hook: { type: 'filter', hook: 'forward', priority: 0, policy: 'drop' },
        rules: [
          rule('accept', 'ct state established,related'),
          // What is left of a connection that was idle for too long is reset, not ignored.
          rule('reject with tcp reset', 'ct state invalid', inside, 'meta l4proto tcp'),
          // Only of its own VPC: not what an appliance forwards from elsewhere.
          rule('accept', 'ct state new', inside, 'meta l4proto { tcp, udp, icmp }'),
          drop('not-carried'),
        ],
      },
      {
        name: 'translation',
        hook: { type: 'nat', hook: 'postrouting', priority: 100, policy: 'accept' },
        rules: [
          rule('masquerade to :1024-65535', 'meta l4proto { tcp, udp }'),
          rule('masquerade', 'meta l4proto icmp'),
        ],
      },
      // It cannot be spoken to: no answer to a ping, nor to a stranger's connection.
      {
        name: 'to-gateway',
        hook: { type: 'filter', hook: 'input', priority: 0, policy: 'drop' },
        rules: [drop('unsolicited')],
      },
      {
        name: 'from-gateway',
        hook: { type: 'filter', hook: 'output', priority: 0, policy: 'drop' },
        rules: [rule('accept', 'tcp flags & rst == rst'), rule('drop')],
      },
    ],
  };
}
