import type { Tags } from './region.ts';

export type RouteTarget =
  | { readonly kind: 'local' }
  | { readonly kind: 'internet-gateway'; readonly id: string }
  /** A middlebox; a route to an instance is a route to its primary interface. */
  | { readonly kind: 'network-interface'; readonly id: string };

/** https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html */
export interface Route {
  /** Canonical IPv4 block. The longest match decides. */
  readonly destination: string;
  readonly target: RouteTarget;
}

export interface RouteTable {
  readonly id: string;
  readonly vpcId: string;
  readonly main: boolean;
  /** The local route of each block of the VPC comes first. */
  readonly routes: readonly Route[];
  readonly tags: Tags;
}
