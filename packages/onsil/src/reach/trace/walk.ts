/**
 * The way of packets through the VPC, and of their replies back, in the order in which AWS asks:
 * security group out, network ACL out, route table, [gateway or middlebox, and again], network
 * ACL in, source/destination check, security group in.
 */
import { isIn, single } from '../addresses.ts';
import type { Port } from '../model.ts';
import { intersect } from '../packet-set/packet-set.ts';
import { UNANSWERED } from '../packet-set/rewrite.ts';
import type { Blocker } from '../verdict.ts';
import { askAcl, askGroups } from './filters.ts';
import { enter, leave, nobody } from './internet-gateway.ts';
import { type Leg, legsOf } from './legs.ts';
import { forward } from './middlebox.ts';
import { returnedOutside, returnedTo } from './reply.ts';
import {
  ends,
  type Outcome,
  passed,
  remaining,
  type State,
  shown,
  withAddress,
  withPackets,
} from './state.ts';
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

function travel({ state, to, target, boundary }: Leg, from: Port): readonly Outcome[] {
  const groups = askGroups(state, from, 'egress', to);
  if (groups.part === undefined) return groups.outcomes;
  const acl = boundary ? askAcl(groups.part, from, 'egress') : { part: groups.part, outcomes: [] };
  const outcomes = [...groups.outcomes, ...acl.outcomes];
  if (acl.part === undefined) return outcomes;
  return [...outcomes, ...arriveBy(acl.part, from, to, target, boundary)];
}

function arriveBy(
  state: State,
  from: Port,
  to: Port | undefined,
  target: Leg['target'],
  boundary: boolean,
): readonly Outcome[] {
  const routeTableId = from.subnet.routeTableId;
  const blocked = (by: Blocker): readonly Outcome[] => [
    ends(state, { kind: 'blocked', way: state.way, by }),
  ];
  const at = { component: 'route-table', routeTableId, networkInterfaceId: from.id } as const;
  if (target === undefined)
    return to === undefined ? [nobody(state)] : receive(state, from, to, boundary);
  switch (target.kind) {
    case 'no-route':
      return blocked({ ...at, code: 'NO_ROUTE_TO_DESTINATION' });
    case 'blackhole':
      return blocked({ ...at, code: 'BAD_STATE_ROUTE', route: target.route });
    case 'not-modelled':
      return [ends(state, { kind: 'not-modelled', way: state.way, resource: target.resource })];
    case 'local':
    case 'network-interface':
    case 'internet-gateway': {
      const routed = passed(state, { kind: 'route-table', id: routeTableId, route: target.route });
      if (target.kind === 'internet-gateway') return leave(routed, from, beOutside);
      return to === undefined ? [nobody(routed)] : receive(routed, from, to, boundary);
    }
  }
}

/** @param from the interface that sent it on this leg; absent: an Internet gateway */
function receive(
  state: State,
  from: Port | undefined,
  to: Port,
  boundary: boolean,
): readonly Outcome[] {
  const acl = boundary ? askAcl(state, to, 'ingress') : { part: state, outcomes: [] };
  const outcomes = [...acl.outcomes];
  if (acl.part === undefined) return outcomes;
  if (!to.attached) return [...outcomes, blockedAt(acl.part, to, 'BAD_STATE_ATTACHMENT')];
  const own = withAddress(acl.part, 'destination', to.own);
  const others = remaining(acl.part, own);
  for (const [part, isOwn] of [
    [own, true],
    [others, false],
  ] as const) {
    if (part === undefined) continue;
    // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html#eni-basics
    if (!isOwn && to.networkInterface.sourceDestCheck) {
      outcomes.push(blockedAt(part, to, 'ENI_SOURCE_DEST_CHECK_RESTRICTION'));
      continue;
    }
    const groups = askGroups(part, to, 'ingress', from);
    outcomes.push(...groups.outcomes);
    if (groups.part === undefined) continue;
    outcomes.push(...(isOwn ? arrive(groups.part, to) : forward(groups.part, to, send)));
  }
  return outcomes;
}

/** At an interface that has the destination address. */
function arrive(state: State, to: Port): readonly Outcome[] {
  if (state.way === 'return') return returnedTo(state, to, send);
  const received = passed(state, { kind: 'network-interface', id: to.id, does: 'receives' });
  return answer(received, (reply) => send(reply, to));
}

/** Outside every VPC, perhaps on the way to a public address of the region. */
export function beOutside(state: State): readonly Outcome[] {
  const { associations, idlePublicIps, outside } = state.model;
  const outcomes: Outcome[] = [];
  let rest: State | undefined = state;
  const destinations = shown(state, 'destination');
  const asked = associations.filter(({ publicIp }) => isIn(publicIp, destinations));
  for (const association of asked) {
    const part: State | undefined =
      rest && withAddress(rest, 'destination', [single(association.publicIp)]);
    if (part === undefined || rest === undefined) continue;
    outcomes.push(
      ...enter(part, association, (inside, to) => receive(inside, undefined, to, true)),
    );
    rest = remaining(rest, part);
  }
  const there = rest && withAddress(rest, 'destination', outside);
  if (there !== undefined) outcomes.push(...arriveOutside(there));
  rest = rest && remaining(rest, there);
  // Elastic IPs of nobody, and addresses that are in no way public.
  const idle = rest && withAddress(rest, 'destination', idlePublicIps.map(single));
  for (const part of [idle, rest && remaining(rest, idle)]) {
    if (part !== undefined) outcomes.push(nobody(part));
  }
  return outcomes;
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
