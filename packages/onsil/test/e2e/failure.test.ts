/** What goes wrong, and how it is told: a clear error, the exit code, and nothing half-made. */
import { mkdir, mkdtemp, readdir, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../../src/lab/process.ts';
import { tracesOf } from './support/host-state.ts';
import { type Ended, labCommands, onsil, parseEvents, statusOf, succeed } from './support/onsil.ts';
import { type Folder, folderWith } from './support/project.ts';
import { smallTemplate } from './support/templates.ts';

const LAB = 'e2e-failure';
const { down, exec } = labCommands(LAB);
let folder: Folder;

beforeAll(async () => {
  folder = await folderWith({});
  await down();
});

afterAll(async () => {
  await down();
  await folder[Symbol.asyncDispose]();
});

async function up(template: string, ...words: readonly string[]): Promise<Ended> {
  const file = join(folder.path, 'template.yaml');
  await writeFile(file, template);
  return onsil(['up', '--lab', LAB, '--template', file, ...words]);
}

describe('a set-up', () => {
  const signal = (status: string) =>
    `curl -sSf -X PUT -H 'Content-Type:' --data '{"Status":"${status}","Reason":"the disk is too small","UniqueId":"1","Data":""}' "\${Handle}"\n`;
  const template = smallTemplate([
    {
      name: 'exits',
      userData:
        '#!/bin/bash\nfor line in $(seq 100); do echo "line $line"; done\n' +
        'echo "no such thing" >&2\nexit 3\n',
    },
    { name: 'signals', userData: `#!/bin/bash\n${signal('FAILURE')}`, signalWithin: 600 },
    { name: 'forgets', userData: '#!/bin/bash\n# ${Handle}\ntrue\n', signalWithin: 4 },
    { name: 'succeeds', userData: `#!/bin/bash\n${signal('SUCCESS')}`, signalWithin: 600 },
  ]);
  let result: Ended;

  beforeAll(async () => {
    result = await up(template);
  });
  afterAll(async () => {
    await down();
    expect(await tracesOf([LAB])).toEqual([]);
  });

  test('that fails makes up fail, and the lab is left for a look', async () => {
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('The lab is left as it is for a look: npx onsil status');
    const { ready, instances } = await statusOf(LAB);
    expect(ready).toBe(false);
    const setups = instances.map(({ name, state, setup }) => `${name} ${state} ${setup}`);
    expect(setups).toEqual([
      ...['exits running failed', 'signals running failed', 'forgets running failed'],
      'succeeds running done',
    ]);
    expect((await exec('exits', 'tail', '-n', '1', '/var/log/cloud-init-output.log')).code).toBe(0);
  });

  test('that exits with an error is told with its command and exit code, and its log is kept', async () => {
    const told = result.stdout.replaceAll(/\s+/g, ' ');
    expect(told).toMatch(/The set-up of exits failed: .*scripts\/part-001.* Exit code: 3/);
    const log = await exec('exits', 'tail', '-n', '40', '/var/log/cloud-init-output.log');
    expect(log.stdout).toContain('no such thing');
  });

  test('that signals FAILURE is told with its reason', () => {
    expect(result.stderr).toContain('The set-up of signals failed: the disk is too small\n');
  });

  test('that never signals is told after its time', () => {
    expect(result.stderr).toContain(
      'The set-up of forgets failed: Readyforgets got 0 of 1 signals of success within 4 s\n',
    );
  });

  test('that succeeds beside them is not blamed', () => {
    expect(result.stderr).not.toContain('The set-up of succeeds');
  });
});

describe('a template', () => {
  const network = (first: string, second: string) =>
    [
      'Resources:',
      '  Vpc:',
      '    Type: AWS::EC2::VPC',
      '    Properties: { CidrBlock: 10.0.0.0/16 }',
      ...[first, second].flatMap((cidr, index) => [
        `  Subnet${index + 1}:`,
        '    Type: AWS::EC2::Subnet',
        `    Properties: { VpcId: !Ref Vpc, CidrBlock: ${cidr} }`,
      ]),
    ].join('\n');

  test.each([
    ['that is no YAML', 'Resources:\n  Vpc: [\n', /template\.yaml:\d+:\d+/],
    ['that is empty', '', /template\.yaml: The template is empty\./],
    [
      'of an unknown property',
      `${network('10.0.0.0/24', '10.0.1.0/24')}\n  Bad:\n    Typ: x\n`,
      /Bad/,
    ],
    ['that refers to nothing', network('10.0.0.0/24', '!Ref Nothing'), /Nothing/],
    [
      'whose subnets overlap',
      network('10.0.0.0/24', '10.0.0.128/25'),
      /10\.0\.0\.128\/25.*overlap/s,
    ],
    ['whose subnet does not fit', network('10.0.0.0/24', '10.1.0.0/24'), /10\.1\.0\.0\/24/],
  ])('%s is refused, and nothing is made', async (_name, template, message) => {
    const { code, stderr, stdout } = await up(template);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at |left as it is/m);
    expect(code).toBe(1);
    expect(stdout).not.toContain('ready');
    expect(await tracesOf([LAB])).toEqual([]);
  });

  test('that is not there is a usage error', async () => {
    const result = await onsil(['up', '--lab', LAB, '--template', '/none/vpc.yaml']);
    expect(result.stderr).toContain('The template /none/vpc.yaml does not exist.');
    expect(result.code).toBe(2);
  });

  test('is refused as JSON where JSON is asked for', async () => {
    const { stdout, code } = await up(network('10.0.0.0/24', '10.0.0.0/24'), '--json');
    const last = parseEvents(stdout).at(-1);
    expect(last).toEqual({ error: expect.stringContaining('overlap') });
    expect(code).toBe(1);
  });
});

describe('a config', () => {
  const config = (fields: string) =>
    `import { defineService } from 'onsil';\nexport default defineService({ name: '${LAB}', ` +
    `web: { source: './web' }, api: { source: './api' }, ${fields} });\n`;

  test.each([
    ['of a bad domain', config("domain: 'not a domain'"), /domain.*not a domain/s],
    [
      'of subnets that overlap',
      config(
        "domain: 'a.example', network: { subnets: { public: '10.0.0.0/24', app: '10.0.0.0/25' } }",
      ),
      /network\.subnets.*10\.0\.0\.0\/25/s,
    ],
    [
      'of a subnet that does not fit',
      config("domain: 'a.example', network: { subnets: { app: '192.168.0.0/24' } }"),
      /network\.subnets\.app.*192\.168\.0\.0\/24/s,
    ],
    ['of an unknown field', config("domain: 'a.example', wbe: 1"), /wbe/],
    ['that does not parse', 'export default {', /onsil\.config\.ts/],
  ])('%s is refused, and nothing is made', async (_name, text, message) => {
    await using project = await folderWith({ 'onsil.config.ts': text });
    await mkdir(join(project.path, 'web'));
    await mkdir(join(project.path, 'api'));
    const { code, stderr } = await onsil(['up', '--lab', LAB], { cwd: project.path });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(code).toBe(1);
    expect(await tracesOf([LAB])).toEqual([]);
  });
});

describe('a host', () => {
  const template = smallTemplate([{ name: 'host' }]);
  let cache = '';

  async function withCache(size: string, work: () => Promise<void>): Promise<void> {
    cache = await mkdtemp(join(tmpdir(), 'onsil-e2e-cache-'));
    await run('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'onsil-e2e', cache]);
    try {
      await work();
    } finally {
      await run('umount', [cache]);
      await rmdir(cache);
    }
  }

  test('without space for the image says so', () =>
    withCache('64m', async () => {
      const file = join(folder.path, 'host.json');
      await writeFile(file, template);
      const { code, stderr } = await onsil(['up', '--lab', LAB, '--template', file], {
        env: { ONSIL_CACHE: cache },
      });
      expect(stderr).toContain(`No space to build the machine image: ${cache}/images has 6`);
      expect(stderr).toContain('set ONSIL_CACHE to a folder on a larger file system');
      expect(code).toBe(1);
      expect(await tracesOf([LAB])).toEqual([]);
      expect(await readdir(join(cache, 'images'))).toEqual([]);
    }));

  test('without a network for the first image says so', () =>
    withCache('4g', async () => {
      const file = join(folder.path, 'host.json');
      await writeFile(file, template);
      const { code, stderr } = await onsil(['up', '--lab', LAB, '--template', file], {
        within: ['unshare', '--net', '--'],
        env: { ONSIL_CACHE: cache },
      });
      expect(stderr).toContain('The machine image could not be built from Debian packages.');
      expect(stderr).toContain('needs the network: check that `apt-get update` works');
      expect(code).toBe(1);
      expect(await tracesOf([LAB])).toEqual([]);
      expect(await readdir(join(cache, 'images'))).toEqual([]);
    }));
});

test('nothing of all this was left', async () => {
  expect(await succeed(['down', '--lab', LAB])).toBe(`${LAB} was not up.\n`);
});
