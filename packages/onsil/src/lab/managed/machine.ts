/**
 * A machine that AWS runs for the customer: the nodes of a load balancer, the host of a database.
 * It boots the service image on interfaces that the region has for the service. Nobody logs in to
 * it; what it does is in the files that it is given.
 */
import type { Region } from '../../region/region.ts';
import { type GuestFile, type MachinePlan, planGuest, resolverFile } from '../machine/plan.ts';

export interface ManagedMachine {
  /** Unique in a lab, also among instances: small letters, digits and hyphens, at most 64. */
  readonly id: string;
  /** By which people know the service. */
  readonly name: string;
  /** What it is, e.g. `Application Load Balancer`. */
  readonly type: string;
  readonly vpcId: string;
  /** The first one has the default route; all answer from their own addresses. */
  readonly networkInterfaceIds: readonly string[];
  /** Written before the machine starts, and again where they change while it runs. */
  readonly files: readonly GuestFile[];
  /** systemd's units that do the work; the machine is up when all of them are. */
  readonly units: readonly string[];
  /** Run in the machine after files have changed. Nothing: the units are restarted. */
  readonly reload?: readonly string[];
}

export function planManaged(lab: string, region: Region, machine: ManagedMachine): MachinePlan {
  const { id, name, vpcId, networkInterfaceIds, files } = machine;
  return planGuest(lab, {
    ...{ id, name, hostname: id, networkInterfaceIds, volumes: [] },
    files: [resolverFile(region, vpcId), ...files],
  });
}

/** What must be done to a running machine so that it has the files: those that differ, and the paths of those that go. */
export function fileChanges(
  before: readonly GuestFile[],
  after: readonly GuestFile[],
): { readonly written: readonly GuestFile[]; readonly removed: readonly string[] } {
  const had = new Map(before.map((file) => [file.path, file]));
  const has = new Set(after.map(({ path }) => path));
  return {
    written: after.filter((file) => {
      const former = had.get(file.path);
      return former?.content !== file.content || former.mode !== file.mode;
    }),
    removed: before.map(({ path }) => path).filter((path) => !has.has(path)),
  };
}
