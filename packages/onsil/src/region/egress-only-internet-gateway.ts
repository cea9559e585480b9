import type { Tags } from './region.ts';

/** https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html */
export interface EgressOnlyInternetGateway {
  readonly id: string;
  readonly vpcId: string;
  readonly tags: Tags;
}
