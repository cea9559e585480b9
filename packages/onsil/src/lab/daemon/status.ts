/** The state of a lab as `onsil status --json` prints it. */
import { publicAddresses } from '../../region/elastic-ip.ts';
import type { Instance } from '../../region/instance.ts';
import type { Region } from '../../region/region.ts';
import type { InstanceImage } from '../image/choose.ts';
import type { ManagedMachines, ManagedState } from '../managed/machines.ts';
import type { SetupState } from './events.ts';

export interface InstanceStatus {
  readonly name: string;
  readonly id: string;
  readonly state: 'pending' | 'running' | 'stopped';
  readonly setup: SetupState;
  /** Why the set-up failed; null where it did not. */
  readonly reason: string | null;
  /** What it boots, and for which AMI that stands in. */
  readonly image: InstanceImage;
  readonly privateIp: string;
  readonly publicIp: string | null;
  readonly subnet: string;
  readonly securityGroups: readonly string[];
  /** What the machine is for. */
  readonly purpose: string;
}

export interface ManagedStatus {
  readonly name: string;
  readonly id: string;
  /** e.g. `Application Load Balancer`. */
  readonly type: string;
  readonly state: ManagedState;
  /** Why it does not run; null where it does. */
  readonly reason: string | null;
  /** Of its interfaces, in the order of its zones. */
  readonly privateIps: readonly string[];
  readonly publicIps: readonly string[];
  /** What it has to say of itself, e.g. of its targets; null where nothing. */
  readonly detail: string | null;
}

export interface LabStatus {
  readonly lab: string;
  readonly project: string;
  /** The service's name in the configuration; null for a template without one. */
  readonly service: string | null;
  readonly ready: boolean;
  readonly phase: 'starting' | 'ready' | 'failed' | 'stopping';
  /** From the command to ready; to now while it is not. */
  readonly seconds: number;
  /** The local address of the site; null where the template has none. */
  readonly site: string | null;
  /** Of the AWS endpoints: clients need the keys too, which `onsil env` prints. */
  readonly endpoint: string | null;
  /** Where the console is: `npx onsil console` opens it; null where the lab has none. */
  readonly console: string | null;
  readonly instances: readonly InstanceStatus[];
  /** What AWS would run for the customer: load balancers, databases. They are no hosts of his. */
  readonly managed: readonly ManagedStatus[];
  /** Its services are there, also where its stack failed: there is something to look at. */
  readonly laidOut?: true;
  /** The daemon's process id. */
  readonly pid: number;
}

/** The lasting part of an instance's status. */
export function describeInstance(
  region: Region,
  instance: Instance,
  live: Pick<InstanceStatus, 'state' | 'setup' | 'reason' | 'image'>,
): InstanceStatus {
  const primary = region.networkInterfaces[instance.networkInterfaceIds[0] ?? ''];
  const subnet = region.subnets[instance.subnetId];
  const pair = publicAddresses(region).find((each) => each.networkInterfaceId === primary?.id);
  return {
    name: instance.name,
    id: instance.id,
    ...live,
    privateIp: primary?.privateIps[0] ?? '',
    publicIp: pair?.publicIp ?? null,
    subnet: subnet?.tags['Name'] ?? instance.subnetId,
    securityGroups: (primary?.securityGroupIds ?? []).map(
      (id) => region.securityGroups[id]?.name ?? id,
    ),
    purpose: instance.tags['Purpose'] ?? '',
  };
}

/** @param detailOf what a machine's service has to say, by the machine's id */
export function describeManaged(
  region: Region,
  machines: Pick<ManagedMachines, 'list'>,
  detailOf: (id: string) => string | undefined,
): readonly ManagedStatus[] {
  const visible = publicAddresses(region);
  return machines.list().map(({ machine, state, reason }) => {
    const { id, name, type, networkInterfaceIds } = machine;
    const pairs = visible.filter((each) => networkInterfaceIds.includes(each.networkInterfaceId));
    return {
      ...{ name, id, type, state, reason: reason ?? null },
      privateIps: networkInterfaceIds.flatMap(
        (each) => region.networkInterfaces[each]?.privateIps ?? [],
      ),
      publicIps: pairs.map(({ publicIp }) => publicIp),
      detail: detailOf(id) ?? null,
    };
  });
}
