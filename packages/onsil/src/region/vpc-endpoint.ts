import type { Tags } from './region.ts';

/** https://docs.aws.amazon.com/vpc/latest/privatelink/concepts.html */
export interface VpcEndpoint {
  readonly id: string;
  readonly vpcId: string;
  /** e.g. `com.amazonaws.ap-northeast-2.s3` */
  readonly serviceName: string;
  /**
   * `gateway`: a target of prefix list routes, which the endpoint itself adds to its route tables.
   * `interface`: interfaces with private addresses and security groups, which only answer.
   */
  readonly type: 'gateway' | 'interface';
  readonly routeTableIds: readonly string[];
  readonly networkInterfaceIds: readonly string[];
  readonly tags: Tags;
}
