/** Where the packets of an interface go next: to a neighbour, or by which route to what. */
import { single, withoutRanges } from '../addresses.ts';
import type { Owner, Port } from '../model.ts';
import type { Range } from '../packet-set/packet-set.ts';
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
  const shownNow = shown(state, 'destination');
  const beside = withAddress(state, 'destination', [from.subnetRange]);
  const neighbours =
    beside === undefined
      ? []
      : toOwners(beside, from, shown(beside, 'destination'), undefined, false);
  const others = withoutRanges(shownNow, [from.subnetRange]);
  if (others.length === 0) return neighbours;
  const routed = state.model
    .routes(from.subnet.routeTableId)
    .flatMap(({ destinations, target }) => {
      const away = withoutRanges(destinations, [from.subnetRange]);
      const part = withAddress(state, 'destination', away);
      if (part === undefined) return [];
      if (target.kind === 'local') {
        return toOwners(part, from, shown(part, 'destination'), target, true);
      }
      const to = target.kind === 'network-interface' ? state.model.ports.get(target.id) : undefined;
      return [{ state: part, to, target, boundary: to?.subnet.id !== from.subnet.id }];
    });
  return [...neighbours, ...routed];
}

/** One leg for each interface that has some of the addresses, and one for those of nobody. */
function toOwners(
  state: State,
  from: Port,
  ranges: readonly Range[],
  target: CompiledTarget | undefined,
  boundary: boolean,
): readonly Leg[] {
  const owners = state.model.owners.get(from.vpc.id) ?? [];
  const found = ranges.flatMap((range) => ownersIn(owners, range));
  const ports = new Set(found.map(({ port }) => port));
  const legs = [...ports].flatMap((to): readonly Leg[] => {
    const part = withAddress(state, 'destination', to.own);
    return part === undefined ? [] : [{ state: part, to, target, boundary }];
  });
  const owned = found.map(({ address }) => single(address));
  const free = withAddress(state, 'destination', withoutRanges(ranges, owned));
  return free === undefined ? legs : [...legs, { state: free, to: undefined, target, boundary }];
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
