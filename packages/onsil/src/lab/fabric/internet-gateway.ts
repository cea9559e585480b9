/**
 * The Internet gateway: a 1:1 translation between private addresses and their public ones.
 * https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html
 *
 * The translation lives in the router's connection tracking, which translates a connection where
 * it first saw it. One thing AWS does is therefore not had: a middlebox that forwards, without
 * translating, a packet of an instance that has a public address of its own. It is dropped.
 */
import { type PublicAddress, publicAddresses } from '../../region/elastic-ip.ts';
import type { Region } from '../../region/region.ts';
import type { Vpc } from '../../region/vpc.ts';
import type { Decider, Direction } from './label.ts';
import { UPLINK } from './names.ts';
import { type Chain, decide, type Ruleset, rule } from './ruleset.ts';

/**
 * Neither leaves nor enters through an Internet gateway: private (RFC 1918) and shared (RFC 6598)
 * addresses; and what is no unicast address between networks at all (RFC 6890).
 */
export const NOT_PUBLIC = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '224.0.0.0/3',
] as const;

export function isAttached(region: Region, vpcId: string): boolean {
  return Object.values(region.internetGateways).some((gateway) => gateway.vpcId === vpcId);
}

/** The public addresses that packets from and to a VPC have outside: none without a gateway. */
export function associations(region: Region, vpcId: string): readonly PublicAddress[] {
  if (!isAttached(region, vpcId)) return [];
  return publicAddresses(region).filter(
    ({ networkInterfaceId }) => region.networkInterfaces[networkInterfaceId]?.vpcId === vpcId,
  );
}

export function planInternetGateway(region: Region, vpc: Vpc): Ruleset {
  const pairs = associations(region, vpc.id);
  const checks: Chain[] = [
    {
      // Asked for each packet, so that a connection ends with its address's association.
      name: 'internet-gateway-egress',
      rules: [
        decide(refused('egress', 'destination'), 'drop', 'ip daddr @not-public'),
        rule('accept', 'ip saddr @associated-private'),
        decide(refused('egress', 'source'), 'drop'),
      ],
    },
    {
      name: 'internet-gateway-ingress',
      rules: [
        decide(refused('ingress', 'source'), 'drop', 'ip saddr @not-public'),
        rule('accept', 'ip daddr @associated-public'),
        decide(refused('ingress', 'destination'), 'drop'),
      ],
    },
  ];
  return {
    lookups: [
      {
        name: 'not-public',
        type: 'ipv4_addr',
        interval: true,
        elements: [...NOT_PUBLIC, ...vpc.cidrs],
      },
      {
        name: 'associated-private',
        type: 'ipv4_addr',
        elements: pairs.map((pair) => pair.privateIp),
      },
      {
        name: 'associated-public',
        type: 'ipv4_addr',
        elements: pairs.map((pair) => pair.publicIp),
      },
      {
        name: 'public-to-private',
        type: 'ipv4_addr : ipv4_addr',
        elements: pairs.map((pair) => `${pair.publicIp} : ${pair.privateIp}`),
      },
      {
        name: 'private-to-public',
        type: 'ipv4_addr : ipv4_addr',
        elements: pairs.map((pair) => `${pair.privateIp} : ${pair.publicIp}`),
      },
    ],
    chains: checks,
  };
}

function refused(direction: Direction, address: 'source' | 'destination'): Decider {
  return { kind: 'internet-gateway', direction, address };
}

export const PUBLIC_TO_PRIVATE = rule(
  'dnat to ip daddr map @public-to-private',
  `iifname "${UPLINK}"`,
);
export const PRIVATE_TO_PUBLIC = rule(
  'snat to ip saddr map @private-to-public',
  `oifname "${UPLINK}"`,
);
