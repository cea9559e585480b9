import type { Tags } from './region.ts';

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html */
export interface NetworkInterface {
  readonly id: string;
  readonly subnetId: string;
  readonly vpcId: string;
  /** Private IPv4 addresses, the primary one first. */
  readonly privateIps: readonly string[];
  readonly ipv6Addresses: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly sourceDestCheck: boolean;
  readonly macAddress: string;
  /** The automatic public address of the primary private one; an Elastic IP takes its place. */
  readonly publicIp?: string;
  readonly attachment?: { readonly instanceId: string; readonly deviceIndex: number };
  /**
   * The interface belongs to a service of AWS instead of an instance. `service`: a load balancer,
   * a database, a function …, that answers and asks as an instance would; its id is a name that
   * no other interface has. `of` is what it belongs to, where the region has that.
   */
  readonly managedBy?: {
    readonly kind: 'nat-gateway' | 'vpc-endpoint' | 'service';
    readonly id: string;
    readonly of?: {
      readonly table: 'loadBalancers' | 'classicLoadBalancers' | 'dbInstances' | 'mountTargets';
      /** The key in that table. */
      readonly key: string;
    };
  };
  readonly description: string;
  readonly tags: Tags;
}
