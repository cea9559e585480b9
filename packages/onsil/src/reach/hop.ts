/** The steps of a path: what a packet met, and what let it pass. */
import type { Route } from '../region/route-table.ts';
import type { Direction } from './verdict.ts';

export type Hop =
  /** Sent by, or received by, an interface, whose check it passed. */
  | {
      readonly kind: 'network-interface';
      readonly id: string;
      readonly does: 'sends' | 'receives' | 'forwards';
    }
  | {
      readonly kind: 'security-group';
      readonly direction: Direction;
      readonly networkInterfaceId: string;
      /** Every rule that allows some of the packets. */
      readonly rules: readonly { readonly groupId: string; readonly ruleId: string }[];
    }
  | {
      readonly kind: 'network-acl';
      readonly direction: Direction;
      readonly id: string;
      readonly subnetId: string;
      /** Numbers of the entries that allow some of the packets. */
      readonly entries: readonly number[];
    }
  | { readonly kind: 'route-table'; readonly id: string; readonly route: Route }
  | {
      readonly kind: 'internet-gateway';
      readonly vpcId: string;
      readonly side: 'source' | 'destination';
      /** Addresses before and after. */
      readonly before: number;
      readonly after: number;
    }
  | {
      readonly kind: 'nat-instance';
      readonly networkInterfaceId: string;
      readonly side: 'source' | 'destination';
      readonly after: number;
    }
  /** Beside all filters: the resolver, the metadata service, the time service. */
  | { readonly kind: 'vpc-service'; readonly name: string; readonly address: number }
  | { readonly kind: 'internet' };
