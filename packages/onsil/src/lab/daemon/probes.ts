/** Real TCP connections between the lab's hosts. */
import { publicAddresses } from '../../region/elastic-ip.ts';
import type { Instance } from '../../region/instance.ts';
import type { Region } from '../../region/region.ts';
import { OUTSIDE_HOSTS, type OutsideHost } from '../addresses.ts';
import { hostNamespace, type NamespaceReference } from '../fabric/namespace.ts';
import { type Outcome, probeFrom } from '../probe/connect.ts';
import type { Machines } from './machines.ts';

export interface ProbeRequest {
  readonly from: string;
  readonly targets: readonly { readonly to: string; readonly port: number }[];
  readonly timeoutMs: number;
}

export interface ProbeAnswer {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly outcome: Outcome;
  /** Milliseconds. */
  readonly ms: number;
  /** Where the connection went. */
  readonly address: string;
}

export async function probe(
  lab: string,
  region: Region,
  machines: Machines,
  request: ProbeRequest,
): Promise<readonly ProbeAnswer[]> {
  const { from, timeoutMs } = request;
  const addresses = request.targets.map(({ to }) => addressOf(region, from, to));
  const results = await probeFrom(
    source(lab, region, machines, from),
    request.targets.map(({ port }, index) => ({ host: addresses[index] ?? '', port, timeoutMs })),
  );
  return request.targets.map(({ to, port }, index) => {
    const result = results[index];
    if (result === undefined) throw new Error(`No answer for ${to}:${port}.`);
    return {
      from,
      to,
      port,
      outcome: result.outcome,
      ms: Math.round(result.ms),
      address: addresses[index] ?? '',
    };
  });
}

function source(lab: string, region: Region, machines: Machines, from: string): NamespaceReference {
  if (isOutside(from)) return { namespace: hostNamespace(lab, from) };
  return { pid: machines.running(findInstance(region, from)).leader };
}

/**
 * What a sender would use for that name: inside the VPC its private address; from elsewhere its
 * public one, or, where it has none, the private one that leads nowhere.
 */
function addressOf(region: Region, from: string, to: string): string {
  if (/^\d+\.\d+\.\d+\.\d+$/.test(to)) return to;
  if (isOutside(to)) return OUTSIDE_HOSTS[to];
  const target = findInstance(region, to);
  const networkInterface = region.networkInterfaces[target.networkInterfaceIds[0] ?? ''];
  const privateIp = networkInterface?.privateIps[0] ?? '';
  if (!isOutside(from) && findInstance(region, from).vpcId === target.vpcId) return privateIp;
  const pair = publicAddresses(region).find(
    (each) => each.networkInterfaceId === networkInterface?.id,
  );
  return pair?.publicIp ?? privateIp;
}

export function isOutside(name: string): name is OutsideHost {
  return Object.hasOwn(OUTSIDE_HOSTS, name);
}

/** Throws with the names that there are. */
export function findInstance(region: Region, name: string): Instance {
  const instances = Object.values(region.instances);
  const found = instances.find((instance) => instance.name === name || instance.id === name);
  if (found !== undefined) return found;
  const names = [...instances.map((instance) => instance.name), ...Object.keys(OUTSIDE_HOSTS)];
  throw new Error(`There is no instance ${JSON.stringify(name)}. There are: ${names.join(', ')}.`);
}
