import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { VERSION } from './program.ts';
import { runMain } from './testing.ts';

const root = join(import.meta.dirname, '..', '..');

describe('help', () => {
  const COMMANDS = [
    ...['new', 'up', 'down', 'status', 'console', 'logs', 'stop', 'start', 'doctor'],
    ...['env', 'aws', 'exec', 'ssh', 'probe', 'verify', 'flow'],
    ...[
      'template',
      'why',
      'reach',
      'check',
      'diagram',
      'cost',
      'diff',
      'deploy',
      'destroy',
      'image',
    ],
  ];

  test('names every command, and shows what to type first', async () => {
    const { exitCode, stdout, stderr } = await runMain('--help');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const listed = [...stdout.matchAll(/^ {2}([a-z]+) .*$/gm)].map(([, name]) => name);
    expect(listed).toEqual([...COMMANDS, 'help']);
    expect(stdout).toContain('$ onsil up ');
  });
  test.each(COMMANDS)('of %s has examples, and fits in 80 columns', async (name) => {
    const { exitCode, stdout } = await runMain(name, '--help');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Usage: onsil ${name} `));
    expect(stdout).toMatch(new RegExp(`\nExamples:\n( {2}\\$ onsil ${name}.*\n)+$`));
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });
  test('no command at all shows the help, as a wrong command line', async () => {
    const { exitCode, stderr } = await runMain();
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^Usage: onsil /);
  });
  test('the version is the one of the package', async () => {
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    expect(VERSION).toBe(version);
    expect(await runMain('--version')).toEqual({
      ...{ exitCode: 0, stdout: `${version}\n`, stderr: '' },
    });
  });
});

describe('a command line that cannot be meant ends with 2', () => {
  test.each([
    ['upp', "unknown command 'upp'\n(Did you mean up?)"],
    ['up --dryrun', "unknown option '--dryrun'\n(Did you mean --dry-run?)"],
    ['up web', 'too many arguments'],
    ['probe api-1', "missing required argument 'to'"],
    ['logs', "missing required argument 'instance'"],
    ['up --port 0', 'It is no a port: a whole number from 1 to 65535.'],
    ['up --port 65536', 'a whole number from 1 to 65535.'],
    ['up --port 80a', 'a whole number from 1 to 65535.'],
    ['up --port 1e3', 'a whole number from 1 to 65535.'],
    ['probe a b --timeout 0', 'a whole number from 1 to 600000.'],
    ['logs web -n -1', 'a whole number from 0 to 1000000.'],
    ['up --template', "option '--template <file>' argument missing"],
    ['status --lab Shop', '--lab "Shop" is no name for a lab'],
    ['exec api-1', 'What shall run? For a shell: onsil exec api-1 -- bash'],
    ['exec api-1 --', 'What shall run?'],
    ['up --template t.yaml --param Key', '--param "Key" has no value: write --param Key=Value.'],
    ['up --template /absent/t.yaml', 'The template /absent/t.yaml does not exist.'],
    ['probe a b:99999 --lab shop', '"b:99999" is no target'],
  ])('%s', async (line, message) => {
    const { exitCode, stdout, stderr } = await runMain(...line.split(' '));
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^error/);
    expect(stderr).toContain(message);
  });
});

describe('failures', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'onsil-main-'));
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });

  test('a template that is none ends with 1, and says what is wrong', async () => {
    const file = join(folder, 'vpc.yaml');
    await writeFile(file, 'Resources: {V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0/8}}}');
    const { exitCode, stdout, stderr } = await runMain('up', '--dry-run', '--template', file);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(/^error {2}/);
    expect(stderr).toContain('Resources.V.Properties.CidrBlock');
    expect(stderr).not.toContain(' at ');
  });
  test('with --json the error is JSON too', async () => {
    const { exitCode, stdout } = await runMain('status', '--json', '--lab', 'Shop');
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toEqual({ error: expect.stringContaining('--lab "Shop"') });
  });
  test('ONSIL_DEBUG adds the stack and the cause', async () => {
    vi.stubEnv('ONSIL_DEBUG', '1');
    const { stderr } = await runMain('up', '--template', '/absent/t.yaml');
    expect(stderr).toContain('request.ts:');
    expect(stderr).toContain('caused by: Error: ENOENT');
  });
  test('a folder without a service says where to go', async () => {
    vi.spyOn(process, 'cwd').mockReturnValue(folder);
    for (const command of ['up', 'template']) {
      const { exitCode, stderr } = await runMain(command);
      expect(exitCode).toBe(2);
      expect(stderr).toContain(`There is no onsil.config.ts in ${folder}.`);
    }
  });
});

test('a dry run prints a plan that names the lab, and ends with 0', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'onsil-main-'));
  try {
    const file = join(folder, 'My VPC.yaml');
    await writeFile(
      file,
      'Resources: {V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}}',
    );
    const { exitCode, stdout } = await runMain('up', '--dry-run', '--template', file);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('onsil.my-vpc.vpc-');
    const json = await runMain('up', '--dry-run', '--json', '--template', file, '--lab', 'other');
    expect(JSON.parse(json.stdout)).toMatchObject({ lab: 'other', problems: [], machines: [] });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a pipe that is closed early is no failure', async () => {
  const child = spawn(process.execPath, [join(root, 'bin', 'onsil.mjs'), '--help'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  child.stdout.destroy();
  const [code] = await once(child, 'close');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});
