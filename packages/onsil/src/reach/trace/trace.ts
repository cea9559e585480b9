/** From one end to another: everything that can become of the packets, exactly. */
import { finderIn, single, withoutRanges } from '../addresses.ts';
import type { Model } from '../model.ts';
import { box, intersect, type PacketSet, type Range, UNIVERSE } from '../packet-set/packet-set.ts';
import { isPassive, type Port } from '../port.ts';
import {
  ends,
  type Outcome,
  remaining,
  type State,
  shown,
  withAddress,
  withPackets,
} from './state.ts';
import { beOutside, send } from './walk.ts';

export type Endpoint =
  /** Of a region. */
  | { readonly kind: 'network-interface'; readonly id: string }
  /** Any addresses: of interfaces, or outside. */
  | { readonly kind: 'addresses'; readonly ranges: readonly Range[] };

export interface Question {
  readonly from: Endpoint;
  readonly to: Endpoint;
  /** Only these packets; addresses are narrowed to those of both ends. Absent: all. */
  readonly packets?: PacketSet;
}

/**
 * Outcomes are disjoint, and together they hold every packet asked about. An interface as the
 * destination means the addresses by which the sender knows it: private ones inside its VPC and
 * from peered ones, public ones from elsewhere. Throws RangeError where the region has no such interface.
 */
export function trace(
  model: Model,
  { from, to, packets = UNIVERSE }: Question,
): readonly Outcome[] {
  switch (from.kind) {
    case 'network-interface': {
      const port = portOf(model, from.id);
      return fromPort(model, port, to, intersect(packets, box({ sources: port.own })));
    }
    case 'addresses': {
      const inside = insiders(model, from.ranges);
      const parts = inside.map(([port, ranges]) =>
        fromPort(model, port, to, intersect(packets, box({ sources: ranges }))),
      );
      const owned = inside.flatMap(([, ranges]) => ranges);
      const others = withoutRanges(from.ranges, owned);
      return [...parts.flat(), ...fromOutside(model, others, to, packets)];
    }
  }
}

function fromPort(model: Model, port: Port, to: Endpoint, packets: PacketSet): readonly Outcome[] {
  const state = start(model, packets, port);
  if (state === undefined) return [];
  return towards(state, to, port.vpc.id, (part) =>
    isPassive(port) ? [atInterface(part, port.id, 'SERVICE_OPENS_NOTHING')] : send(part, port),
  );
}

function fromOutside(
  model: Model,
  ranges: readonly Range[],
  to: Endpoint,
  packets: PacketSet,
): readonly Outcome[] {
  const asked = start(model, intersect(packets, box({ sources: ranges })), undefined);
  if (asked === undefined) return [];
  const { idlePublicIps, associations, vpcRanges } = model;
  // Public addresses of the region, and addresses of a VPC that no interface has, send nothing.
  const publicIps = [...idlePublicIps, ...associations.map(({ publicIp }) => publicIp)];
  const blocks = [...vpcRanges.values()].flat();
  const silent = box({ sources: [...publicIps.map(single), ...blocks] });
  const impossible = withPackets(asked, intersect(asked.packets, silent));
  const real = remaining(asked, impossible);
  return [
    ...(impossible === undefined ? [] : [noSource(impossible)]),
    ...(real === undefined ? [] : towards(real, to, undefined, beOutside)),
  ];
}

function noSource(state: State): Outcome {
  const address = state.model.space.textOf(shown(state, 'source')[0]?.first ?? 0);
  const by = { component: 'address', code: 'NO_SOURCE_OR_DESTINATION', address } as const;
  return ends(state, { kind: 'blocked', way: 'forward', by });
}

/** Narrows the packets to the addresses of the destination that the sender would use. */
function towards(
  state: State,
  to: Endpoint,
  vpcId: string | undefined,
  go: (state: State) => readonly Outcome[],
): readonly Outcome[] {
  const ranges = to.kind === 'addresses' ? to.ranges : addressesFor(state.model, to.id, vpcId);
  if (to.kind === 'network-interface' && ranges.length === 0) {
    const isIpv4 = state.model.space.family === 'ipv4';
    const code = isIpv4 ? 'IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS' : 'ENI_HAS_NO_IPV6_ADDRESS';
    return [atInterface(state, to.id, code)];
  }
  const part = withAddress(state, 'destination', ranges);
  return part === undefined ? [] : go(part);
}

function atInterface(
  state: State,
  networkInterfaceId: string,
  code:
    | 'IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS'
    | 'ENI_HAS_NO_IPV6_ADDRESS'
    | 'SERVICE_OPENS_NOTHING',
): Outcome {
  const by = { component: 'network-interface', code, networkInterfaceId } as const;
  return ends(state, { kind: 'blocked', way: 'forward', by });
}

/**
 * The addresses by which somebody in a VPC (absent: outside) knows an interface: inside the VPC and
 * from peered ones those that it has, from elsewhere its public ones. IPv6 has but one kind.
 */
export function addressesFor(
  model: Model,
  networkInterfaceId: string,
  vpcId: string | undefined,
): readonly Range[] {
  const port = portOf(model, networkInterfaceId);
  const isNear = vpcId === port.vpc.id || (vpcId !== undefined && model.peered(vpcId, port.vpc.id));
  if (isNear || model.space.family === 'ipv6') return port.own;
  return model.associations.flatMap((each) =>
    each.port.id === port.id ? [single(each.publicIp)] : [],
  );
}

/** Interfaces that have some of the addresses, each with those. */
function insiders(
  model: Model,
  ranges: readonly Range[],
): readonly (readonly [Port, readonly Range[]])[] {
  const isAsked = finderIn(ranges);
  return [...model.ports.values()].flatMap((port) => {
    // Own ones are single addresses: no list of thousands of outside ranges is sorted for each.
    const own = port.own.filter(({ first }) => isAsked(first));
    return own.length === 0 ? [] : [[port, own] as const];
  });
}

function start(model: Model, packets: PacketSet, origin: Port | undefined): State | undefined {
  if (packets.length === 0) return undefined;
  return {
    model,
    way: 'forward',
    packets,
    ...(origin === undefined ? {} : { origin }),
    forward: [],
    back: [],
    middleboxes: [],
    returned: [],
    translations: [],
    leftBy: [],
  };
}

function portOf(model: Model, id: string): Port {
  const port = model.ports.get(id);
  if (port === undefined) throw new RangeError(`The region has no network interface ${id}.`);
  return port;
}
