/** The ends of policies by name: interfaces, and addresses outside. */
import { parseAddress, parseBlock } from '../../region/ipv4.ts';
import type { NetworkInterface } from '../../region/network-interface.ts';
import type { Tags } from '../../region/region.ts';
import { commonRanges, rangeOf, withoutRanges } from '../addresses.ts';
import { internetOf, type NameSpace, nearestOf } from '../endpoint.ts';
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
  const found = reservedParty(space, end) ?? namedParty(space, end) ?? blockParty(space, end);
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
        outside: administrator === undefined ? [] : [rangeOf(administrator)],
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
  const isCalled = (thing: { readonly id: string; readonly tags: Tags }): boolean =>
    thing.id === name || thing.tags['Name'] === name;
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
  const gateways = Object.values(region.natGateways).filter(isCalled);
  if (gateways.length > 0) {
    return inside(space, ({ id }) => gateways.some((each) => each.networkInterfaceId === id));
  }
  return region.networkInterfaces[name] === undefined
    ? undefined
    : inside(space, ({ id }) => id === name);
}

function blockParty(space: NameSpace, end: End): Party | undefined {
  if (parseAddress(end) === undefined && parseBlock(end) === undefined) return undefined;
  const range = rangeOf(end);
  const { model } = space;
  const members = [...model.ports.values()].filter(
    ({ own }) => commonRanges(own, [range]).length > 0,
  );
  return {
    interfaces: members.map(({ id }) => id),
    outside: commonRanges(model.outside, [range]),
  };
}

function inside(space: NameSpace, is: (each: NetworkInterface) => boolean): Party {
  const ports = [...space.model.ports.values()];
  const interfaces = ports.filter(({ networkInterface }) => is(networkInterface));
  return { interfaces: interfaces.map(({ id }) => id), outside: [] };
}

function namesOfEnds({ model: { region } }: NameSpace): readonly string[] {
  const tagged = [region.securityGroups, region.subnets, region.natGateways]
    .flatMap((table) => Object.values(table))
    .flatMap((each) => each.tags['Name'] ?? []);
  const instances = Object.values(region.instances).map(({ name }) => name);
  const groups = Object.values(region.securityGroups).map(({ name }) => name);
  return [...new Set([...instances, ...tagged, ...groups, ...RESERVED_ENDS])];
}
