/** What the machines are made of that AWS would run for the customer: proxies and databases. */
import { type ImageRecipe, imageRecipe } from './recipe.ts';

const PACKAGES = [
  'systemd',
  'systemd-sysv',
  'dbus',
  'ca-certificates',
  'iproute2',
  'netbase',
  'procps',
  'socat',
  'haproxy',
  'mariadb-server',
  'postgresql',
];

/** Of the base image's files; nobody logs in, and no user data is fetched. */
const FILES = [
  'etc/apt/sources.list',
  'etc/apt/apt.conf.d/90languages',
  'etc/systemd/system/network-interface.service',
  'usr/local/share/ca-certificates/onsil-lab.crt',
  'etc/machine-id',
  'etc/fstab',
];

/** Each machine starts the ones that it is for. */
const SERVERS = ['haproxy', 'mariadb', 'postgresql'];

/** The recipe of the service image; arguments as of `imageRecipe`. */
export function serviceRecipe(authority: string, sources: string): ImageRecipe {
  const base = imageRecipe(authority, sources);
  return {
    ...base,
    packages: PACKAGES,
    files: base.files.filter(({ path }) => FILES.includes(path)),
    early: ['network-interface.service'],
    masked: [...base.masked, 'logrotate.timer'],
    removed: [
      ...base.removed,
      ...SERVERS.map((name) => `etc/systemd/system/multi-user.target.wants/${name}.service`),
    ],
  };
}
