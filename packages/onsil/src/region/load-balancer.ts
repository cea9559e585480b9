import type { Tags } from './region.ts';

/** One zone that a load balancer is in. */
export interface LoadBalancerZone {
  readonly zone: string;
  readonly subnetId: string;
  /** Its own interface there, with its groups; health checks and requests to targets come from it. */
  readonly networkInterfaceId: string;
}

/**
 * An Application or Network Load Balancer.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancer.html
 */
export interface LoadBalancer {
  readonly arn: string;
  /** Unique in a region, classic ones counted. */
  readonly name: string;
  readonly logicalId: string;
  readonly type: 'application' | 'network';
  readonly scheme: 'internet-facing' | 'internal';
  readonly vpcId: string;
  readonly zones: readonly LoadBalancerZone[];
  /** Of each of its interfaces; empty: a Network Load Balancer that nothing filters. */
  readonly securityGroupIds: readonly string[];
  readonly dnsName: string;
  /** What an alias record names. */
  readonly canonicalHostedZoneId: string;
  /** As they were given, e.g. `idle_timeout.timeout_seconds`. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Tags;
}

/**
 * A load balancer of the first generation: its listeners and instances are its own.
 * https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_LoadBalancerDescription.html
 */
export interface ClassicLoadBalancer {
  readonly name: string;
  readonly logicalId: string;
  readonly scheme: 'internet-facing' | 'internal';
  readonly vpcId: string;
  readonly zones: readonly LoadBalancerZone[];
  readonly securityGroupIds: readonly string[];
  readonly dnsName: string;
  readonly canonicalHostedZoneId: string;
  readonly listeners: readonly ClassicListener[];
  /** `HTTP:80/path`, `TCP:22`. Times in seconds. */
  readonly healthCheck: {
    readonly target: string;
    readonly interval: number;
    readonly timeout: number;
    readonly healthyThreshold: number;
    readonly unhealthyThreshold: number;
  };
  readonly instanceIds: readonly string[];
  /** Whether each node sends to the instances of all zones. */
  readonly crossZone: boolean;
  /** Seconds without a byte after which a connection is closed. */
  readonly idleTimeout: number;
  /** Seconds that connections to an instance which is taken out may go on. */
  readonly drainingTimeout: number;
  readonly tags: Tags;
}

export interface ClassicListener {
  readonly protocol: 'HTTP' | 'HTTPS' | 'TCP' | 'SSL';
  readonly loadBalancerPort: number;
  readonly instanceProtocol: 'HTTP' | 'HTTPS' | 'TCP' | 'SSL';
  readonly instancePort: number;
  readonly certificateArn?: string;
}
