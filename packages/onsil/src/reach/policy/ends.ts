/** The ends of policies by name: interfaces, and addresses outside. */

import type { NetworkInterface } from '../../region/network-interface.ts';
import type { Region, Tags } from '../../region/region.ts';
import { commonRanges, withoutRanges } from '../addresses.ts';
import {
  familyOf,
  internetOf,
  listNamed,
  type NameSpace,
  nearestOf,
  servicesIn,
} from '../endpoint.ts';
import { natInstances } from '../model.ts';
import type { Range } from '../packet-set/packet-set.ts';
import { type End, type Ends, listOf, RESERVED_ENDS } from './policy.ts';

/** Everybody that an end of a policy means. */
export interface Party {
  /** Ids of interfaces that can send, in the region's order. */
  readonly interfaces: readonly string[];
  readonly outside: readonly Range[];
}

/** A name that nothing has. */
export class UnknownEnd extends Error {
  override readonly name = 'UnknownEnd';

  constructor(end: string, nearest: readonly string[], names: readonly string[]) {
    const hint =
      nearest.length > 0
        ? `Did you mean ${nearest.join(' or ')}?`
        : `There are: ${names.join(', ')}.`;
    super(`a policy names ${JSON.stringify(end)}, which nothing is called. ${hint}`);
  }
}

/** Throws UnknownEnd with the names that come nearest. */
export function partyOf(space: NameSpace, ends: Ends): Party {
  return joined(listOf(ends).map((end) => partyNamed(space, end)));
}

/**
 * As those that are reached: services of AWS that routes or rules name (`s3`) are not the Internet
 * then, for who may reach them, perhaps by an endpoint, need not reach anybody else outside.
 */
export function receiversOf(space: NameSpace, ends: Ends): Party {
  const { region, listRanges } = space.model;
  const byEndpoint = Object.values(region.routeTables).flatMap(({ routes }) =>
    routes.flatMap(({ destination, target }) =>
      target.kind === 'vpc-endpoint' ? (listRanges(destination) ?? []) : [],
    ),
  );
  const services = [...servicesIn(space.model).map(({ range }) => range), ...byEndpoint];
  return joined(
    listOf(ends).map((end) => {
      const party = partyNamed(space, end);
      if (end !== 'internet') return party;
      return { ...party, outside: withoutRanges(party.outside, services) };
    }),
  );
}

export function anybody(space: NameSpace): Party {
  return { interfaces: [...space.model.ports.keys()], outside: space.model.outside };
}

export function except(party: Party, gone: Party): Party {
  return {
    interfaces: party.interfaces.filter((id) => !gone.interfaces.includes(id)),
    outside: withoutRanges(party.outside, gone.outside),
  };
}

function joined(parties: readonly Party[]): Party {
  let outside: readonly Range[] = [];
  for (const each of parties) outside = outside.concat(withoutRanges(each.outside, outside));
  return { interfaces: [...new Set(parties.flatMap(({ interfaces }) => interfaces))], outside };
}

function partyNamed(space: NameSpace, end: End): Party {
  const found = reservedParty(space, end) ?? namedParty(space, end) ?? addressParty(space, end);
  if (found !== undefined) return found;
  const names = namesOfEnds(space);
  throw new UnknownEnd(end, nearestOf(end, names), names);
}

function reservedParty(space: NameSpace, end: End): Party | undefined {
  const { model, administrator } = space;
  const { region } = model;
  switch (end) {
    case 'internet':
      return { interfaces: [], outside: internetOf(space) };
    case 'admin':
      // Whoever it is, the administrator is outside; of a template that names none, nobody.
      return {
        interfaces: [],
        outside: administrator === undefined ? [] : model.space.rangesOf(administrator),
      };
    case 'anybody':
      return anybody(space);
    case 'hosts':
      return inside(space, ({ attachment }) => attachment !== undefined);
    case 'private-hosts': {
      const visible = new Set(model.associations.map(({ port }) => port.id));
      return inside(space, ({ id, attachment }) => attachment !== undefined && !visible.has(id));
    }
    case 'any-nat': {
      const gateways = Object.values(region.natGateways).map((each) => each.networkInterfaceId);
      const nats = new Set([...natInstances(region), ...gateways]);
      return inside(space, ({ id }) => nats.has(id));
    }
    default:
      return undefined;
  }
}

function namedParty(space: NameSpace, end: End): Party | undefined {
  const { region } = space.model;
  const [, kind, name = ''] = /^(?:(group|subnet):)?(.+)$/.exec(end) ?? [];
  const isCalled = ({ id, tags }: { readonly id: string; readonly tags: Tags }): boolean =>
    id === name || tags['Name'] === name || region.logicalIds[id] === name;
  const instance = Object.values(region.instances).find(
    (each) => each.name === name || each.id === name || each.logicalId === name,
  );
  if (kind === undefined && instance !== undefined) {
    return inside(space, ({ id }) => instance.networkInterfaceIds.includes(id));
  }
  const groups = Object.values(region.securityGroups).filter(
    (each) => isCalled(each) || each.name === name,
  );
  if (kind !== 'subnet' && groups.length > 0) {
    return inside(space, ({ securityGroupIds }) =>
      groups.some(({ id }) => securityGroupIds.includes(id)),
    );
  }
  const subnets = Object.values(region.subnets).filter(isCalled);
  if (kind !== 'group' && subnets.length > 0) {
    return inside(space, ({ subnetId }) => subnets.some(({ id }) => id === subnetId));
  }
  if (kind !== undefined) return undefined;
  const { natGateways, vpcEndpoints } = region;
  const managed = [...Object.values(natGateways), ...Object.values(vpcEndpoints)];
  const behind = new Set([name, ...managed.filter(isCalled).map(({ id }) => id)]);
  const balancers = balancersNamed(region, name);
  const isMeant = ({ id, managedBy }: NetworkInterface): boolean =>
    id === name || balancers.has(id) || (managedBy !== undefined && behind.has(managedBy.id));
  return Object.values(region.networkInterfaces).some(isMeant) ? inside(space, isMeant) : undefined;
}

/** Ids of the interfaces of a load balancer, in all of its zones. */
function balancersNamed(region: Region, text: string): ReadonlySet<string> {
  const all = [
    ...Object.values(region.loadBalancers),
    ...Object.values(region.classicLoadBalancers),
  ];
  const called = all.filter(({ name, logicalId }) => name === text || logicalId === text);
  return new Set(called.flatMap(({ zones }) => zones.map((each) => each.networkInterfaceId)));
}

/** Of an address, a block or a prefix list; nobody, where it is of the other family. */
function addressParty(space: NameSpace, end: End): Party | undefined {
  const { model } = space;
  const listed = model.listRanges(listNamed(space, end)?.id ?? '');
  if (listed === undefined && familyOf(end) === undefined) return undefined;
  const ranges = listed ?? model.space.rangesOf(end);
  const members = [...model.ports.values()].filter(
    ({ own }) => commonRanges(own, ranges).length > 0,
  );
  return {
    interfaces: members.map(({ id }) => id),
    outside: commonRanges(model.outside, ranges),
  };
}

function inside(space: NameSpace, is: (each: NetworkInterface) => boolean): Party {
  const ports = [...space.model.ports.values()];
  const interfaces = ports.filter(({ networkInterface }) => is(networkInterface));
  return { interfaces: interfaces.map(({ id }) => id), outside: [] };
}

function namesOfEnds({ model: { region } }: NameSpace): readonly string[] {
  const tagged = [region.securityGroups, region.subnets, region.natGateways, region.vpcEndpoints]
    .flatMap((table) => Object.values(table))
    .flatMap(({ id, tags }) => tags['Name'] ?? region.logicalIds[id] ?? []);
  const instances = Object.values(region.instances).map(({ name }) => name);
  const groups = Object.values(region.securityGroups).map(({ name }) => name);
  const services = Object.values(region.networkInterfaces).flatMap(({ managedBy }) =>
    managedBy?.kind === 'service' ? [managedBy.id] : [],
  );
  return [...new Set([...instances, ...services, ...tagged, ...groups, ...RESERVED_ENDS])];
}
