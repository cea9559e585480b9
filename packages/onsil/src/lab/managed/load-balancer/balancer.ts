/**
 * A load balancer of any generation in one form: nodes, what they listen to, and pools of servers.
 * Everything below is made of the region alone.
 */
import type { RuleCondition } from '../../../region/listener.ts';
import type { LoadBalancerZone } from '../../../region/load-balancer.ts';
import type { HealthCheck } from '../../../region/target-group.ts';

export interface Balancer {
  /** Of its machine. */
  readonly id: string;
  /** The template's name of it. */
  readonly name: string;
  readonly type: 'Application Load Balancer' | 'Network Load Balancer' | 'Classic Load Balancer';
  readonly vpcId: string;
  readonly dnsName: string;
  readonly nodes: readonly Node[];
  readonly fronts: readonly Front[];
  readonly pools: readonly Pool[];
  /** Seconds without a byte after which a connection is closed. */
  readonly idleTimeout: number;
  readonly forwardedFor: 'append' | 'preserve' | 'remove';
}

/** What a load balancer is in one zone: an address that answers, and asks targets. */
export interface Node extends LoadBalancerZone {
  readonly address: string;
}

/** One listener, at each of the nodes. */
export interface Front {
  readonly port: number;
  readonly mode: 'http' | 'tcp';
  /** Absent: no TLS. The first one is the default. */
  readonly certificates?: readonly Certificate[];
  readonly http2: boolean;
  /** By priority; the last one has no conditions and takes what is left. */
  readonly rules: readonly Rule[];
}

/** DNS names that a certificate is for. */
export interface Certificate {
  readonly names: readonly string[];
}

export interface Rule {
  readonly conditions: readonly RuleCondition[];
  readonly action: Action;
}

export type Action =
  | {
      readonly kind: 'forward';
      readonly pools: readonly { readonly pool: string; readonly weight: number }[];
      readonly stickySeconds?: number;
    }
  | {
      readonly kind: 'redirect';
      readonly protocol: string;
      readonly host: string;
      readonly port: string;
      readonly path: string;
      readonly query: string;
      readonly statusCode: number;
    }
  | {
      readonly kind: 'fixed-response';
      readonly statusCode: number;
      readonly contentType: string;
      readonly messageBody: string;
    };

/** The servers of a target group, or of a classic load balancer on one port. */
export interface Pool {
  /** Letters, digits and hyphens; unique in the balancer. */
  readonly name: string;
  readonly mode: 'http' | 'tcp';
  readonly tls: boolean;
  readonly servers: readonly Server[];
  /** Whether each node sends to the servers of all zones. */
  readonly crossZone: boolean;
  readonly algorithm: 'roundrobin' | 'leastconn' | 'random';
  readonly stickiness?: Stickiness;
  /** Seconds in which a server that came gets its share little by little. */
  readonly slowStart: number;
  /** Seconds that connections to a server which is taken out may go on. */
  readonly deregistrationDelay: number;
  readonly proxyProtocol: boolean;
  /** Whose checks count: pools of one classic load balancer share them. Absent: all are healthy. */
  readonly check?: Check;
}

export type Stickiness =
  | { readonly kind: 'lb_cookie'; readonly seconds: number }
  | { readonly kind: 'app_cookie'; readonly seconds: number; readonly cookie: string }
  | { readonly kind: 'source_ip' };

export interface Server {
  /** As AWS names the target, with its port: `i-0123:8080`. */
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** Absent: of no zone of the region, reached from all nodes. */
  readonly zone?: string;
}

export interface Check extends Omit<HealthCheck, 'enabled'> {
  readonly name: string;
}
