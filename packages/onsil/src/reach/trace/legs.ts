/** Where the packets of an interface go next: to a neighbour, or by which route to what. */
import { single, withoutRanges } from '../addresses.ts';

import type { Range } from '../packet-set/packet-set.ts';
import type { Owner, Port } from '../port.ts';
import type { CompiledTarget } from '../route-table.ts';
import { type State, shown, withAddress } from './state.ts';

export interface Leg {
  readonly state: State;
  /** The interface at its end; absent: a gateway, or nobody. */
  readonly to: Port | undefined;
  /**
   * Absent inside a subnet: neighbours ask no route table.
   * https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html#gateway-route-tables
   */
  readonly target: CompiledTarget | undefined;
  /** Whether it crosses the edge of the sender's subnet, where its ACL is asked. */
  readonly boundary: boolean;
}

/** Disjoint; together every packet of the state. */
export function legsOf(state: State, from: Port): readonly Leg[] {
  const { model } = state;
  const beside = withAddress(state, 'destination', from.subnetRanges);
  const neighbours = beside === undefined ? [] : byOwner(beside, from.vpc.id);
  const others = withoutRanges(shown(state, 'destination'), from.subnetRanges);
  const near = neighbours.map((part) => ({ ...part, target: undefined, boundary: false }));
  if (others.length === 0) return near;
  const routed = model
    .routes(from.subnet.routeTableId)
    .flatMap(({ destinations, target }): readonly Leg[] => {
      const away = withoutRanges(destinations, from.subnetRanges);
      const part = withAddress(state, 'destination', away);
      if (part === undefined) return [];
      if (target.kind === 'local' || target.kind === 'vpc-peering-connection') {
        const vpcId = target.kind === 'local' ? from.vpc.id : target.peerVpcId;
        return byOwner(part, vpcId).map((each) => ({ ...each, target, boundary: true }));
      }
      const isBox = target.kind === 'network-interface' || target.kind === 'nat-gateway';
      const to = isBox ? model.ports.get(target.id) : undefined;
      return [{ state: part, to, target, boundary: to?.subnet.id !== from.subnet.id }];
    });
  return [...near, ...routed];
}

/** One part for each interface that has some of the destinations, and one for those of nobody. */
export function byOwner(
  state: State,
  vpcId: string,
): readonly { readonly state: State; readonly to: Port | undefined }[] {
  const ranges = shown(state, 'destination');
  const owners = state.model.owners.get(vpcId) ?? [];
  const found = ranges.flatMap((range) => ownersIn(owners, range));
  const ports = new Set(found.map(({ port }) => port));
  const parts = [...ports].flatMap((to) => {
    const part = withAddress(state, 'destination', to.own);
    return part === undefined ? [] : [{ state: part, to }];
  });
  const owned = found.map(({ address }) => single(address));
  const free = withAddress(state, 'destination', withoutRanges(ranges, owned));
  return free === undefined ? parts : [...parts, { state: free, to: undefined }];
}

/** By binary search: a VPC may have thousands of addresses. */
function ownersIn(owners: readonly Owner[], { first, last }: Range): readonly Owner[] {
  let [low, high] = [0, owners.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((owners[middle]?.address ?? 0) < first) low = middle + 1;
    else high = middle;
  }
  const found: Owner[] = [];
  for (let at = low; at < owners.length; at += 1) {
    const owner = owners[at];
    if (owner === undefined || owner.address > last) break;
    found.push(owner);
  }
  return found;
}
