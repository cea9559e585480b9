/** Where packets can be sent and seen, by the names that both sides are told. */
import {
  AWS_ENDPOINTS,
  AWS_S3,
  METADATA,
  OUTSIDE_HOSTS,
  TIME,
  VPC_RESOLVER,
} from '../lab/addresses.ts';
import { hostNamespace, internetNamespace } from '../lab/fabric/names.ts';
import type { NamespaceReference } from '../lab/fabric/namespace.ts';
import type { Host } from '../lab/probe/exchange.ts';
import type { Region } from '../region/region.ts';

/** The host of the services at link-local addresses. */
export const SERVICES_HOST = 'services';

/** The name of the host behind an interface; nothing where no instance has it. */
export function hostOfInterface(region: Region, networkInterfaceId: string): string | undefined {
  const { attachment } = region.networkInterfaces[networkInterfaceId] ?? {};
  return attachment === undefined
    ? undefined
    : (region.instances[attachment.instanceId]?.name ?? attachment.instanceId);
}

/** The outside host that has an address. */
export function outsideHostOf(address: string): string | undefined {
  return Object.entries(OUTSIDE_HOSTS).find(([, own]) => own === address)?.[0];
}

/**
 * Every host of a lab that is there.
 * @param guests the network namespace of each instance that is running, by its name
 */
export function hostsOf(
  lab: string,
  region: Region,
  guests: ReadonlyMap<string, NamespaceReference>,
): readonly Host[] {
  const owned = Object.values(region.networkInterfaces).flatMap(({ id, privateIps }) => {
    const name = hostOfInterface(region, id);
    return name === undefined ? [] : privateIps.map((address) => ({ name, address }));
  });
  const addresses = Map.groupBy(owned, ({ name }) => name);
  return [
    ...[...guests].map(([name, namespace]) => ({
      name,
      namespace,
      addresses: (addresses.get(name) ?? []).map(({ address }) => address),
    })),
    ...Object.entries(OUTSIDE_HOSTS).map(([name, address]) => ({
      name,
      namespace: { namespace: hostNamespace(lab, name) },
      addresses: [address],
    })),
    {
      name: SERVICES_HOST,
      namespace: { namespace: internetNamespace(lab) },
      addresses: [METADATA, VPC_RESOLVER, TIME, AWS_ENDPOINTS, AWS_S3],
    },
  ];
}
