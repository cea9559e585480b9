/** Installs what is missing on the host, by apt-get, naming it first. */
import { readFileSync } from 'node:fs';
import { CommandError, run } from '../process.ts';
import { describeNeeds, type Need } from './packages.ts';
import { findProgram } from './programs.ts';

export interface InstallOptions {
  /** Told, before anything is done, what will be installed and why; then each step. */
  readonly say: (text: string) => void;
  /** Each line that apt-get prints. */
  readonly onLine?: (line: string) => void;
  /** True where somebody sits at a terminal and can be asked for their password by sudo. */
  readonly interactive: boolean;
  readonly signal?: AbortSignal;
}

/** What the installation asks of the host; passed in by tests. */
export interface InstallHost {
  readonly platform: string;
  readonly isRoot: boolean;
  readonly find: (program: string) => string | undefined;
  readonly run: typeof run;
  /** `PRETTY_NAME` of /etc/os-release, for messages. */
  readonly name: string;
}

/** The host cannot be given what is missing; the message says what is and what still works. */
export class InstallError extends Error {
  override readonly name = 'InstallError';
}

const WORKS_WITHOUT =
  'These work without them: onsil template, onsil doctor, and the tests of the pure core ' +
  '(npm test -- core).';

const APT_ENVIRONMENT = [
  'DEBIAN_FRONTEND=noninteractive',
  // Ubuntu's needrestart would restart services of the host that have nothing to do with this.
  'NEEDRESTART_SUSPEND=1',
];
const APT_OPTIONS = ['-y', '-q', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Dpkg::Use-Pty=0'];

/**
 * Installs the packages of the needs. Does nothing, silently, for an empty list.
 * @throws InstallError where the system has no apt-get, nobody may use it, or it failed
 */
export async function installPackages(
  needs: readonly Need[],
  options: InstallOptions,
  host: InstallHost = thisHost(),
): Promise<void> {
  if (needs.length === 0) return;
  if (host.platform !== 'linux' || host.find('apt-get') === undefined) {
    throw new InstallError(
      `${host.name} has no apt-get, and these are missing:\n${programsOf(needs)}\n` +
        (host.platform === 'linux'
          ? "Install them with this system's package manager (the names above are the programs). "
          : 'The lab needs a Linux kernel: use a Debian 12 or Ubuntu machine, real or virtual. ') +
        WORKS_WITHOUT,
    );
  }
  options.say(`installing packages of the host:\n${describeNeeds(needs)}`);
  const asRoot = await becomeRoot(needs, options, host);
  const apt = (...args: readonly string[]) => {
    const [program, ...rest] = [...asRoot, 'env', ...APT_ENVIRONMENT, 'apt-get', ...args];
    return host.run(program ?? 'env', rest, pick(options));
  };

  let names = await candidates(needs, host);
  if (names === undefined) {
    options.say('updating the list of packages');
    await explained(() => apt('update', '-q'), needs);
    names = await candidates(needs, host);
  }
  if (names === undefined) {
    throw new InstallError(
      `The package sources of ${host.name} do not have all of these:\n${describeNeeds(needs)}\n` +
        `On Ubuntu, enable "universe" (add-apt-repository universe). ${WORKS_WITHOUT}`,
    );
  }
  const install = ['install', ...APT_OPTIONS, '--no-install-recommends', ...names];
  try {
    await apt(...install);
  } catch (error) {
    if (!isOutdated(error)) throw failed(error, needs);
    options.say('the list of packages is out of date: updating it');
    await explained(() => apt('update', '-q'), needs);
    await explained(() => apt(...install), needs);
  }
}

/** The words that go before a command so that it runs as root. */
async function becomeRoot(
  needs: readonly Need[],
  options: InstallOptions,
  host: InstallHost,
): Promise<readonly string[]> {
  if (host.isRoot) return [];
  if (host.find('sudo') !== undefined) {
    try {
      await host.run('sudo', ['-n', 'true']);
      return ['sudo', '-n'];
    } catch {
      // A password is needed; sudo asks for it on the terminal itself.
      if (options.interactive) {
        await explained(() => host.run('sudo', ['-v', '-p', '[sudo] password for %u: ']), needs);
        return ['sudo', '-n'];
      }
    }
  }
  throw new InstallError(
    `Only root may install these:\n${describeNeeds(needs)}\n` +
      `Run as root: apt-get install --no-install-recommends ${preferred(needs).join(' ')}\n` +
      WORKS_WITHOUT,
  );
}

/**
 * For each need the first of its packages that apt could install; undefined where one has none,
 * which is so on a machine whose lists were never fetched.
 */
async function candidates(
  needs: readonly Need[],
  host: InstallHost,
): Promise<readonly string[] | undefined> {
  const all = [...new Set(needs.flatMap((need) => need.packages))];
  const { stdout } = await host.run('apt-cache', ['policy', ...all]);
  const available = installable(stdout);
  const names = needs.map((need) => need.packages.find((name) => available.has(name)));
  const found = names.filter((name) => name !== undefined);
  return found.length < names.length ? undefined : [...new Set(found)].sort();
}

/** Names in the output of `apt-cache policy` that have a candidate. */
export function installable(policy: string): ReadonlySet<string> {
  const names = new Set<string>();
  let name = '';
  for (const line of policy.split('\n')) {
    name = /^(\S+):$/.exec(line)?.[1] ?? name;
    const candidate = /^ {2}Candidate: (.+)$/.exec(line)?.[1];
    if (candidate !== undefined && candidate !== '(none)') names.add(name);
  }
  return names;
}

/** True where apt has the name of a file that its mirror has replaced since. */
function isOutdated(error: unknown): boolean {
  return (
    error instanceof CommandError &&
    /404 {1,2}Not Found|Unable to fetch some archives|has no installation candidate/.test(
      error.output.stderr + error.output.stdout,
    )
  );
}

async function explained(action: () => Promise<unknown>, needs: readonly Need[]): Promise<void> {
  try {
    await action();
  } catch (error) {
    throw failed(error, needs);
  }
}

function failed(cause: unknown, needs: readonly Need[]): InstallError {
  const what = cause instanceof Error ? cause.message : String(cause);
  return new InstallError(
    `Could not install ${preferred(needs).join(', ')}.\n${what}\n` +
      'If it says that it could not resolve or connect: check the network and /etc/apt. ' +
      WORKS_WITHOUT,
    { cause },
  );
}

const preferred = (needs: readonly Need[]): readonly string[] => [
  ...new Set(needs.map((need) => need.packages[0] ?? need.program)),
];

const programsOf = (needs: readonly Need[]): string =>
  needs.map(({ program, why }) => `  ${program} (${why})`).join('\n');

const pick = ({ onLine, signal }: InstallOptions) => ({
  ...(onLine === undefined ? {} : { onLine }),
  ...(signal === undefined ? {} : { signal }),
});

function thisHost(): InstallHost {
  return {
    platform: process.platform,
    isRoot: process.getuid?.() === 0,
    find: findProgram,
    run,
    name: systemName(),
  };
}

function systemName(): string {
  if (process.platform === 'darwin') return 'macOS';
  try {
    const text = readFileSync('/etc/os-release', 'utf8');
    return /^PRETTY_NAME="?([^"\n]+)/m.exec(text)?.[1] ?? 'this system';
  } catch {
    return 'this system';
  }
}
