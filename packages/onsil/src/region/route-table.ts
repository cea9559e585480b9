import type { Tags } from './region.ts';

export type RouteTarget =
  | { readonly kind: 'local' }
  | { readonly kind: 'internet-gateway'; readonly id: string }
  /** A middlebox; a route to an instance is a route to its primary interface. */
  | { readonly kind: 'network-interface'; readonly id: string }
  | { readonly kind: 'nat-gateway'; readonly id: string }
  | { readonly kind: 'vpc-peering-connection'; readonly id: string }
  /** A gateway endpoint, for the prefix list of its service. */
  | { readonly kind: 'vpc-endpoint'; readonly id: string }
  /** IPv6 only. */
  | { readonly kind: 'egress-only-internet-gateway'; readonly id: string }
  /** Named, and nothing more: a transit gateway, and whatever else the region has no state for. */
  | { readonly kind: 'not-modelled'; readonly id: string };

/** https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html */
export interface Route {
  /** A canonical IPv4 or IPv6 block, or the id of a prefix list. The longest match decides. */
  readonly destination: string;
  readonly target: RouteTarget;
  /** AWS says that the target is out of service; absent: whether it is there decides. */
  readonly blackhole?: true;
}

export interface RouteTable {
  readonly id: string;
  readonly vpcId: string;
  readonly main: boolean;
  /** The local route of each block of the VPC comes first, those of IPv6 blocks too. */
  readonly routes: readonly Route[];
  readonly tags: Tags;
}
