import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inVpc, webInVpc } from '../../cloudformation/testing.ts';
import { runMain } from '../testing.ts';
import { parseTarget } from './why.ts';

const VPC = webInVpc(
  80,
  `
Database:
  Type: AWS::EC2::Instance
  Properties: {ImageId: ami-0123456789abcdef0, SubnetId: !Ref Private, SecurityGroupIds: [!Ref Group]}
`,
);

/** On a route that the region does not have depends what goes there, replies as well. */
const PEERING = `${VPC}
  ByPeering:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 203.0.113.0/24, VpcPeeringConnectionId: pcx-1}
`;

let folder = '';
let file = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onsil-why-'));
  file = join(folder, 'vpc.yaml');
  await writeFile(file, VPC);
});
afterAll(() => rm(folder, { recursive: true }));

const run = (...words: readonly string[]) => runMain(...words, '--template', file);

describe('why', () => {
  test('says yes with every hop, in 80 columns, and ends with 0', async () => {
    const { exitCode, stdout } = await run('why', 'internet', 'Web:80');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^internet → Web:80 {2}reachable\n/);
    expect(stdout).toMatch(
      / {4}security group in {3}test: tcp 80 from 0\.0\.0\.0\/0\n {4}Web receives/,
    );
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });
  test('says no with the code and all changes, and ends with 1', async () => {
    const { exitCode, stdout } = await run('why', 'internet', 'Database:22');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS');
    expect(stdout).toContain(
      '    1. Database: give it an Elastic IP\n    2. group test, ingress: allow tcp 22 from 0.0.0.0/0',
    );
    expect(stdout).toContain('    3. route table ');
  });
  test('names what is not modelled, with a warning that has its place', async () => {
    const peering = join(folder, 'peering.yaml');
    await writeFile(peering, PEERING);
    const asked = (from: string, to: string) => runMain('why', from, to, '--template', peering);
    const { exitCode, stdout, stderr } = await asked('Web', '203.0.113.9:443');
    expect(exitCode).toBe(1);
    expect((await asked('203.0.113.9', 'Web:80')).stdout).toContain('not modelled');
    expect((await asked('203.0.114.9', 'Web:80')).exitCode).toBe(0);
    expect(stdout).toContain('not modelled: depends on pcx-1');
    expect(stderr).toMatch(/peering\.yaml:\d+:\d+:\s+Resources\.ByPeering\.Properties/);
  });
  test('says which senders get through, where not all do', async () => {
    const partly = join(folder, 'partly.yaml');
    await writeFile(partly, VPC.replace('CidrIp: 0.0.0.0/0', 'CidrIp: 203.0.113.0/24'));
    const { stdout } = await runMain('why', 'internet', 'Web:80', '--template', partly);
    expect(stdout).toContain('tcp 80  from 203.0.113.0–203.0.113.255\n  reachable');
    expect(stdout).toContain('tcp 80  from all but 203.0.113.0–203.0.113.255\n  blocked');
    // By what the template calls it: the id says nothing.
    expect(stdout).toContain('route table Table   0.0.0.0/0 → Internet gateway');
  });
  test('as JSON', async () => {
    const { exitCode, stdout } = await run('why', 'Web', 'Database:22', '--json');
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: 'blocked',
      outcomes: [{ services: 'tcp 22', verdict: { by: { code: 'ENI_SG_RULES_MISMATCH' } } }],
      changes: [{ kind: 'add-security-group-rule', text: expect.stringContaining('tcp 22') }],
      proved: true,
    });
  });
  test.each([
    [['Wb', 'Database:22'], 'There is nothing called "Wb". Did you mean Web?'],
    [['Web', 'zzzzzz'], 'There are: Web, Database, internet; or write an address or a block.'],
    [['Web', 'Database:0'], '"Database:0" is no target'],
    [['Web', 'Database:22/icmp'], '"Database:22/icmp" is no target'],
  ])('%j ends with 2', async (words, message) => {
    const { exitCode, stderr } = await run('why', ...words);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });
  test('a template with a mistake says where', async () => {
    const bad = join(folder, 'bad.yaml');
    await writeFile(bad, VPC.replace('10.0.2.0/24', '10.9.2.0/24'));
    const { exitCode, stderr } = await runMain('why', 'Web', 'Database:22', '--template', bad);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/bad\.yaml:\d+:\d+: Resources\.Private\.Properties\.CidrBlock/);
  });
  test.each([
    [
      'broken.yaml',
      'Resources:\n  A: {Type: x\n',
      /broken\.yaml:2:6: This is not well-formed YAML/,
    ],
    ['broken.json', '{"Resources": {"A" 1}}', /broken\.json:1:20: This is not well-formed JSON/],
    ['empty.yaml', '', /empty\.yaml: The template is empty\.$/m],
  ])('%s: one line that says where, and no stack', async (name, text, message) => {
    const path = join(folder, name);
    await writeFile(path, text);
    const { exitCode, stderr } = await runMain('why', 'a', 'b:80', '--template', path);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
  test.each([
    ['none.yaml', 'none.yaml does not exist. Check the path.'],
    ['.', 'is a folder. Name the file of the template in it.'],
  ])('a template that is no file: %s', async (name, message) => {
    const { exitCode, stderr } = await runMain('why', 'a', 'b', '--template', join(folder, name));
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
  test('a target is a name, a port, a protocol, or a ping', () => {
    expect(parseTarget('10.0.0.0/16')).toMatchObject({ to: '10.0.0.0/16', exact: false });
    expect(parseTarget('dns:53/udp').packets[0]?.first).toBe(17);
    expect(parseTarget('web:ping').packets[0]?.first).toBe(1);
  });
  test('an IPv6 address asks about IPv6, with brackets before a port', () => {
    const six = { family: 'ipv6', to: '2001:db8::1' };
    expect(parseTarget('2001:db8::1')).toMatchObject({ ...six, exact: false });
    expect(parseTarget('[2001:db8::1]:443')).toMatchObject({ ...six, exact: true });
    expect(parseTarget('2001:db8::/32')).toMatchObject({ family: 'ipv6', to: '2001:db8::/32' });
    expect(parseTarget('web:443', undefined, '2001:db8::1')).toMatchObject({ family: 'ipv6' });
    expect(parseTarget('web:443')).toMatchObject({ family: 'ipv4' });
    expect(parseTarget('web:ping', 'ipv6').packets[0]?.first).toBe(58);
  });
});

describe('reach', () => {
  const table = async (...words: readonly string[]) => {
    const { exitCode, stdout } = await run('reach', ...words);
    expect(exitCode).toBe(0);
    return stdout.trimEnd().split('\n');
  };
  test('prints all pairs, and those of one end', async () => {
    expect(await table()).toEqual([
      ...['from      to        on', 'internet  Web       tcp 80', 'Web       internet  everything'],
      ...['Web       Database  tcp 80', 'Database  Web       tcp 80'],
    ]);
    expect(await table('--internet')).toEqual(['from      to   on', 'internet  Web  tcp 80']);
    expect(await table('--to', 'Database')).toEqual([
      'from  to        on',
      'Web   Database  tcp 80',
    ]);
  });
  test('as JSON, and with an unknown name', async () => {
    const { stdout } = await run('reach', '--internet', '--json');
    expect(JSON.parse(stdout)).toEqual([
      { from: 'internet', to: 'Web', services: 'tcp 80', sources: 'anybody' },
    ]);
    expect(await run('reach', '--from', 'Wbe')).toMatchObject({ exitCode: 2 });
    const both = await run('reach', '--from', 'Web', '--internet');
    expect(both).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--from Web') });
  });
  test('says in words that there is nobody', async () => {
    expect(await table('--internet', '--to', 'Database')).toEqual([
      'internet does not reach Database.',
    ]);
    const empty = join(folder, 'empty-vpc.yaml');
    await writeFile(empty, inVpc(''));
    const { stdout } = await runMain('reach', '--template', empty);
    expect(stdout).toContain('There is no instance here');
  });
});
