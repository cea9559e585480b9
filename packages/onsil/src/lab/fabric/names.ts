/**
 * What the kernel's objects of a lab are called. Names alone tell which lab a thing belongs to,
 * so that a process without memory finds all of it.
 */
import { hashIndex } from '../../region/hash.ts';
import { LAB_NAME } from '../layout.ts';

/** A region, lab name or request that cannot be made into a network. */
export class FabricError extends Error {
  override readonly name = 'FabricError';
}

const PREFIX = 'onsil.';
/** Where iproute2 keeps named network namespaces. */
export const NAMESPACES = '/run/netns';

/** The router's links that lead out of the VPC. */
export const UPLINK = 'uplink';
export const SERVICES = 'services';

/** Throws FabricError on a name that could be taken for another lab's or breaks a file name. */
export function checkLabName(lab: string): void {
  if (LAB_NAME.test(lab)) return;
  throw new FabricError(
    `The lab name ${JSON.stringify(lab)} cannot be used: 1 to 32 lower case letters, digits ` +
      'and hyphens are allowed, a letter or digit first and last.',
  );
}

/** Common start of the names of every namespace of a lab. */
export function namespacePrefix(lab: string): string {
  checkLabName(lab);
  return `${PREFIX}${lab}.`;
}

/** The lab of a namespace, nothing where it belongs to none. */
export function labOfNamespace(namespace: string): string | undefined {
  const [, lab] = /^onsil\.([^.]+)\./.exec(namespace) ?? [];
  return lab !== undefined && LAB_NAME.test(lab) ? lab : undefined;
}

export function routerNamespace(lab: string, vpcId: string): string {
  return `${namespacePrefix(lab)}${vpcId}`;
}

export function internetNamespace(lab: string): string {
  return `${namespacePrefix(lab)}internet`;
}

/** `host` is a key of OUTSIDE_HOSTS. */
export function hostNamespace(lab: string, host: string): string {
  return `${namespacePrefix(lab)}host.${host}`;
}

export function namespaceFile(namespace: string): string {
  return `${NAMESPACES}/${namespace}`;
}

/**
 * The kernel's name of each id's link: at most 15 characters (IFNAMSIZ). The end of an id is
 * kept, since ids that people write by hand differ there. Throws FabricError where two ids would
 * share a name.
 */
export function linkNames(prefix: string, ids: Iterable<string>): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const owners = new Map<string, string>();
  for (const id of ids) {
    const name = `${prefix}-${id.replace(/^[a-z]+-/, '').slice(-(14 - prefix.length))}`;
    const owner = owners.get(name);
    if (owner !== undefined) {
      throw new FabricError(
        `${owner} and ${id} would both be called ${name} in the kernel, whose names end at 15 ` +
          'characters. Give one of them another id.',
      );
    }
    owners.set(name, id);
    names.set(id, name);
  }
  return names;
}

/**
 * A number below `count` for each id, that depends on the id alone (but for a rare collision,
 * which moves the later id on by one): a change elsewhere in the region must not renumber it.
 * Throws FabricError where there are more ids than numbers.
 */
export function stableNumbers(ids: Iterable<string>, count: number): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  const taken = new Set<number>();
  for (const id of [...ids].sort()) {
    if (taken.size >= count) throw new FabricError(`There are more than ${count} of ${id}'s kind.`);
    let number = hashIndex(count, id);
    while (taken.has(number)) number = (number + 1) % count;
    taken.add(number);
    numbers.set(id, number);
  }
  return numbers;
}
