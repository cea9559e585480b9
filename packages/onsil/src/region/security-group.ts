import type { Tags } from './region.ts';

export type SecurityGroupPeer =
  | { readonly kind: 'cidr'; readonly cidr: string }
  | { readonly kind: 'cidr6'; readonly cidr: string }
  /** Matches the private addresses of the interfaces that carry the group. */
  | { readonly kind: 'group'; readonly groupId: string }
  | { readonly kind: 'prefix-list'; readonly prefixListId: string };

/** https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html */
export interface SecurityGroupRule {
  readonly id: string;
  /** IANA number, or -1 for all. */
  readonly protocol: number;
  /**
   * tcp and udp: first and last port. icmp: type and code, -1 for any.
   * Absent: all, as for every other protocol.
   */
  readonly fromPort?: number;
  readonly toPort?: number;
  readonly peer: SecurityGroupPeer;
  readonly description?: string;
  /** Absent: none. */
  readonly tags?: Tags;
}

export interface SecurityGroup {
  readonly id: string;
  readonly vpcId: string;
  readonly name: string;
  readonly description: string;
  readonly ingress: readonly SecurityGroupRule[];
  readonly egress: readonly SecurityGroupRule[];
  readonly tags: Tags;
}
