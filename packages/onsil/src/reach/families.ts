/** One region's names in both families of addresses. */
import type { Family } from './address-space.ts';
import type { NameSpace } from './endpoint.ts';
import { compile } from './model.ts';

export const familyIn = ({ model }: NameSpace): Family => model.space.family;

/**
 * The same region and names, about IPv6; nothing where no interface has an IPv6 address.
 * @param named IPv6 blocks and addresses that questions will be about, beside the region's own
 */
export function ipv6Of(space: NameSpace, named: readonly string[] = []): NameSpace | undefined {
  const { region, notModelled } = space.model;
  const interfaces = Object.values(region.networkInterfaces);
  if (interfaces.every(({ ipv6Addresses }) => ipv6Addresses.length === 0)) return undefined;
  const all = space.administrator === undefined ? named : [...named, space.administrator];
  return { ...space, model: compile(region, 'ipv6', { named: all, notModelled }) };
}

/** IPv4 first. */
export function familiesOf(space: NameSpace, named: readonly string[] = []): readonly NameSpace[] {
  const six = ipv6Of(space, named);
  return six === undefined ? [space] : [space, six];
}
