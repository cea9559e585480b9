import type { Tags } from './region.ts';

/** https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html */
export interface InternetGateway {
  readonly id: string;
  /** Absent while it is attached to no VPC. */
  readonly vpcId?: string;
  readonly tags: Tags;
}
