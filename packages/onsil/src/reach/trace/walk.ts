/**
 * The way of packets through the VPC, and of their replies back, in the order in which AWS asks:
 * security group out, network ACL out, route table, [gateway or middlebox, and again], network
 * ACL in, source/destination check, security group in.
 */
import { intersect } from '../packet-set/packet-set.ts';
import { UNANSWERED } from '../packet-set/rewrite.ts';
import type { Port } from '../port.ts';
import type { RoutedTarget } from '../route-table.ts';
import type { Blocker } from '../verdict.ts';
import { nobody } from './edge.ts';
import { askGroups, throughAcl } from './filters.ts';
import { leave } from './internet-gateway.ts';
import { leaveUntranslated } from './ipv6-edge.ts';
import { byOwner, type Leg, legsOf } from './legs.ts';
import { forward } from './middlebox.ts';
import { translateAtGateway, unsolicited } from './nat-gateway.ts';
import { beyond } from './outside.ts';
import { returnedOutside, returnedTo } from './reply.ts';
import {
  ends,
  type Outcome,
  passed,
  remaining,
  type State,
  withAddress,
  withPackets,
} from './state.ts';
import { askEndpoint, throughGatewayEndpoint } from './vpc-endpoint.ts';
import { askServices } from './vpc-service.ts';

/** Everything that becomes of packets which an interface sends. */
export function send(state: State, from: Port): readonly Outcome[] {
  if (!from.attached) return [blockedAt(state, from, 'BAD_STATE_ATTACHMENT')];
  const sent = passed(state, {
    kind: 'network-interface',
    id: from.id,
    does: state.middleboxes.at(-1) === from.id && state.way === 'forward' ? 'forwards' : 'sends',
  });
  // The system of an instance keeps what is for itself: nothing is on the network.
  const own = withAddress(sent, 'destination', from.own);
  const outcomes: Outcome[] = own === undefined ? [] : [ends(own, { kind: 'reachable' })];
  const others = remaining(sent, own);
  if (others === undefined) return outcomes;
  const services =
    state.way === 'forward' ? askServices(others, from) : { part: others, outcomes: [] };
  outcomes.push(...services.outcomes);
  const legs = services.part === undefined ? [] : legsOf(services.part, from);
  return [...outcomes, ...legs.flatMap((leg) => travel(leg, from))];
}

function travel(leg: Leg, from: Port): readonly Outcome[] {
  const groups = askGroups(leg.state, from, 'egress', leg.to);
  const { part, outcomes } = groups;
  if (part === undefined) return outcomes;
  const goOn = (state: State) => arriveBy({ ...leg, state }, from);
  return [...outcomes, ...(leg.boundary ? throughAcl(part, from, 'egress', goOn) : goOn(part))];
}

function arriveBy({ state, to, target, boundary }: Leg, from: Port): readonly Outcome[] {
  if (target === undefined) {
    return to === undefined ? [nobody(state)] : receive(state, from, to, boundary);
  }
  const routeTableId = from.subnet.routeTableId;
  const { way } = state;
  const blocked = (by: Blocker): readonly Outcome[] => [ends(state, { kind: 'blocked', way, by })];
  const at = { component: 'route-table', routeTableId, networkInterfaceId: from.id } as const;
  switch (target.kind) {
    case 'no-route':
      return blocked({ ...at, code: 'NO_ROUTE_TO_DESTINATION' });
    case 'blackhole':
      return blocked({ ...at, code: 'BAD_STATE_ROUTE', route: target.route });
    case 'ambiguous': {
      const reason = {
        code: 'OVERLAPPING_PREFIX_LISTS',
        routeTableId,
        routes: target.routes,
      } as const;
      return [ends(state, { kind: 'ambiguous', way, reason })];
    }
    case 'not-modelled':
      return [ends(state, { kind: 'not-modelled', way, resource: target.resource })];
    default: {
      const routed = passed(state, { kind: 'route-table', id: routeTableId, route: target.route });
      return byRoute({ state: routed, to, target, boundary }, from, target);
    }
  }
}

function byRoute(
  { state, to, boundary }: Leg,
  from: Port,
  target: RoutedTarget,
): readonly Outcome[] {
  switch (target.kind) {
    case 'internet-gateway':
      return state.model.space.family === 'ipv4'
        ? leave(state, from, beOutside)
        : leaveUntranslated(state, from, target, beOutside);
    case 'egress-only-internet-gateway':
      return leaveUntranslated(state, from, target, beOutside);
    case 'vpc-endpoint':
      return throughGatewayEndpoint(state, from, target.id, (there) =>
        answer(there, (reply) => {
          const back = passed(reply, { kind: 'vpc-endpoint', id: target.id });
          return deliver(back, from.vpc.id);
        }),
      );
    case 'vpc-peering-connection':
      return to === undefined
        ? outOfPeer(state, target)
        : receive(passed(state, { kind: 'vpc-peering-connection', id: target.id }), from, to, true);
    case 'local':
    case 'network-interface':
    case 'nat-gateway':
      return to === undefined ? [nobody(state)] : receive(state, from, to, boundary);
  }
}

/** Peering carries what is for the other VPC's blocks, and nobody has that here. */
function outOfPeer(
  state: State,
  { id, peerVpcId }: RoutedTarget & { readonly kind: 'vpc-peering-connection' },
): readonly Outcome[] {
  const inside = withAddress(state, 'destination', state.model.vpcRanges.get(peerVpcId) ?? []);
  const beyondIt = remaining(state, inside);
  const code = 'PCX_REQUIRES_ADDRESS_IN_VPC_CIDR';
  const by = { component: 'vpc-peering-connection', code, vpcPeeringConnectionId: id } as const;
  return [
    ...(inside === undefined ? [] : [nobody(inside)]),
    ...(beyondIt === undefined ? [] : [ends(beyondIt, { kind: 'blocked', way: state.way, by })]),
  ];
}

/** @param from the interface that sent it on this leg; absent: a gateway */
function receive(
  state: State,
  from: Port | undefined,
  to: Port,
  boundary: boolean,
): readonly Outcome[] {
  const goOn = (part: State) => atInterface(part, from, to);
  return boundary ? throughAcl(state, to, 'ingress', goOn) : goOn(state);
}

function atInterface(state: State, from: Port | undefined, to: Port): readonly Outcome[] {
  if (!to.attached) return [blockedAt(state, to, 'BAD_STATE_ATTACHMENT')];
  const own = withAddress(state, 'destination', to.own);
  const others = remaining(state, own);
  return [
    ...(own === undefined ? [] : forItself(own, from, to)),
    ...(others === undefined ? [] : forOthers(others, from, to)),
  ];
}

function forItself(state: State, from: Port | undefined, to: Port): readonly Outcome[] {
  if (to.service?.kind === 'nat-gateway' && state.way === 'forward')
    return [unsolicited(state, to)];
  const { part, outcomes } = askGroups(state, to, 'ingress', from);
  const endpoint = part === undefined ? { part, outcomes: [] } : askEndpoint(part, to);
  return [
    ...outcomes,
    ...endpoint.outcomes,
    ...(endpoint.part === undefined ? [] : arrive(endpoint.part, to)),
  ];
}

function forOthers(state: State, from: Port | undefined, to: Port): readonly Outcome[] {
  if (to.service?.kind === 'nat-gateway') return translateAtGateway(state, from, to, send);
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html#eni-basics
  if (to.networkInterface.sourceDestCheck) {
    return [blockedAt(state, to, 'ENI_SOURCE_DEST_CHECK_RESTRICTION')];
  }
  const { part, outcomes } = askGroups(state, to, 'ingress', from);
  return part === undefined ? outcomes : [...outcomes, ...forward(part, to, send)];
}

/** Inside a VPC, from one of its gateways. */
function deliver(state: State, vpcId: string): readonly Outcome[] {
  return byOwner(state, vpcId).flatMap((part) =>
    part.to === undefined ? [nobody(part.state)] : receive(part.state, undefined, part.to, true),
  );
}

/** At an interface that has the destination address. */
function arrive(state: State, to: Port): readonly Outcome[] {
  if (state.way === 'return') return returnedTo(state, to, send);
  const received = passed(state, { kind: 'network-interface', id: to.id, does: 'receives' });
  return answer(received, (reply) => send(reply, to));
}

/** Outside every VPC, perhaps on the way to an address of the region. */
export function beOutside(state: State): readonly Outcome[] {
  return beyond(state, {
    receive: (inside, to) => receive(inside, undefined, to, true),
    deliver,
    arrive: arriveOutside,
  });
}

function arriveOutside(state: State): readonly Outcome[] {
  if (state.way === 'return') return returnedOutside(state);
  if (state.origin === undefined) return [nobody(state)];
  return answer(passed(state, { kind: 'internet' }), beOutside);
}

/** What is answered goes back; of what is not, arriving is all there is. */
function answer(state: State, reply: (state: State) => readonly Outcome[]): readonly Outcome[] {
  const unanswered = withPackets(state, intersect(state.packets, UNANSWERED));
  const answered = remaining(state, unanswered);
  return [
    ...(unanswered === undefined ? [] : [ends(unanswered, { kind: 'reachable' })]),
    ...(answered === undefined ? [] : reply({ ...answered, way: 'return' })),
  ];
}

function blockedAt(
  state: State,
  { id }: Port,
  code: 'BAD_STATE_ATTACHMENT' | 'ENI_SOURCE_DEST_CHECK_RESTRICTION',
): Outcome {
  const by = { component: 'network-interface', code, networkInterfaceId: id } as const;
  return ends(state, { kind: 'blocked', way: state.way, by });
}
