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
  /** Written into the disk before the machine starts; paths inside the guest. */
  readonly files: readonly { readonly path: string; readonly content: string }[];
  /** The launcher's arguments, systemd-nspawn first. */
  readonly command: readonly string[];
}

export function planMachine(lab: string, region: Region, instance: Instance): MachinePlan {
  const { run, state } = labFolders(lab);
  const folder = join(run, 'machines', instance.id);
  const root = join(folder, 'root');
  const hypervisor = join(folder, 'hypervisor');
  const volumes = attachedVolumes(region, instance).map((volume, index) => ({
    id: volume.id,
    size: volume.size,
    device: `nvme${index + 1}n1`,
    file: join(state, 'volumes', `${volume.id}.img`),
  }));
  return {
    lab,
    instanceId: instance.id,
    name: instance.name,
    disk: join(state, 'disks', instance.id),
    root,
    hypervisor,
    console: join(folder, 'console.log'),
    cgroup: join('onsil', lab, instance.id),
    networkInterfaceIds: instance.networkInterfaceIds,
    volumes,
    uuid: uuidOf(instance.id),
    files: guestFiles(region, instance, volumes),
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
      `--machine=${instance.id}`,
      `--hostname=${instance.privateDnsName.split('.')[0]}`,
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
  const cidr = region.vpcs[instance.vpcId]?.cidrs[0] ?? '';
  // https://docs.aws.amazon.com/ebs/latest/userguide/nvme-ebs-volumes.html
  const links = volumes.map(
    ({ id, device }) =>
      `L /dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${id.replace('-', '')} - - - - ../../${device}\n`,
  );
  return [
    {
      path: 'etc/resolv.conf',
      content: `nameserver ${resolverOf(cidr)}\nsearch ${region.name}.compute.internal\n`,
    },
    { path: 'etc/tmpfiles.d/volumes.conf', content: links.join('') },
  ];
}

/** The VPC's resolver: the base of its primary block plus two. */
function resolverOf(cidr: string): string {
  const octets = (cidr.split('/')[0] ?? '').split('.').map(Number);
  return octets.map((octet, index) => (index === 3 ? octet + 2 : octet)).join('.');
}
