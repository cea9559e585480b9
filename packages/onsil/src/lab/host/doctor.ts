/** Can this host run a lab? A list of answers, each with what would mend it. */
import { statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { portUser } from '../forwarder/port.ts';
import { CACHE } from '../layout.ts';
import { run } from '../process.ts';
import { type Check, type Finding, failed, ok, reason, warning } from './check.ts';
import { diskSpace } from './disk.ts';
import * as kernel from './kernel.ts';
import { debianMirror } from './mirror.ts';
import { missingPackages, type Purpose } from './packages.ts';
import { findProgram } from './programs.ts';

export type { Check, CheckState, Finding } from './check.ts';

export interface DoctorContext {
  /** By default the lab's. */
  readonly purposes: readonly Purpose[];
  /** Where images and layers are kept; by default the lab's cache. */
  readonly cacheFolder: string;
  /** Ports of 127.0.0.1 that the lab would like; by default the site's. */
  readonly ports: readonly number[];
  /** One line for each thing that a crashed lab left behind. */
  readonly leftOvers: () => Promise<readonly string[]>;
  /** By default the host's own clock. */
  readonly now: Date;
}

const SITE_PORT = 8080;

interface Question {
  readonly id: string;
  readonly title: string;
  /** Cannot be asked by an ordinary user. */
  readonly asRoot?: boolean;
  readonly ask: (context: DoctorContext) => Finding | Promise<Finding>;
}

const OLDEST_NODE = 24;

const QUESTIONS: readonly Question[] = [
  { id: 'node', title: 'Node', ask: () => nodeVersion(process.versions.node) },
  { id: 'root', title: 'Root', ask: rootOrSudo },
  { id: 'programs', title: 'Programs', ask: ({ purposes }) => programs(purposes) },
  { id: 'namespaces', title: 'Namespaces', asRoot: true, ask: kernel.namespaces },
  { id: 'nftables', title: 'nftables', asRoot: true, ask: kernel.nftables },
  { id: 'veth', title: 'Virtual interfaces', asRoot: true, ask: kernel.virtualInterfaces },
  {
    id: 'overlay',
    title: 'Overlay file system',
    asRoot: true,
    ask: ({ cacheFolder }) => kernel.overlay(cacheFolder),
  },
  { id: 'tun', title: 'Tunnel device', asRoot: true, ask: kernel.tunDevice },
  { id: 'loop', title: 'Loop devices', asRoot: true, ask: kernel.loopDevices },
  { id: 'cgroups', title: 'Control groups', ask: () => kernel.cgroups() },
  { id: 'inotify', title: 'inotify', ask: () => kernel.inotify() },
  { id: 'disk', title: 'Disk space', ask: ({ cacheFolder }) => diskSpace(cacheFolder) },
  { id: 'ports', title: 'Ports', ask: ({ ports }) => freePorts(ports) },
  { id: 'clock', title: 'Clock', ask: ({ now }) => clock(now, installedAt()) },
  { id: 'left-overs', title: 'Left-overs', ask: leftOvers },
  { id: 'mirror', title: 'Package mirror', ask: () => mirror() },
];

/** Asks everything at once; takes about a second, most of it the mirror's. */
export async function runChecks(
  given: Partial<DoctorContext> & Pick<DoctorContext, 'leftOvers'>,
): Promise<readonly Check[]> {
  const context: DoctorContext = {
    purposes: ['lab'],
    cacheFolder: CACHE,
    ports: [SITE_PORT],
    now: new Date(),
    ...given,
  };
  if (process.platform !== 'linux') {
    const detail = `the lab needs a Linux kernel; this is ${process.platform}`;
    const fix = 'use a Debian 12 or Ubuntu machine, real or virtual';
    return [{ id: 'system', title: 'System', ...failed(detail, fix) }];
  }
  return Promise.all(
    QUESTIONS.map(async ({ id, title, asRoot, ask }) => {
      if (asRoot === true && process.getuid?.() !== 0) {
        return { id, title, ...warning('only root can tell', 'sudo npx onsil doctor') };
      }
      try {
        return { id, title, ...(await ask(context)) };
      } catch (error) {
        return { id, title, ...failed(reason(error), 'npx onsil doctor --json') };
      }
    }),
  );
}

/** @param version as `process.versions.node` has it */
export function nodeVersion(version: string): Finding {
  return Number(version.split('.')[0]) >= OLDEST_NODE
    ? ok(`v${version}`)
    : failed(`v${version}; ${OLDEST_NODE} or later is needed`, 'npm ci');
}

async function rootOrSudo(): Promise<Finding> {
  if (process.getuid?.() === 0) return ok('this is root');
  const fix = 'sudo npm run up';
  if (findProgram('sudo') === undefined) return failed('not root, and there is no sudo', 'su -');
  try {
    await run('sudo', ['-n', 'true']);
    return ok('sudo works without a password');
  } catch {
    return warning('not root; sudo will ask for a password', fix);
  }
}

/** @param find as `findProgram` */
export function programs(purposes: readonly Purpose[], find = findProgram): Finding {
  const missing = missingPackages(purposes, find);
  if (missing.length === 0) return ok('all there');
  const packages = [...new Set(missing.map((need) => need.packages[0] ?? need.program))];
  return failed(
    `missing: ${missing.map((need) => need.program).join(', ')} (onsil up installs them)`,
    `apt-get install --no-install-recommends ${packages.join(' ')}`,
  );
}

async function freePorts(ports: readonly number[]): Promise<Finding> {
  const users = await Promise.all(
    ports.map(async (port) => ({ port, user: await portUser(port) })),
  );
  const taken = users.filter(({ user }) => user !== undefined);
  if (taken.length === 0) return ok(`${ports.join(', ')} free`);
  return warning(
    taken.map(({ port, user }) => `${port} is used by ${user?.description}`).join('; '),
    'stop it, or let onsil up take the next free port',
  );
}

/**
 * A clock that is years off makes every certificate invalid, in ways that are hard to read.
 * @param installed a moment that has certainly passed
 */
export function clock(now: Date, installed: Date): Finding {
  const fix = 'timedatectl set-ntp true';
  if (now < installed) {
    return failed(
      `it is ${now.toISOString()}, before these files were made (${installed.toISOString()})`,
      fix,
    );
  }
  if (now.getUTCFullYear() - installed.getUTCFullYear() > 20) {
    return failed(`it is ${now.toISOString()}, more than 20 years after the installation`, fix);
  }
  return ok(now.toISOString());
}

const installedAt = (): Date => statSync(new URL(import.meta.url)).mtime;

async function leftOvers(context: DoctorContext): Promise<Finding> {
  const found = await context.leftOvers();
  return found.length === 0 ? ok('none') : warning(found.join('; '), 'npx onsil down');
}

const APT_HELPER = '/usr/lib/apt/apt-helper';

/** Asked by apt's own downloader, which knows the host's proxies. */
async function mirror(): Promise<Finding> {
  const found = debianMirror();
  if (found === undefined) {
    return ok("the host's package sources name no Debian mirror: mmdebstrap takes its own");
  }
  const folder = await mkdtemp(join(tmpdir(), 'onsil-doctor-'));
  try {
    const url = `${found.archive}/dists/bookworm/Release`;
    await run(
      APT_HELPER,
      ['-o', 'Acquire::Retries=0', 'download-file', url, join(folder, 'Release')],
      {
        signal: AbortSignal.timeout(15_000),
      },
    );
    return ok(found.archive);
  } catch (error) {
    return warning(
      `${found.archive} cannot be reached (${reason(error)}): nothing new can be installed, ` +
        'what was provisioned before still starts',
      'apt-get update',
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
