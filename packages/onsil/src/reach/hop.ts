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
      readonly before: string;
      readonly after: string;
    }
  /** IPv6 is translated nowhere. */
  | { readonly kind: 'ipv6-gateway'; readonly vpcId: string; readonly egressOnly: boolean }
  | {
      readonly kind: 'nat-instance';
      readonly networkInterfaceId: string;
      readonly side: 'source' | 'destination';
      readonly after: string;
    }
  /** Of tcp and udp the source port as well: one from 1024 to 65535, drawn by the gateway. */
  | {
      readonly kind: 'nat-gateway';
      readonly natGatewayId: string;
      readonly side: 'source' | 'destination';
      readonly after: string;
    }
  | { readonly kind: 'vpc-peering-connection'; readonly id: string }
  /** A gateway endpoint, to its service or back. */
  | { readonly kind: 'vpc-endpoint'; readonly id: string }
  /** Beside all filters: the resolver, the metadata service, the time service. */
  | { readonly kind: 'vpc-service'; readonly name: string; readonly address: string }
  | { readonly kind: 'internet' };
