import type { Tags } from './region.ts';

/** https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html */
export interface NetworkAclEntry {
  readonly number: number;
  readonly egress: boolean;
  /** IANA number, or -1 for all. */
  readonly protocol: number;
  /** An IPv4 or an IPv6 block; entries of both share one space of numbers. */
  readonly cidr: string;
  /** tcp and udp: ports from–to. icmp: type and code, -1 for any. Absent: all. */
  readonly fromPort?: number;
  readonly toPort?: number;
  readonly action: 'allow' | 'deny';
}

export interface NetworkAcl {
  readonly id: string;
  readonly vpcId: string;
  readonly isDefault: boolean;
  /** Sorted by direction and number; what no entry matches is denied. */
  readonly entries: readonly NetworkAclEntry[];
  readonly tags: Tags;
}
