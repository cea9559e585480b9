/**
 * What the Debian 12 image of the lab is made of: what Debian's own image for EC2 has and set-up
 * scripts rely on, plus the few files that stand in for a hypervisor.
 */
import { createHash } from 'node:crypto';
import type { DebianMirror } from '../host/mirror.ts';
import { HELPER_SCRIPTS } from './helper-scripts.ts';

export interface ImageFile {
  readonly path: string;
  readonly content: string;
  readonly mode?: number;
}

export interface ImageRecipe {
  readonly suite: 'bookworm';
  readonly packages: readonly string[];
  readonly files: readonly ImageFile[];
  /** Made where no package brings them. */
  readonly folders: readonly string[];
  /** Units that make no sense without hardware, or that wake up by themselves. */
  readonly masked: readonly string[];
  /** What packages bring along and a machine of a lab must not have. */
  readonly removed: readonly string[];
  /** Units of `files` wanted by sysinit.target. */
  readonly early: readonly string[];
}

const PACKAGES = [
  'systemd',
  'systemd-sysv',
  'libpam-systemd',
  'dbus',
  'udev',
  'cloud-init',
  'openssh-server',
  'sudo',
  'ca-certificates',
  'curl',
  'jq',
  'zstd',
  'e2fsprogs',
  'iproute2',
  'iputils-ping',
  'kmod',
  'less',
  'nano',
  'netbase',
  'procps',
];

const CLOUD_INIT = `# The instance's data source is EC2's metadata service, as on AWS.
datasource_list: [ Ec2 ]
datasource:
  Ec2:
    strict_id: false
    max_wait: 60
    timeout: 5
# Addresses are given by the VPC, before the first service starts.
network: { config: disabled }
locale: C.UTF-8
system_info:
  default_user:
    name: admin
    lock_passwd: true
    gecos: Debian
    groups: [ adm, audio, cdrom, dialout, dip, floppy, plugdev, sudo, video ]
    sudo: [ "ALL=(ALL) NOPASSWD:ALL" ]
    shell: /bin/bash
`;

/** A container starts before its interface is plugged in; an instance never sees that moment. */
const INTERFACE_UNIT = `[Unit]
Description=Wait for the primary network interface
DefaultDependencies=no
Before=network-pre.target sysinit.target
Wants=network-pre.target

[Service]
Type=oneshot
RemainAfterExit=yes
TimeoutStartSec=60
ExecStart=/bin/sh -c 'until ip route show default | grep -q .; do sleep 0.02; done'

[Install]
WantedBy=sysinit.target
`;

/** systemd leaves block devices of fstab alone in a container. */
const VOLUMES_UNIT = `[Unit]
Description=Mount the volumes of /etc/fstab
DefaultDependencies=no
After=systemd-remount-fs.service systemd-tmpfiles-setup-dev.service
Before=local-fs.target sysinit.target
ConditionFileNotEmpty=/etc/fstab

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/mount --all

[Install]
WantedBy=sysinit.target
`;

/**
 * The kernel lets no container mount a block device. mount(8) asks a helper by the type's name
 * first: this one asks the hypervisor, whose mount appears below /run/hypervisor.
 */
const MOUNT_HELPER = `#!/bin/sh
set -eu
device=$(readlink -f "$1")
target=$2
shift 2
options=
while [ $# -gt 0 ]; do
  case $1 in
    -o) options=$2; shift ;;
    -r) options=$options,ro ;;
  esac
  shift
done
name=\${device#/dev/}
curl --silent --show-error --fail-with-body --max-time 30 --unix-socket /run/hypervisor/socket \\
  --request POST "http://hypervisor/volumes/$name" >&2
mount --bind "/run/hypervisor/volumes/$name" "$target"
# A container may only take rights away from a mount that was given to it.
for option in $(printf %s "$options" | tr , ' '); do
  case $option in
    ro|noexec) mount -o "remount,bind,nosuid,nodev,$option" "$target" ;;
  esac
done
`;

/** The recipe for a lab that trusts the given authority (PEM) and installs from a mirror. */
export function imageRecipe(authority: string, sources: string): ImageRecipe {
  return {
    suite: 'bookworm',
    packages: PACKAGES,
    files: [
      { path: 'etc/apt/sources.list', content: sources },
      { path: 'etc/apt/apt.conf.d/90languages', content: 'Acquire::Languages "none";\n' },
      { path: 'etc/cloud/cloud.cfg.d/90_ec2.cfg', content: CLOUD_INIT },
      { path: 'etc/systemd/system/network-interface.service', content: INTERFACE_UNIT },
      { path: 'etc/systemd/system/volumes.service', content: VOLUMES_UNIT },
      { path: 'sbin/mount.ext4', content: MOUNT_HELPER, mode: 0o755 },
      { path: 'sbin/mount.xfs', content: MOUNT_HELPER, mode: 0o755 },
      { path: 'usr/local/share/ca-certificates/onsil-lab.crt', content: authority },
      ...HELPER_SCRIPTS,
      { path: 'etc/machine-id', content: '' },
      { path: 'etc/fstab', content: '' },
    ],
    removed: [
      // cloud-init would ask for an address for a minute: no DHCP server answers in a lab.
      'sbin/dhclient',
      // The host's own, which mmdebstrap copies: a machine has its own.
      'etc/hostname',
      'etc/resolv.conf',
    ],
    // Manuals are left out to save space, but packages of alternatives (OpenJDK, PostgreSQL) fail
    // to install where there is no place for their links: https://bugs.debian.org/863199
    folders: [1, 2, 3, 4, 5, 6, 7, 8].map((section) => `usr/share/man/man${section}`),
    early: ['network-interface.service', 'volumes.service'],
    masked: [
      'apt-daily.timer',
      'apt-daily-upgrade.timer',
      'console-getty.service',
      'dpkg-db-backup.timer',
      'e2scrub_all.timer',
      'e2scrub_reap.service',
      'getty.target',
      'systemd-udevd.service',
      'systemd-udev-trigger.service',
      'systemd-update-utmp.service',
      'systemd-update-utmp-runlevel.service',
    ],
  };
}

/** What an image that was made elsewhere needs: it keeps its packages, sources and default user. */
export function guestRecipe(authority: string): Omit<ImageRecipe, 'suite' | 'packages'> {
  const { files, removed, early, masked } = imageRecipe(authority, '');
  const own = ['etc/apt/sources.list', 'etc/apt/apt.conf.d/90languages'];
  return {
    files: files
      .filter(({ path }) => !own.includes(path))
      .map((file) =>
        file.path === 'etc/cloud/cloud.cfg.d/90_ec2.cfg'
          ? { ...file, content: CLOUD_INIT.slice(0, CLOUD_INIT.indexOf('system_info:')) }
          : file,
      ),
    ...{ removed, early, masked },
    folders: [],
  };
}

/** Names an image: equal recipes make equal images. */
export function imageKey(recipe: ImageRecipe, architecture: string): string {
  return createHash('sha256')
    .update(JSON.stringify([recipe, architecture]))
    .digest('hex')
    .slice(0, 16);
}

/** The package sources of a machine; empty where mmdebstrap shall choose. */
export function aptSources(mirror: DebianMirror | undefined): string {
  if (mirror === undefined) return '';
  const lines = [
    `deb ${mirror.archive} bookworm main`,
    `deb ${mirror.archive} bookworm-updates main`,
  ];
  if (mirror.security !== undefined) lines.push(`deb ${mirror.security} bookworm-security main`);
  return `${lines.join('\n')}\n`;
}
