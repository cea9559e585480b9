/** What one packet on its way has with it, and where it may end. */
import type { NetworkInterface } from '../../region/network-interface.ts';
import type { Region } from '../../region/region.ts';
import type { Way } from '../verdict.ts';
import { isIpv6 } from './address.ts';
import type { TextPacket } from './packet.ts';

export type Place =
  | NetworkInterface
  | 'outside'
  | 'service'
  /** A service of AWS behind a gateway endpoint of that VPC. */
  | { readonly behindEndpointOf: string };

/** Where a packet came to, or why it did not. */
export type Arrival =
  | { readonly at: Place; readonly packet: TextPacket }
  | { readonly stopped: 'blocked' | 'ambiguous' | 'not-modelled'; readonly code: string };

interface Translation {
  readonly by: string;
  readonly source: string;
  readonly port: number;
}

/** What the middleboxes of a conversation remember of its first packet. */
export interface Memory {
  readonly way: Way;
  readonly boxes: string[];
  readonly translations: Translation[];
  /** The ports that NAT gateways will draw, in order. */
  readonly draws: readonly number[];
  readonly drawn: string[];
  /** VPCs left by an egress-only gateway. */
  readonly leftBy: string[];
  /** On the way back: the boxes that the way forward passed. */
  readonly expected: readonly string[];
  readonly back: string[];
}

export interface Journey {
  readonly region: Region;
  readonly packet: TextPacket;
  readonly memory: Memory;
}

export function blocked(code: string): Arrival {
  return { stopped: 'blocked', code };
}

/** Those of the packet's family. */
export function addressesOf(
  { privateIps, ipv6Addresses }: NetworkInterface,
  { destination, source }: TextPacket,
): readonly string[] {
  return isIpv6(destination) || isIpv6(source) ? ipv6Addresses : privateIps;
}

export function ownerOf(
  region: Region,
  vpcId: string,
  address: string,
): NetworkInterface | undefined {
  return Object.values(region.networkInterfaces).find(
    (each) => each.vpcId === vpcId && [...each.privateIps, ...each.ipv6Addresses].includes(address),
  );
}

export function cidrsOf(region: Region, vpcId: string): readonly string[] {
  const vpc = region.vpcs[vpcId];
  return [...(vpc?.cidrs ?? []), ...(vpc?.ipv6Cidrs ?? [])];
}
