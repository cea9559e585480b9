/**
 * The answers, as a closed union. Codes are those of AWS's Reachability Analyzer where it has one:
 * https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html
 */
import type { Route } from '../region/route-table.ts';
import type { Range } from './packet-set/packet-set.ts';

export type Direction = 'ingress' | 'egress';

/** Packets to the destination, or the packets that answer them. */
export type Way = 'forward' | 'return';

export type Verdict =
  | { readonly kind: 'reachable' }
  | { readonly kind: 'blocked'; readonly way: Way; readonly by: Blocker }
  /** AWS leaves the outcome open. */
  | { readonly kind: 'ambiguous'; readonly way: Way; readonly reason: Ambiguity }
  /** Depends on something that the region has no state for. Never taken as allowed. */
  | { readonly kind: 'not-modelled'; readonly way: Way; readonly resource: string };

export type Ambiguity =
  /**
   * The reply does not pass the middleboxes that the request passed: "asymmetric routing is not
   * supported", but an appliance without state would not notice.
   * https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html
   */
  | {
      readonly code: 'ASYMMETRIC_ROUTE';
      /** Interfaces of middleboxes, in the order in which each way passes them. */
      readonly forward: readonly string[];
      readonly return: readonly string[];
    }
  /**
   * A NAT gateway draws the source port, 1024 to 65535, and a network ACL lets replies to some of
   * them pass only. https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
   */
  | {
      readonly code: 'REMAP_EPHEMERAL_PORT';
      /** The drawn ports whose replies pass. */
      readonly ports: readonly Range[];
      /** What stops the others. */
      readonly otherwise: Verdict;
    }
  /**
   * "We randomly choose which route takes priority."
   * https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html#route-tables-priority-prefix-list
   */
  | {
      readonly code: 'OVERLAPPING_PREFIX_LISTS';
      readonly routeTableId: string;
      readonly routes: readonly Route[];
    };

/** What stops packets, with what a user must know to change it. */
export type Blocker =
  | {
      readonly component: 'security-group';
      readonly code: 'ENI_SG_RULES_MISMATCH' | 'SG_HAS_NO_RULES';
      readonly direction: Direction;
      readonly networkInterfaceId: string;
      readonly groupIds: readonly string[];
      /** The interface at the other end of this leg; absent where it is an Internet gateway. */
      readonly peerInterfaceId?: string;
    }
  | {
      readonly component: 'network-acl';
      readonly code: 'SUBNET_ACL_RESTRICTION';
      readonly direction: Direction;
      readonly networkAclId: string;
      readonly subnetId: string;
      /** 32767: the final entry, which denies what no other entry matches. */
      readonly entry: number;
    }
  | {
      readonly component: 'route-table';
      readonly code: 'NO_ROUTE_TO_DESTINATION';
      readonly routeTableId: string;
      readonly networkInterfaceId: string;
    }
  | {
      readonly component: 'route-table';
      /** A blackhole: its target is gone, detached or of another VPC. */
      readonly code: 'BAD_STATE_ROUTE';
      readonly routeTableId: string;
      readonly networkInterfaceId: string;
      readonly route: Route;
    }
  | {
      readonly component: 'internet-gateway';
      readonly code:
        | 'IGW_DESTINATION_ADDRESS_IN_VPC_CIDRS'
        | 'IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS'
        | 'IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS'
        | 'IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS'
        | 'IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS'
        /** Inwards to a public address whose VPC has no Internet gateway attached. */
        | 'BAD_STATE_ATTACHMENT';
      readonly vpcId: string;
    }
  | {
      readonly component: 'internet-gateway';
      /** The sender has no public address. */
      readonly code: 'IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS';
      readonly vpcId: string;
      readonly networkInterfaceId: string;
    }
  | {
      readonly component: 'network-interface';
      /**
       * `ENI_SOURCE_DEST_CHECK_RESTRICTION`: it gets only what is addressed to itself.
       * `BAD_STATE_ATTACHMENT`: no instance is behind it.
       * `IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS`: it has no public address to be reached at.
       * `FORWARDING_LOOP` (our own): a middlebox gets a packet again that it has sent on.
       * `ENI_HAS_NO_IPV6_ADDRESS` (our own).
       * `SERVICE_OPENS_NOTHING` (our own): it belongs to a NAT gateway or to an endpoint.
       */
      readonly code:
        | 'ENI_SOURCE_DEST_CHECK_RESTRICTION'
        | 'BAD_STATE_ATTACHMENT'
        | 'IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS'
        | 'FORWARDING_LOOP'
        | 'ENI_HAS_NO_IPV6_ADDRESS'
        | 'SERVICE_OPENS_NOTHING';
      readonly networkInterfaceId: string;
    }
  | {
      readonly component: 'nat-gateway';
      /**
       * `NGW_UNSOLICITED_INBOUND` (our own): it answers nothing and lets nothing in.
       * `NGW_SAME_SUBNET` (our own): it does not serve its own subnet.
       * `PROTOCOL_RESTRICTION`: neither tcp nor udp nor icmp.
       */
      readonly code: 'NGW_UNSOLICITED_INBOUND' | 'NGW_SAME_SUBNET' | 'PROTOCOL_RESTRICTION';
      readonly natGatewayId: string;
    }
  | {
      readonly component: 'vpc-peering-connection';
      /** It carries only what is for the other VPC's own blocks, and nothing beyond. */
      readonly code: 'PCX_REQUIRES_ADDRESS_IN_VPC_CIDR';
      readonly vpcPeeringConnectionId: string;
    }
  | {
      readonly component: 'vpc-endpoint';
      /**
       * `VPCE_GATEWAY_PROTOCOL_RESTRICTION`: neither tcp nor an ICMP echo.
       * `PROTOCOL_RESTRICTION`: an interface endpoint answers tcp only.
       */
      readonly code: 'VPCE_GATEWAY_PROTOCOL_RESTRICTION' | 'PROTOCOL_RESTRICTION';
      readonly vpcEndpointId: string;
    }
  | {
      readonly component: 'egress-only-internet-gateway';
      /** Our own: a reply to what never left by this gateway, which knows conversations. */
      readonly code: 'EIGW_REPLY_WITHOUT_REQUEST';
      readonly egressOnlyInternetGatewayId: string;
    }
  | {
      readonly component: 'address';
      /** `NO_POSSIBLE_DESTINATION`: nobody has it. `NO_SOURCE_OR_DESTINATION`: nor as a sender. */
      readonly code: 'NO_POSSIBLE_DESTINATION' | 'NO_SOURCE_OR_DESTINATION';
      /** An address of those asked for. */
      readonly address: string;
    }
  | {
      readonly component: 'translation';
      /** Our own: the reply would come from another address than the one that was asked. */
      readonly code: 'ASYMMETRIC_TRANSLATION';
      /** The interface that sent the reply where its translation is not undone. */
      readonly networkInterfaceId: string;
    };

/** The number of the last entry of every network ACL, shown as `*` on AWS. */
export const LAST_ENTRY = 32767;
