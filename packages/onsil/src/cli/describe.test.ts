/** The commands about an account, with files as AWS prints them. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runMain } from './testing.ts';

const FIXTURE = join(import.meta.dirname, '..', 'describe', 'fixtures');
const REGION = join(FIXTURE, 'aws_configs', 'eu-west-1');
const APP = 'app (i-0a1a1a1a1a1a1a1a1)';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onsil-describe-'));
});
afterEach(() => rm(folder, { recursive: true }));

const why = (from: string, to: string, ...words: readonly string[]) =>
  runMain('why', from, to, '--describe', FIXTURE, ...words);

test('reach: what the Internet reaches, by the names that people know', async () => {
  const { exitCode, stdout, stderr } = await runMain('reach', '--internet', '--describe', FIXTURE);
  expect(exitCode).toBe(0);
  expect(stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
    ['from', 'to', 'on'],
    ['internet', 'ELB app/shop (eu-west-1a)', 'tcp 80, 443'],
    ['internet', 'ELB app/shop (eu-west-1b)', 'tcp 80, 443'],
    [''],
    ['Cannot be told, so never taken for reachable: not modelled: depends on ELB'],
    ['', 'net/feed, which has no security group'],
    ['', 'internet → ELB net/feed', 'everything'],
    [''],
  ]);
  // What bears on it and is not modelled, and what does not answer, is said.
  expect(stderr).toMatch(/TransitGateways\.json:\s+TransitGateways: 1 of this kind/);
  expect(stderr).toContain('bastion is stopped');
  expect(stderr).toContain('ELB app/shop, ELB net/feed');
  expect(stderr.match(/^warning {2}/gm)).toHaveLength(3);
});

test.each([
  ['internet', 'ELB app/shop (eu-west-1a):443', 'reachable'],
  ['ELB app/shop (eu-west-1b)', `${APP}:8080`, 'reachable'],
  ['internet', `${APP}:8080`, 'IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS'],
  [APP, 'RDS:3306', 'reachable'],
  ['ELB app/shop (eu-west-1a)', 'RDS:3306', 'ENI_SG_RULES_MISMATCH'],
  ['Lambda report-6f7e8d9c', 'RDS:3306', 'reachable'],
  ['203.0.113.9', 'bastion:22', 'BAD_STATE_ATTACHMENT'],
  ['internet', 'ELB net/feed:443', 'depends on ELB net/feed, which has no security group'],
  [APP, '10.98.0.1:80', 'BAD_STATE_ROUTE'],
  [APP, '10.99.0.1:80', 'depends on tgw-0d4e6f8a0b1c3d5e7'],
])('why %s %s', async (from, to, expected) => {
  const { exitCode, stdout } = await why(from, to);
  expect(stdout).toContain(expected);
  expect(exitCode).toBe(expected === 'reachable' ? 0 : 1);
});

test('what cannot be told has no services in the JSON either', async () => {
  const { stdout } = await runMain('reach', '--internet', '--describe', FIXTURE, '--json');
  expect(JSON.parse(stdout)).toContainEqual({
    from: 'internet',
    to: 'ELB net/feed',
    unknown: 'everything',
    text: 'not modelled: depends on ELB net/feed, which has no security group',
  });
});

test('diff: a folder is an account', async () => {
  const { exitCode, stdout } = await runMain('diff', FIXTURE, REGION);
  expect(stdout).toBe('Nobody reaches more or less than before.\n');
  expect(exitCode).toBe(0);
});

test('diff: a parameter is for a template, and refused where there is none', async () => {
  const words = ['--param', 'KeyName=me'];
  const { exitCode, stdout, stderr } = await runMain('diff', FIXTURE, REGION, ...words);
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toContain('--param KeyName=me is for a template');
  const template = join(folder, 'new.yaml');
  await writeFile(
    template,
    'Parameters: {KeyName: {Type: String}}\nResources: {Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}}\n',
  );
  const mixed = await runMain('diff', FIXTURE, template, '--region', 'eu-west-1', ...words);
  expect(mixed.exitCode).toBe(0);
});

test('diff: --account and --admin are none of its options', async () => {
  for (const option of ['--account', '--admin']) {
    const { exitCode, stderr } = await runMain('diff', FIXTURE, REGION, option, '203.0.113.7');
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(`unknown option '${option}'`)]);
  }
});

test('--admin gives the end of that name its addresses', async () => {
  expect((await why('admin', 'bastion:22')).stderr).toContain('nothing called "admin"');
  const { stdout } = await why('admin', 'ELB app/shop (eu-west-1a):443', '--admin', '203.0.113.7');
  expect(stdout).toMatch(/^admin → .* {2}reachable/);
  const wrong = await why('admin', 'bastion:22', '--admin', 'office');
  expect(wrong).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('"office"') });
});

describe('the folder may be', () => {
  test.each([
    ['one region', REGION],
    ['aws_configs', join(FIXTURE, 'aws_configs')],
    ['its parent', FIXTURE],
  ])('%s', async (_name, path) => {
    const { exitCode } = await runMain('why', APP, 'RDS:3306', '--describe', path);
    expect(exitCode).toBe(0);
  });

  test('of several accounts and regions: then one is named', async () => {
    const accounts = join(folder, 'aws_configs', 'accounts');
    for (const place of [
      '111122223333/eu-west-1',
      '111122223333/eu-west-2',
      '444455556666/eu-west-1',
    ]) {
      await cp(REGION, join(accounts, place), { recursive: true });
    }
    const ask = (...words: readonly string[]) =>
      runMain('why', APP, 'RDS:3306', '--describe', folder, ...words);
    const all = await ask();
    expect(all.exitCode).toBe(2);
    expect(all.stderr).toContain(
      '--region eu-west-1 --account 111122223333; --region eu-west-2 --account 111122223333; ' +
        '--region eu-west-1 --account 444455556666',
    );
    expect((await ask('--region', 'eu-west-1')).exitCode).toBe(2);
    expect((await ask('--region', 'eu-west-2')).exitCode).toBe(0);
    expect((await ask('--region', 'eu-west-1', '--account', '444455556666')).exitCode).toBe(0);
    expect((await ask('--region', 'us-east-1')).stderr).toContain('no such account and region');
  });

  test('with files that PowerShell wrote', async () => {
    await cp(REGION, folder, { recursive: true });
    const text = await readFile(join(folder, 'SecurityGroups.json'), 'utf8');
    await writeFile(join(folder, 'SecurityGroups.json'), `\ufeff${text}`, 'utf16le');
    const asked = await runMain('why', APP, 'RDS:3306', '--describe', folder);
    expect(asked).toMatchObject({ exitCode: 0 });
    expect(asked.stderr).not.toContain('SecurityGroups');
  });
});

describe('refused:', () => {
  const reach = (...words: readonly string[]) => runMain('reach', ...words);

  test.each([
    [['--describe', FIXTURE, '--template', 'vpc.yaml'], 'give one of them'],
    [['--describe', FIXTURE, '--param', 'A=b'], 'give one of them'],
    [['--template', 'vpc.yaml', '--account', '111122223333'], 'is for --describe'],
    [['--describe', '/no/such/folder'], 'The folder /no/such/folder cannot be read.'],
  ])('%j', async (words, expected) => {
    const { exitCode, stdout, stderr } = await reach(...words);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(expected);
  });

  test('an empty folder, and one of other JSON', async () => {
    for (const text of [undefined, '{"KeyPairs": []}', '[1]']) {
      if (text !== undefined) await writeFile(join(folder, 'other.json'), text);
      const { exitCode, stderr } = await reach('--describe', folder);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('aws ec2 describe-vpcs --output json > Vpcs.json');
    }
  });

  test.each([
    ['{\n  "Vpcs": [\n    {"VpcId": oops}\n  ]\n}\n', '3:15: This is not JSON.'],
    ['{"Vpcs": [\n', '2:1: This is not JSON.'],
    ['', '1:1: This is not JSON: the file is empty.'],
    ['\nAn error occurred (UnauthorizedOperation)', '2:1: This is not JSON.'],
  ])('no JSON: %j', async (text, expected) => {
    await mkdir(join(folder, 'eu-west-1'));
    const file = join(folder, 'eu-west-1', 'Vpcs.json');
    await writeFile(file, text);
    const { exitCode, stderr } = await reach('--describe', folder);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`${file}:${expected}`);
  });

  test('a region without VPCs', async () => {
    await cp(REGION, folder, { recursive: true });
    await rm(join(folder, 'Vpcs.json'));
    const { exitCode, stderr } = await reach('--describe', folder);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('No file has the VPCs of the region');
  });
});
