/**
 * What a lab may leave behind on the host, and what it may never change there. Other labs may
 * come and go on the same machine meanwhile: what carries another lab's name does not count.
 */
import { access, readdir, readFile, stat } from 'node:fs/promises';
import { CommandError, run } from '../../../src/lab/process.ts';
import { MARK } from './onsil.ts';

/** Network, resolver, sysctls: unchanged while a lab is up as well as after it. */
export interface HostNetwork {
  readonly addresses: string;
  readonly routes: string;
  readonly rules: string;
  readonly ruleset: string;
  readonly resolver: string;
  readonly sysctls: Readonly<Record<string, string>>;
}

export async function hostNetwork(): Promise<HostNetwork> {
  const [addresses, routes, rules, ruleset, resolver, settings] = await Promise.all([
    text('ip', '-brief', 'address'),
    text('ip', 'route', 'show', 'table', 'all'),
    text('ip', 'rule'),
    text('nft', 'list', 'ruleset'),
    readFile('/etc/resolv.conf', 'utf8'),
    sysctls(),
  ]);
  return { addresses, routes, rules, ruleset, resolver, sysctls: settings };
}

/** The one that a lab raises, and those that count or measure. */
const MOVING =
  /^(fs\.inotify\.max_user_instances|fs\.(dentry-state|file-nr|inode-nr|inode-state|aio-nr)|fs\.quota\.|kernel\.(random\.|ns_last_pid|pty\.nr|perf_event_max_sample_rate|sched_domain|tainted|hung_task_detect_count)|net\.netfilter\.nf_conntrack_(count|buckets|max))/;

async function sysctls(): Promise<Readonly<Record<string, string>>> {
  // Some settings cannot be read at all: then it exits with 1 and prints the others.
  const output = await text('sysctl', '--all');
  const entries = output
    .split('\n')
    .map((line) => line.split(' = '))
    .filter(([name = '']) => name !== '' && !MOVING.test(name));
  return Object.fromEntries(entries);
}

/** Loading a module brings new settings: only those of before are compared. */
export function sameSysctls(before: HostNetwork, after: HostNetwork): HostNetwork {
  const kept = Object.keys(before.sysctls).map((name) => [name, after.sysctls[name]]);
  return { ...after, sysctls: Object.fromEntries(kept) };
}

/** Everything of given labs that a process without memory could find on this machine. */
export async function tracesOf(labs: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all([
    entries('/run/netns', 'namespace'),
    lines('/proc/self/mountinfo', 'mount'),
    cgroups(),
    processes(labs),
    commandLines('loop device', 'losetup', '--list', '--noheadings', '--output', 'BACK-FILE'),
    folders(),
  ]);
  const names = labs.map((lab) => new RegExp(`(?:^|[/.:\\s])${lab}(?=$|[/.:\\s])`));
  return found.flat().filter((each) => names.some((name) => name.test(each)));
}

/** What systemd-nspawn keeps of each machine of a lab that is up: no name there says whose it is. */
export async function nspawnFiles(lab: string): Promise<readonly string[]> {
  const machines = await readdir(`/run/onsil/${lab}/machines`);
  const files = await Promise.all(
    machines.map(async (id) => {
      const { dev, ino } = await stat(`/run/onsil/${lab}/machines/${id}/root`);
      return [
        `/run/systemd/nspawn/propagate/${id}`,
        `/run/systemd/nspawn/locks/inode-${dev}:${ino}`,
      ];
    }),
  );
  return files.flat();
}

/** Those of the paths that are there. */
export async function existing(paths: readonly string[]): Promise<readonly string[]> {
  const there = await Promise.all(
    paths.map((path) =>
      access(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  return paths.filter((_, index) => there[index]);
}

/** Names of files and folders where programs keep what outlives them, but for other labs'. */
export async function fileNames(ours: readonly string[]): Promise<readonly string[]> {
  const places = ['/etc', '/run', '/dev', '/var/lib', '/var/tmp', '/tmp'];
  const output = await text('find', ...places, '-maxdepth', '4', '-not', '-type', 's');
  const other = /^\/(?:run\/onsil|var\/lib\/onsil)\/([^/]+)|^\/run\/netns\/onsil\.([^.]+)\./;
  return output
    .split('\n')
    .filter((path) => {
      const [, folder, namespace] = other.exec(path) ?? [];
      const lab = folder ?? namespace;
      return (lab === undefined || ours.includes(lab)) && !NOISE.test(path);
    })
    .toSorted();
}

/** What tests (`/tmp/onsil-test-…`), other programs and other labs write meanwhile. */
const NOISE =
  /^\/(?:tmp\/(?!onsil-\w+(?:\/|$))|tmp$|dev\/(?:pts|shm|fd|mqueue)|run\/systemd\/(?:nspawn|journal|units|transient|sessions|users)|run\/(?:user|lock|onsil$|netns$)|var\/lib\/(?:onsil$|apt|dpkg|systemd\/(?:timers|random)))/;

async function cgroups(): Promise<readonly string[]> {
  const output = await text('find', '/sys/fs/cgroup', '-type', 'd', '-path', '*/onsil/*');
  return output.split('\n').map((path) => `cgroup ${path}`);
}

async function folders(): Promise<readonly string[]> {
  const found = await Promise.all(
    ['/run/onsil', '/var/lib/onsil', '/run/systemd/nspawn/propagate'].map((folder) =>
      entries(folder, `folder ${folder}`),
    ),
  );
  return found.flat();
}

/** Processes of a lab, and those that a test's lab started but that tell not whose they are. */
async function processes(labs: readonly string[]): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const [command, environment, cgroup] = await Promise.all(
        ['cmdline', 'environ', 'cgroup'].map((file) =>
          // It may end while it is looked at.
          readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => ''),
        ),
      );
      // Ended, and only waiting for init to take notice.
      if (cgroup?.trimEnd().endsWith(' (deleted)') === true) return [];
      const words = command?.replaceAll('\0', ' ') ?? '';
      const marked = environment?.split('\0').includes(MARK) ?? false;
      const owner = labOf(cgroup ?? '', words);
      if (owner === undefined) return marked ? [`process ${pid} ${labs[0]} ${words}`] : [];
      return [`process ${pid} ${owner} ${words}`];
    }),
  );
  return found.flat();
}

/** By its cgroup, or by what it was started with. */
function labOf(cgroup: string, words: string): string | undefined {
  const [, lab] =
    /\/onsil\/([^/\n]+)\//.exec(cgroup) ??
    /\/run\/netns\/onsil\.([^.]+)\./.exec(words) ??
    /daemon\/main\.ts (\S+)/.exec(words) ??
    [];
  return lab;
}

const entries = async (folder: string, what: string): Promise<readonly string[]> =>
  (await readdir(folder).catch(() => [])).map((name) => `${what} ${name}`);

const lines = async (file: string, what: string): Promise<readonly string[]> =>
  (await readFile(file, 'utf8')).split('\n').map((line) => `${what} ${line}`);

const commandLines = async (what: string, program: string, ...args: readonly string[]) =>
  (await text(program, ...args)).split('\n').map((line) => `${what} ${line}`);

/** What a program prints, also where it could not read all that it was to list. */
async function text(program: string, ...args: readonly string[]): Promise<string> {
  try {
    return (await run(program, args)).stdout;
  } catch (error) {
    if (error instanceof CommandError && error.exitCode === 1) return error.output.stdout;
    throw error;
  }
}
