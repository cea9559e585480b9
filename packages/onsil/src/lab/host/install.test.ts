import { expect, test } from 'vitest';
import { CommandError, type run } from '../process.ts';
import { InstallError, type InstallHost, installable, installPackages } from './install.ts';
import { missingPackages, NEEDS, type Need } from './packages.ts';

const needs = NEEDS.filter((need) => ['mmdebstrap', 'ssh', 'ssh-keygen'].includes(need.program));
const KNOWN = 'mmdebstrap:\n  Candidate: 1.3\nopenssh-client:\n  Candidate: 9.2\n';
const UNKNOWN = 'mmdebstrap:\n  Candidate: (none)\n';

/** A host that answers commands from a script, in order, and remembers them. */
function scripted(
  answers: readonly (readonly [command: string, answer: string | CommandError])[],
  host: Partial<InstallHost> = {},
) {
  const left = [...answers];
  const said: string[] = [];
  const scriptedRun: typeof run = async (program, args) => {
    const command = [program, ...args].join(' ');
    const next = left.shift();
    expect(command).toContain(next?.[0] ?? 'nothing more');
    if (next?.[1] instanceof CommandError) throw next[1];
    return { stdout: next?.[1] ?? '', stderr: '' };
  };
  const install = (list: readonly Need[], interactive = false) =>
    installPackages(
      list,
      { say: (text) => said.push(text), interactive },
      {
        platform: 'linux',
        isRoot: true,
        find: (program) => `/usr/bin/${program}`,
        run: scriptedRun,
        name: 'Debian GNU/Linux 12',
        ...host,
      },
    );
  return { install, said, left };
}

const broken = (stderr: string) => new CommandError(['apt-get'], 100, { stdout: '', stderr });

test('names the packages and why, then installs them without recommendations', async () => {
  const host = scripted([
    ['apt-cache policy mmdebstrap openssh-client', KNOWN],
    ['env DEBIAN_FRONTEND=noninteractive', ''],
  ]);
  await host.install(needs);
  expect(host.left).toEqual([]);
  expect(host.said).toHaveLength(1);
  expect(host.said[0]).toMatch(/mmdebstrap +builds the image/);
  expect(host.said[0]).toMatch(/openssh-client +onsil ssh, through the bastion; the admin/);
});

test('updates the lists only when a package is not in them', async () => {
  const host = scripted([
    ['apt-cache policy', UNKNOWN],
    ['apt-get update', ''],
    ['apt-cache policy', KNOWN],
    ['--no-install-recommends mmdebstrap openssh-client', ''],
  ]);
  await host.install(needs);
  expect(host.left).toEqual([]);
});

test('lists that name a replaced file are updated, and the installation goes on', async () => {
  const host = scripted([
    ['apt-cache policy', KNOWN],
    ['apt-get install', broken('E: Failed to fetch x.deb  404  Not Found')],
    ['apt-get update', ''],
    ['apt-get install', ''],
  ]);
  await host.install(needs);
  expect(host.left).toEqual([]);
});

test('an installation that fails says what, and keeps its cause', async () => {
  const cause = broken('E: You have held broken packages.');
  const host = scripted([
    ['apt-cache policy', KNOWN],
    ['apt-get install', cause],
  ]);
  const error = await host.install(needs).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InstallError);
  expect(error).toMatchObject({ cause, message: expect.stringContaining('held broken packages') });
});

test('goes through sudo where it works without a password', async () => {
  const host = scripted(
    [
      ['sudo -n true', ''],
      ['apt-cache policy', KNOWN],
      ['sudo -n env DEBIAN_FRONTEND=noninteractive', ''],
    ],
    { isRoot: false },
  );
  await host.install(needs);
  expect(host.left).toEqual([]);
});

test('asks for the password only at a terminal', async () => {
  const refused = new CommandError(['sudo'], 1, { stdout: '', stderr: 'a password is required' });
  const alone = scripted([['sudo -n true', refused]], { isRoot: false });
  await expect(alone.install(needs)).rejects.toThrow(
    /Run as root: apt-get install --no-install-recommends mmdebstrap openssh-client\n.*onsil template/,
  );
  const asked = scripted(
    [
      ['sudo -n true', refused],
      ['sudo -v', ''],
      ['apt-cache policy', KNOWN],
      ['sudo -n env', ''],
    ],
    { isRoot: false },
  );
  await asked.install(needs, true);
  expect(asked.left).toEqual([]);
});

test('another system is told what is missing and what works without it', async () => {
  const noApt = { find: () => undefined, name: 'Fedora Linux 42' };
  await expect(scripted([], noApt).install(needs)).rejects.toThrow(
    /Fedora Linux 42 has no apt-get.*\n {2}mmdebstrap \(.*\n(.*\n)*.*These work without them/,
  );
  const mac = { platform: 'darwin', name: 'macOS' };
  await expect(scripted([], mac).install(needs)).rejects.toThrow(/needs a Linux kernel/);
});

test('what nobody has is said after one update', async () => {
  const host = scripted([
    ['apt-cache policy', UNKNOWN],
    ['apt-get update', ''],
    ['apt-cache policy', UNKNOWN],
  ]);
  await expect(host.install(needs)).rejects.toThrow(/do not have all of these/);
});

test('a lab does not need what only tests need', () => {
  const names = (purpose: 'lab' | 'tests' | 'bench') =>
    missingPackages([purpose], () => undefined).map((need) => need.program);
  expect(names('lab')).toContain('systemd-nspawn');
  expect(names('lab')).not.toContain('chromium');
  expect(names('tests')).toContain('chromium');
  expect(names('bench')).toContain('iperf3');
  expect(missingPackages(['lab', 'tests', 'bench'], (name) => `/bin/${name}`)).toEqual([]);
});

test('reads the output of apt-cache policy', () => {
  expect([...installable(`${KNOWN}none:\n  Installed: (none)\n  Candidate: (none)\n`)]).toEqual([
    'mmdebstrap',
    'openssh-client',
  ]);
});
