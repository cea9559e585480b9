import type { Tags } from './region.ts';

/** https://docs.aws.amazon.com/vpc/latest/userguide/configure-your-vpc.html */
export interface Vpc {
  readonly id: string;
  /** IPv4 blocks, the primary one first, in canonical form (`10.0.0.0/16`). */
  readonly cidrs: readonly string[];
  /** IPv6 blocks in canonical form. */
  readonly ipv6Cidrs: readonly string[];
  /** The VPC resolver at base + 2 and 169.254.169.253 answers. */
  readonly dnsSupport: boolean;
  /** Instances with a public address get a public DNS name. */
  readonly dnsHostnames: boolean;
  readonly mainRouteTableId: string;
  readonly defaultSecurityGroupId: string;
  readonly defaultNetworkAclId: string;
  /** Absent: the options of AWS, with its own resolver. */
  readonly dhcpOptionsId?: string;
  /** The one that every region has from the start. */
  readonly isDefault?: boolean;
  readonly tags: Tags;
}
