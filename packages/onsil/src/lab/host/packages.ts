/**
 * What the lab needs of the host, as Debian and Ubuntu package it.
 *
 * None of these packages leaves a service running: where Debian offers a server with and without
 * its service, the one without is taken (mariadb-server-core, not mariadb-server); the units that
 * the others bring are not started by their installation (nftables, iperf3) or run no process
 * (machines.target of systemd-container).
 */
import { findProgram } from './programs.ts';

/** What somebody is about to do. */
export type Purpose = 'lab' | 'tests' | 'bench';

export interface Need {
  /** The program that is looked for. */
  readonly program: string;
  /** Packages that bring it: the first that this release of the distribution has is taken. */
  readonly packages: readonly string[];
  readonly why: string;
  readonly for: readonly Purpose[];
}

const LAB = ['lab', 'tests', 'bench'] as const;

export const NEEDS: readonly Need[] = [
  need('mmdebstrap', ['mmdebstrap'], 'builds the image that instances boot from', LAB),
  need('systemd-nspawn', ['systemd-container'], 'boots the instances', LAB),
  need('nft', ['nftables'], 'security groups, network ACLs and the Internet gateway', LAB),
  need('ip', ['iproute2'], 'network interfaces and route tables', LAB),
  need('slirp4netns', ['slirp4netns'], "the lab's way out to the real Internet", LAB),
  need('pebble', ['pebble'], "the certificate authority of the lab's Internet", LAB),
  need('ssh', ['openssh-client'], 'onsil ssh, through the bastion', LAB),
  need('ssh-keygen', ['openssh-client'], "the administrator's key pair", LAB),
  need('nsenter', ['util-linux'], 'runs programs inside the lab', LAB),
  need('sysctl', ['procps'], 'settings of network namespaces', LAB),
  need('tcpdump', ['tcpdump'], "reads what the lab's routers log, for onsil flow", LAB),
  need('losetup', ['mount'], 'volumes', LAB),
  need('mkfs.ext4', ['e2fsprogs'], 'volumes', LAB),
  need('zstd', ['zstd'], 'unpacks releases', LAB),
  need('aws', ['awscli'], 'asks the AWS endpoints of a lab, as people do', ['tests']),
  need('conntrack', ['conntrack'], 'makes a NAT gateway forget its connections', ['tests']),
  need('iperf3', ['iperf3'], 'measures the throughput of the network', ['bench']),
  need('wrk', ['wrk'], 'measures requests per second', ['bench']),
  need('chromium', ['chromium', 'chromium-browser'], 'signs up and logs in as a person', [
    'tests',
    'bench',
  ]),
  need('mariadbd', ['mariadb-server-core'], "the example's database tests", ['tests']),
  need('mariadb-install-db', ['mariadb-server-core'], "the example's database tests", ['tests']),
  need('mariadb', ['mariadb-client-core', 'mariadb-client'], "the example's database tests", [
    'tests',
  ]),
  need(
    'javac',
    ['openjdk-17-jdk-headless', 'openjdk-21-jdk-headless', 'default-jdk-headless'],
    "a jar for `runtime: 'java'`",
    ['tests'],
  ),
];

function need(
  program: string,
  packages: readonly string[],
  why: string,
  purposes: readonly Purpose[],
): Need {
  return { program, packages, why, for: purposes };
}

/** What is not installed of what the purposes need, in the order of the table. */
export function missingPackages(
  purposes: readonly Purpose[],
  find: (program: string) => string | undefined = findProgram,
): readonly Need[] {
  return NEEDS.filter(
    (each) => each.for.some((purpose) => purposes.includes(purpose)) && !find(each.program),
  );
}

/** One line for each package: its name and what it is for. */
export function describeNeeds(needs: readonly Need[]): string {
  const reasons = new Map<string, Set<string>>();
  for (const { packages, program, why } of needs) {
    const name = packages[0] ?? program;
    reasons.set(name, (reasons.get(name) ?? new Set()).add(why));
  }
  const width = Math.max(0, ...[...reasons.keys()].map((name) => name.length));
  return [...reasons]
    .map(([name, why]) => `  ${name.padEnd(width)}  ${[...why].join('; ')}`)
    .join('\n');
}
