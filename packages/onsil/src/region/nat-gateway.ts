import type { Tags } from './region.ts';

/** https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html */
export interface NatGateway {
  readonly id: string;
  readonly vpcId: string;
  readonly subnetId: string;
  /** `public` has an Elastic IP and goes by the Internet gateway; `private` translates only. */
  readonly connectivity: 'public' | 'private';
  /** Its own interface, without security groups; translated packets have its primary address. */
  readonly networkInterfaceId: string;
  readonly tags: Tags;
}
