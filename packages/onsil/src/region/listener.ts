import type { JsonMap } from './json.ts';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Listener.html */
export interface Listener {
  readonly arn: string;
  readonly loadBalancerArn: string;
  readonly port: number;
  readonly protocol: 'HTTP' | 'HTTPS' | 'TCP' | 'TLS' | 'UDP' | 'TCP_UDP';
  readonly sslPolicy?: string;
  /** The first is the default one. */
  readonly certificateArns: readonly string[];
  /** What no rule takes; by order. */
  readonly defaultActions: readonly ListenerAction[];
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Rule.html */
export interface ListenerRule {
  readonly arn: string;
  readonly listenerArn: string;
  /** The lowest one that matches is taken; unique in a listener. */
  readonly priority: number;
  /** All of them must hold. */
  readonly conditions: readonly RuleCondition[];
  readonly actions: readonly ListenerAction[];
}

/** One of the values must match; `*` and `?` stand for letters in host names, paths and headers. */
export type RuleCondition =
  | {
      readonly field: 'host-header' | 'path-pattern' | 'http-request-method' | 'source-ip';
      readonly values: readonly string[];
    }
  | {
      readonly field: 'http-header';
      readonly headerName: string;
      readonly values: readonly string[];
    }
  | {
      readonly field: 'query-string';
      readonly values: readonly { readonly key?: string; readonly value: string }[];
    };

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Action.html */
export type ListenerAction =
  | {
      readonly kind: 'forward';
      readonly targetGroups: readonly { readonly arn: string; readonly weight: number }[];
      /** Seconds that a client stays with a group; absent: no stickiness. */
      readonly stickySeconds?: number;
    }
  | {
      /** `#{protocol}` and the like stand for parts of the request. */
      readonly kind: 'redirect';
      readonly protocol: string;
      readonly host: string;
      readonly port: string;
      readonly path: string;
      readonly query: string;
      readonly statusCode: 301 | 302;
    }
  | {
      readonly kind: 'fixed-response';
      readonly statusCode: number;
      readonly contentType: string;
      readonly messageBody: string;
    }
  /** Logins and the like: kept, not run. */
  | { readonly kind: 'not-modelled'; readonly type: string; readonly given: JsonMap };
