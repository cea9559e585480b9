/** What a picture has to show: the ends of the proof, and what only translates. */
import { ownerOf } from '../cost/hosts.ts';
import type { Row } from '../reach/matrix.ts';
import { isEmpty } from '../reach/packet-set/packet-set.ts';
import { nameOf } from '../reach/text/path.ts';
import { publicAddresses } from '../region/elastic-ip.ts';
import type { NetworkInterface } from '../region/network-interface.ts';
import type { Region } from '../region/region.ts';
import type { NodeKind } from './scene.ts';

/** One thing of the picture before equal ones are folded. */
export interface End {
  readonly id: string;
  readonly kind: NodeKind;
  readonly title: string;
  readonly lines: readonly string[];
  /** By which the proof calls it; undefined: it is no end of any packet. */
  readonly name?: string;
  readonly groupIds: readonly string[];
  /** Undefined: outside. */
  readonly subnetId?: string;
  /** What a bill calls it; of what stands in several places, the first has it. */
  readonly resource?: string;
}

/** Inside ones in the order of the region, then NAT gateways, then the outside ones that reach or are reached. */
export function endsOf(
  region: Region,
  rows: readonly Row[],
  administrator: string | undefined,
): readonly End[] {
  const billed = new Set<string>();
  const inside = Object.values(region.networkInterfaces)
    .filter(({ managedBy }) => managedBy?.kind !== 'nat-gateway')
    .map((each): End => {
      const resource = ownerOf(region, each.id);
      const isFirst = !billed.has(resource);
      billed.add(resource);
      return { ...endOf(region, each), ...(isFirst ? { resource } : {}) };
    });
  const gateways = Object.values(region.natGateways).map(
    (gateway): End => ({
      id: gateway.id,
      kind: 'nat-gateway',
      title: nameOf(region, gateway.id),
      lines: addressLines(region, region.networkInterfaces[gateway.networkInterfaceId]),
      groupIds: [],
      subnetId: gateway.subnetId,
      resource: ownerOf(region, gateway.networkInterfaceId),
    }),
  );
  const known = new Set(inside.map(({ name }) => name));
  const met = rows.filter(({ services, depends }) => depends === undefined && !isEmpty(services));
  const outside = [...new Set(met.flatMap(({ from, to }) => [from, to]))]
    .filter((name) => !known.has(name))
    .map((name) => outsideEnd(name, administrator));
  return [...inside, ...gateways, ...outside];
}

function endOf(region: Region, face: NetworkInterface): End {
  const name = nameOf(region, face.id);
  const instance = region.instances[face.attachment?.instanceId ?? ''];
  const kind = kindOf(region, face);
  const type = face.attachment?.deviceIndex === 0 ? instance?.instanceType : undefined;
  return {
    ...{ id: face.id, kind, title: titleOf(region, face) ?? name, name, subnetId: face.subnetId },
    lines: [...addressLines(region, face), ...(type === undefined ? [] : [type])],
    groupIds: face.securityGroupIds,
  };
}

/** A load balancer's own name, without its zone: the box says that. */
function titleOf(region: Region, { managedBy }: NetworkInterface): string | undefined {
  const { table, key = '' } = managedBy?.of ?? {};
  if (table === 'loadBalancers') return region.loadBalancers[key]?.name;
  return table === 'classicLoadBalancers' ? region.classicLoadBalancers[key]?.name : undefined;
}

function addressLines(region: Region, face: NetworkInterface | undefined): readonly string[] {
  const pair = publicAddresses(region).find((each) => each.networkInterfaceId === face?.id);
  const own = [...(face?.privateIps.slice(0, 1) ?? []), ...(face?.ipv6Addresses.slice(0, 1) ?? [])];
  return [...own, ...(pair === undefined ? [] : [pair.publicIp])];
}

function kindOf(region: Region, { managedBy, attachment, sourceDestCheck }: NetworkInterface) {
  switch (managedBy?.of?.table) {
    case 'loadBalancers':
    case 'classicLoadBalancers':
      return 'load-balancer';
    case 'dbInstances':
      return 'database';
    default:
  }
  if (managedBy?.kind === 'vpc-endpoint') return 'service';
  const isInstance = region.instances[attachment?.instanceId ?? ''] !== undefined;
  if (!isInstance) return 'network-interface';
  return sourceDestCheck ? 'instance' : 'nat-instance';
}

function outsideEnd(name: string, administrator: string | undefined): End {
  const base = { id: name, name, groupIds: [] };
  if (name === 'internet') return { ...base, kind: 'internet', title: 'Internet', lines: [] };
  if (name === 'admin') {
    const lines = administrator === undefined ? [] : [administrator.replace(/\/32$/, '')];
    return { ...base, kind: 'admin', title: 'admin', lines };
  }
  return { ...base, kind: 'service', title: name, lines: [] };
}
