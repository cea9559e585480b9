/**
 * Addresses that no rule, entry or route can tell apart are one class, so that the cost of all
 * pairs grows with what was written, not with the number of machines.
 */
import { parseBlock } from '../region/ipv4.ts';
import type { Model, Port } from './model.ts';

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
 * By subnet (and so route table and ACL), groups, source/destination check, attachment, public or
 * not, and the blocks that the region names. Blocks are nested or disjoint, so the narrowest one
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
        ...[networkInterface.sourceDestCheck, metadataOf(model, port)],
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
function blockFinder({ region }: Model): (address: number) => string {
  const rules = Object.values(region.securityGroups)
    .flatMap(({ ingress, egress }) => [...ingress, ...egress])
    .flatMap(({ peer }) => (peer.kind === 'cidr' ? [peer.cidr] : []));
  const entries = Object.values(region.networkAcls).flatMap((acl) => acl.entries);
  const routes = Object.values(region.routeTables).flatMap((table) => table.routes);
  const blocks = new Set([
    ...rules,
    ...entries.map(({ cidr }) => cidr),
    ...routes.map(({ destination }) => destination),
  ]);
  const byPrefix = new Map<number, Set<number>>();
  for (const text of blocks) {
    const block = parseBlock(text);
    if (block === undefined) continue;
    const firsts = byPrefix.get(block.prefix) ?? new Set();
    byPrefix.set(block.prefix, firsts.add(block.first));
  }
  const prefixes = [...byPrefix].sort(([a], [b]) => b - a);
  return (address) => {
    for (const [prefix, firsts] of prefixes) {
      const first = address - (address % 2 ** (32 - prefix));
      if (firsts.has(first)) return `${first}/${prefix}`;
    }
    return '';
  };
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
