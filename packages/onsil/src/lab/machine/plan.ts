/** What it takes to run one instance as a machine: a value that `--dry-run` prints. */
import { join } from 'node:path';
import type { Instance } from '../../region/instance.ts';
import type { Region } from '../../region/region.ts';
import type { Volume } from '../../region/volume.ts';
import { labFolders, UID_BASE } from '../layout.ts';

export interface MachineVolume {
  readonly id: string;
  /** GiB. */
  readonly size: number;
  /** As the kernel of the guest names it, e.g. `nvme1n1`. */
  readonly device: string;
  /** The sparse file behind the loop device. */
  readonly file: string;
}

/** A file of the guest that is written from outside. */
export interface GuestFile {
  /** Inside the guest, without the first slash. */
  readonly path: string;
  readonly content: string;
  /** 0o644 where absent. */
  readonly mode?: number;
}

export interface MachinePlan {
  readonly lab: string;
  /** Of a machine that is no instance: its own id. */
  readonly instanceId: string;
  readonly name: string;
  /** Kept on disk: the overlay's upper and work directories. */
  readonly disk: string;
  /** The overlay's mount point. */
  readonly root: string;
  /** What the machine and its hypervisor share: the socket, devices and mounted volumes. */
  readonly hypervisor: string;
  readonly console: string;
  /** Relative to each mounted cgroup hierarchy. */
  readonly cgroup: string;
  readonly networkInterfaceIds: readonly string[];
  readonly volumes: readonly MachineVolume[];
  /** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/identify_ec2_instances.html */
  readonly uuid: string;
  /** Written into the disk before the machine starts. */
  readonly files: readonly GuestFile[];
  /** The launcher's arguments, systemd-nspawn first. */
  readonly command: readonly string[];
}

export function planMachine(lab: string, region: Region, instance: Instance): MachinePlan {
  const { state } = labFolders(lab);
  const volumes = attachedVolumes(region, instance).map((volume, index) => ({
    id: volume.id,
    size: volume.size,
    device: `nvme${index + 1}n1`,
    file: join(state, 'volumes', `${volume.id}.img`),
  }));
  return planGuest(lab, {
    id: instance.id,
    name: instance.name,
    hostname: instance.privateDnsName.split('.')[0] ?? instance.id,
    networkInterfaceIds: instance.networkInterfaceIds,
    volumes,
    files: guestFiles(region, instance, volumes),
  });
}

/** A machine of any kind by what is its own. */
export function planGuest(
  lab: string,
  own: Pick<MachinePlan, 'name' | 'networkInterfaceIds' | 'volumes' | 'files'> & {
    /** Names its folders, its cgroup and the container: unique in a lab. */
    readonly id: string;
    readonly hostname: string;
  },
): MachinePlan {
  const { run, state } = labFolders(lab);
  const { id, name, hostname, networkInterfaceIds, volumes, files } = own;
  const folder = join(run, 'machines', id);
  const root = join(folder, 'root');
  const hypervisor = join(folder, 'hypervisor');
  return {
    lab,
    instanceId: id,
    name,
    disk: join(state, 'disks', id),
    root,
    hypervisor,
    console: join(folder, 'console.log'),
    cgroup: join('onsil', lab, id),
    networkInterfaceIds,
    volumes,
    uuid: uuidOf(id),
    files,
    command: [
      'systemd-nspawn',
      '--quiet',
      '--boot',
      '--register=no',
      '--keep-unit',
      '--kill-signal=SIGRTMIN+3',
      `--private-users=${UID_BASE}:65536`,
      '--private-users-ownership=off',
      '--private-network',
      '--link-journal=no',
      '--resolv-conf=off',
      '--timezone=off',
      '--console=read-only',
      `--machine=${id}`,
      `--hostname=${hostname}`,
      `--bind=${hypervisor}:/run/hypervisor`,
      `--bind-ro=${join(hypervisor, 'uuid')}:/sys/hypervisor/uuid`,
      ...volumes.map(
        ({ device }) => `--bind=${join(hypervisor, 'devices', device)}:/dev/${device}`,
      ),
      `--directory=${root}`,
    ],
  };
}

/** A UUID that begins with `ec2`, as set-up scripts and cloud-init look for. */
function uuidOf(instanceId: string): string {
  const hex = `ec2${instanceId.replaceAll(/[^0-9a-f]/g, '')}`.padEnd(32, '0').slice(0, 32);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Volumes other than the root, in the order of their device names. */
function attachedVolumes(region: Region, instance: Instance): readonly Volume[] {
  return Object.values(region.volumes)
    .filter((volume) => !volume.root && volume.attachment?.instanceId === instance.id)
    .toSorted((a, b) => (a.attachment?.device ?? '').localeCompare(b.attachment?.device ?? ''));
}

function guestFiles(
  region: Region,
  instance: Instance,
  volumes: readonly MachineVolume[],
): MachinePlan['files'] {
  // https://docs.aws.amazon.com/ebs/latest/userguide/nvme-ebs-volumes.html
  const links = volumes.map(
    ({ id, device }) =>
      `L /dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${id.replace('-', '')} - - - - ../../${device}\n`,
  );
  return [
    resolverFile(region, instance.vpcId),
    { path: 'etc/tmpfiles.d/volumes.conf', content: links.join('') },
  ];
}

/** Asks the VPC's resolver: the base of its primary block plus two. */
export function resolverFile(region: Region, vpcId: string): GuestFile {
  const cidr = region.vpcs[vpcId]?.cidrs[0] ?? '';
  const octets = (cidr.split('/')[0] ?? '').split('.').map(Number);
  const resolver = octets.map((octet, index) => (index === 3 ? octet + 2 : octet)).join('.');
  return {
    path: 'etc/resolv.conf',
    content: `nameserver ${resolver}\nsearch ${region.name}.compute.internal\n`,
  };
}
