/** The commands that the command line runs on its terminal: on machines, or from outside hosts. */
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { publicAddresses } from '../../region/elastic-ip.ts';
import type { Instance } from '../../region/instance.ts';
import type { Region } from '../../region/region.ts';
import { type OutsideHost, PUBLIC_DNS } from '../addresses.ts';
import { hostNamespace, namespaceFile } from '../fabric/names.ts';
import { labFolders, UID_BASE } from '../layout.ts';
import { enterCgroup, makeCgroup } from '../machine/cgroup.ts';
import { outsideMachine } from '../machine/traces.ts';

/**
 * A command on an outside host: a throw-away machine of the lab's image in that host's network,
 * whose trust store has the lab's public authorities.
 * @param options.roots the PEM of those authorities
 * @param options.terminal gives it a terminal of its own; else its output goes where ours does
 */
export async function outsideCommand(
  lab: string,
  host: OutsideHost,
  image: string,
  {
    roots,
    command,
    terminal,
  }: {
    readonly roots: string;
    readonly command: readonly string[];
    readonly terminal: boolean;
  },
): Promise<readonly string[]> {
  const folder = join(labFolders(lab).run, 'outside', host);
  await mkdir(folder, { recursive: true });
  const system = await readFile(join(image, 'etc/ssl/certs/ca-certificates.crt'), 'utf8');
  await writeFile(join(folder, 'ca-certificates.crt'), `${system}\n${roots}`);
  await writeFile(join(folder, 'resolv.conf'), `nameserver ${PUBLIC_DNS}\n`);
  const cgroups = await makeCgroup(join('onsil', lab, `outside-${host}`));
  return enterCgroup(cgroups, [
    'nsenter',
    `--net=${namespaceFile(hostNamespace(lab, host))}`,
    '--',
    'systemd-nspawn',
    '--quiet',
    '--register=no',
    '--keep-unit',
    '--as-pid2',
    `--console=${terminal ? 'interactive' : 'pipe'}`,
    '--volatile=overlay',
    '--resolv-conf=off',
    '--timezone=off',
    '--link-journal=no',
    `--private-users=${UID_BASE}:65536`,
    '--private-users-ownership=off',
    `--machine=${outsideMachine(lab, `${host}-${process.hrtime.bigint().toString(36)}`)}`,
    `--hostname=${host}`,
    `--bind-ro=${join(folder, 'ca-certificates.crt')}:/etc/ssl/certs/ca-certificates.crt`,
    `--bind-ro=${join(folder, 'resolv.conf')}:/etc/resolv.conf`,
    `--directory=${image}`,
    '--',
    ...command,
  ]);
}

/** ssh as the administrator, from the `admin` host; every host but the bastion by way of it. */
export async function sshCommand(
  lab: string,
  region: Region,
  target: Instance,
  privateKeyFile: string,
  command: readonly string[],
): Promise<readonly string[]> {
  const folder = join(labFolders(lab).run, 'ssh');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const key = join(folder, 'administrator');
  await copyFile(privateKeyFile, key);
  const config = join(folder, 'config');
  await writeFile(config, sshConfig(lab, region, key, join(folder, 'known_hosts')));
  return [
    'nsenter',
    `--net=${namespaceFile(hostNamespace(lab, 'admin'))}`,
    '--',
    'ssh',
    '-F',
    config,
    target.name,
    ...command,
  ];
}

/** The text of an ssh_config(5) for every instance of a region. */
export function sshConfig(lab: string, region: Region, key: string, knownHosts: string): string {
  const publicIps = new Map(
    publicAddresses(region).map((pair) => [pair.networkInterfaceId, pair.publicIp]),
  );
  const instances = Object.values(region.instances);
  const bastion = instances.find(({ name }) => name === 'bastion');
  const hosts = instances.map((instance) => {
    const id = instance.networkInterfaceIds[0] ?? '';
    const privateIp = region.networkInterfaces[id]?.privateIps[0] ?? '';
    const jumps = bastion !== undefined && instance !== bastion;
    const address = jumps ? privateIp : (publicIps.get(id) ?? privateIp);
    return [
      `Host ${instance.name}`,
      `  HostName ${address}`,
      `  HostKeyAlias ${instance.name}.${lab}`,
      ...(jumps ? [`  ProxyJump ${bastion.name}`] : []),
    ].join('\n');
  });
  const common = [
    'Host *',
    '  User admin',
    `  IdentityFile ${key}`,
    '  IdentitiesOnly no',
    `  UserKnownHostsFile ${knownHosts}`,
    '  StrictHostKeyChecking accept-new',
    '  ConnectTimeout 5',
    '  LogLevel ERROR',
  ];
  return `${[...hosts, common.join('\n')].join('\n')}\n`;
}
