/** The state of a lab as `onsil status --json` prints it. */
import { publicAddresses } from '../../region/elastic-ip.ts';
import type { Instance } from '../../region/instance.ts';
import type { Region } from '../../region/region.ts';
import type { SetupState } from './events.ts';

export interface InstanceStatus {
  readonly name: string;
  readonly id: string;
  readonly state: 'pending' | 'running' | 'stopped';
  readonly setup: SetupState;
  readonly privateIp: string;
  readonly publicIp: string | null;
  readonly subnet: string;
  readonly securityGroups: readonly string[];
  /** What the machine is for. */
  readonly purpose: string;
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
  readonly instances: readonly InstanceStatus[];
  /** The daemon's process id. */
  readonly pid: number;
}

/** The lasting part of an instance's status. */
export function describeInstance(
  region: Region,
  instance: Instance,
  live: Pick<InstanceStatus, 'state' | 'setup'>,
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
