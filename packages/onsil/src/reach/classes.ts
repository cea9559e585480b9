/**
 * Addresses that no rule, entry or route can tell apart are one class, so that the cost of all
 * pairs grows with what was written, not with the number of machines.
 */
import type { Model, Port } from './model.ts';
import type { Range } from './packet-set/packet-set.ts';

export interface Member {
  readonly networkInterfaceId: string;
  readonly address: number;
}

export interface AddressClass {
  readonly index: number;
  /** Stands for all of them. */
  readonly address: number;
  readonly port: Port;
  /** Whether the address has a public one. */
  readonly visible: boolean;
  readonly members: readonly Member[];
  /** Number of the set of groups. */
  readonly groups: number;
  /** Number of the narrowest block of the region that holds the address. */
  readonly atom: number;
  readonly subnet: number;
}

/**
 * By subnet (and so route table and ACL), groups, source/destination check, what is behind it,
 * public or not, and the blocks that the region names. Blocks are nested or disjoint, so the narrowest one
 * around an address tells all of them.
 */
export function classesOf(model: Model): readonly AddressClass[] {
  const narrowest = blockFinder(model);
  const routed = routeTargets(model);
  const visible = new Set(
    model.associations.map(({ port, privateIp }) => `${port.id} ${privateIp}`),
  );
  const groups = numbering();
  const atoms = numbering();
  const subnets = numbering();
  const classes = new Map<string, AddressClass & { readonly members: Member[] }>();
  for (const port of model.ports.values()) {
    const { networkInterface, own, subnet, attached } = port;
    const groupSet = groups([...networkInterface.securityGroupIds].sort().join(' '));
    for (const { first: address } of own) {
      const atom = atoms(narrowest(address));
      const isVisible = visible.has(`${port.id} ${address}`);
      const key = [
        ...[subnets(subnet.id), groupSet, atom, isVisible, attached],
        ...[networkInterface.sourceDestCheck, metadataOf(model, port), port.service?.id],
        // What a route names is like no other.
        routed.has(port.id) ? port.id : '',
      ].join(' ');
      const member = { networkInterfaceId: port.id, address };
      const known = classes.get(key);
      if (known !== undefined) known.members.push(member);
      else {
        classes.set(key, {
          ...{ index: classes.size, address, port, visible: isVisible, members: [member] },
          ...{ groups: groupSet, atom, subnet: subnets(subnet.id) },
        });
      }
    }
  }
  return [...classes.values()];
}

function metadataOf({ region }: Model, { networkInterface }: Port): boolean {
  const instance = region.instances[networkInterface.attachment?.instanceId ?? ''];
  return instance?.metadataOptions.enabled !== false;
}

function routeTargets({ region }: Model): ReadonlySet<string> {
  return new Set(
    Object.values(region.routeTables).flatMap(({ routes }) =>
      routes.flatMap(({ target }) => (target.kind === 'network-interface' ? [target.id] : [])),
    ),
  );
}

/** The narrowest block that the region names around an address, as text. */
function blockFinder(model: Model): (address: number) => string {
  const firsts: number[] = [];
  const names: string[] = [];
  const begin = (first: number, name: string): void => {
    // What begins at the same place is narrower than what began there before.
    if (firsts.at(-1) === first) names[names.length - 1] = name;
    else {
      firsts.push(first);
      names.push(name);
    }
  };
  const around: Range[] = [];
  const nameOf = (range: Range | undefined): string =>
    range === undefined ? '' : `${range.first}-${range.last}`;
  const leave = (before: number): void => {
    for (let inner = around.at(-1); inner !== undefined; inner = around.at(-1)) {
      if (inner.last >= before) return;
      around.pop();
      begin(inner.last + 1, nameOf(around.at(-1)));
    }
  };
  const blocks = namedBlocks(model).toSorted((a, b) => a.first - b.first || b.last - a.last);
  begin(0, '');
  for (const range of blocks) {
    leave(range.first);
    around.push(range);
    begin(range.first, nameOf(range));
  }
  leave(Number.POSITIVE_INFINITY);
  return (address) => {
    let [low, high] = [0, firsts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((firsts[middle] ?? 0) <= address) low = middle;
      else high = middle;
    }
    return names[low] ?? '';
  };
}

function namedBlocks({ region, space, listRanges }: Model): readonly Range[] {
  const rules = Object.values(region.securityGroups)
    .flatMap(({ ingress, egress }) => [...ingress, ...egress])
    .flatMap(({ peer }) => ('cidr' in peer ? [peer.cidr] : []));
  const entries = Object.values(region.networkAcls).flatMap((acl) => acl.entries);
  const routes = Object.values(region.routeTables).flatMap((table) => table.routes);
  const blocks = new Set([
    ...rules,
    ...entries.map(({ cidr }) => cidr),
    ...routes.map(({ destination }) => destination).filter((text) => text.includes('/')),
  ]);
  const lists = Object.keys(region.prefixLists).flatMap((id) => listRanges(id) ?? []);
  return [...[...blocks].flatMap(space.rangesOf), ...lists];
}

/** Numbers texts in the order in which they come. */
function numbering(): (text: string) => number {
  const numbers = new Map<string, number>();
  return (text) => {
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, numbers.size);
    return numbers.size - 1;
  };
}
