import type { Tags } from './region.ts';

/** https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html */
export interface VpcPeeringConnection {
  readonly id: string;
  readonly requesterVpcId: string;
  /** Of another account or region it is in no table of this one. */
  readonly accepterVpcId: string;
  /** Only an active connection carries packets. */
  readonly active: boolean;
  readonly tags: Tags;
}
