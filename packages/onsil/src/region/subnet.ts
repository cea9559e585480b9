import type { Tags } from './region.ts';

/** https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html */
export interface Subnet {
  readonly id: string;
  readonly vpcId: string;
  readonly zone: string;
  /** Canonical IPv4 block inside a block of the VPC. */
  readonly cidr: string;
  /** A canonical /64 inside an IPv6 block of the VPC. */
  readonly ipv6Cidr?: string;
  /** An interface that is made here gets an IPv6 address; absent is no. */
  readonly assignIpv6AddressOnCreation?: boolean;
  /** A primary interface that is made here gets a public address of its own. */
  readonly mapPublicIpOnLaunch: boolean;
  /** The route table in force: the associated one, else the VPC's main table. */
  readonly routeTableId: string;
  readonly networkAclId: string;
  /** The one of its zone in the default VPC. */
  readonly isDefault?: boolean;
  readonly tags: Tags;
}
