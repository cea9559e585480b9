import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { inVpc, stackOf } from '../../cloudformation/testing.ts';
import { run } from '../process.ts';
import { sshCommand, sshConfig } from './commands.ts';

const place = vi.hoisted(() => ({ root: '' }));
vi.mock('../layout.ts', async (original) => ({
  ...(await original<typeof import('../layout.ts')>()),
  labFolders: (lab: string) => ({ run: `${place.root}/${lab}` }),
}));

const instance = (id: string, name: string, subnet: string, ip: string) =>
  `${id}: {Type: AWS::EC2::Instance, DependsOn: Attachment, Properties: {ImageId: ami-0a, SubnetId: !Ref ${subnet}, PrivateIpAddress: ${ip}, Tags: [{Key: Name, Value: ${name}}]}}`;
const API = instance('A', 'api-1', 'Private', '10.0.2.7');
const WITH = stackOf(inVpc(`${instance('B', 'bastion', 'Public', '10.0.1.5')}\n${API}`)).region;
const WITHOUT = stackOf(inVpc(`${instance('E', 'edge', 'Public', '10.0.1.6')}\n${API}`)).region;

/** What ssh(1) itself makes of the text, for a host. */
async function understood(text: string, host: string): Promise<Record<string, string>> {
  const file = join(place.root, 'config');
  await writeFile(file, text);
  const { stdout } = await run('ssh', ['-G', '-F', file, host]);
  return Object.fromEntries(stdout.split('\n').map((line) => line.split(/ (.*)/).slice(0, 2)));
}

beforeEach(async () => {
  place.root = await mkdtemp(join(tmpdir(), 'onsil-ssh-'));
});
afterEach(async () => {
  await rm(place.root, { recursive: true });
});

describe('the configuration of ssh', () => {
  test('leads to every host by way of the bastion, and to the bastion by its public address', () => {
    const publicIp = Object.values(WITH.networkInterfaces).find((each) => each.publicIp)?.publicIp;
    expect(sshConfig('shop', WITH, '/k/administrator', '/k/known_hosts').split('\n')).toEqual([
      'Host bastion',
      `  HostName ${publicIp}`,
      '  HostKeyAlias bastion.shop',
      'Host api-1',
      '  HostName 10.0.2.7',
      '  HostKeyAlias api-1.shop',
      '  ProxyJump bastion',
      'Host *',
      '  User admin',
      '  IdentityFile /k/administrator',
      '  IdentitiesOnly no',
      '  UserKnownHostsFile /k/known_hosts',
      '  StrictHostKeyChecking accept-new',
      '  ConnectTimeout 5',
      '  LogLevel ERROR',
      '',
    ]);
    expect(publicIp).toMatch(/^198\.18\./);
  });
  test('is what ssh understands', async () => {
    const text = sshConfig('shop', WITH, '/k/administrator', '/k/known_hosts');
    expect(await understood(text, 'api-1')).toMatchObject({
      ...{ user: 'admin', hostname: '10.0.2.7', proxyjump: 'bastion' },
      ...{ identityfile: '/k/administrator', stricthostkeychecking: 'accept-new' },
    });
    expect(await understood(text, 'bastion')).not.toHaveProperty('proxyjump');
  });
  test('without a bastion leads straight to each host', async () => {
    const text = sshConfig('shop', WITHOUT, '/k/a', '/k/known_hosts');
    expect(text).not.toContain('ProxyJump');
    expect((await understood(text, 'edge'))['hostname']).toMatch(/^198\.18\./);
    expect((await understood(text, 'api-1'))['hostname']).toBe('10.0.2.7');
  });
});

test("ssh runs in the administrator's network, with a copy of the key for it alone", async () => {
  const [target] = Object.values(WITH.instances);
  if (target === undefined) throw new Error('no instance');
  const key = join(place.root, 'key');
  await writeFile(key, 'secret', { mode: 0o600 });
  const command = await sshCommand('shop', WITH, target, key, ['uptime', '-p']);
  const folder = join(place.root, 'shop', 'ssh');
  expect(command).toEqual([
    ...['nsenter', '--net=/run/netns/onsil.shop.host.admin', '--', 'ssh', '-F'],
    ...[join(folder, 'config'), target.name, 'uptime', '-p'],
  ]);
  expect(await readFile(join(folder, 'administrator'), 'utf8')).toBe('secret');
  expect((await stat(join(folder, 'administrator'))).mode & 0o777).toBe(0o600);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
});
