/** A lab of booted machines whose template changes: who is not meant does not notice. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hostNamespace, namespaceFile } from '../../src/lab/fabric/names.ts';
import { type Stream, streamFrom } from '../lab/support/stream.ts';
import { tracesOf } from './support/host-state.ts';
import { type Ended, labCommands, onsil, parseEvents, statusOf } from './support/onsil.ts';
import { type Folder, folderWith } from './support/project.ts';
import { type SmallInstance, smallTemplate } from './support/templates.ts';
import { until } from './support/until.ts';

const LAB = 'e2e-update';
const { exec, down } = labCommands(LAB);
/** Of the listener on `steady`; 22 is sshd's. */
const PORT = 7000;

interface Version {
  /** Ports at which the group lets everybody in. */
  readonly ports: readonly number[];
  /** What the user data of `restarted` writes. */
  readonly word: string;
  /** Of `replaced`. */
  readonly subnet: 'Subnet' | 'Other';
  readonly more?: readonly SmallInstance[];
}

const FIRST: Version = { ports: [22, PORT], word: 'one', subnet: 'Subnet' };
const SECOND: Version = {
  ...{ ports: [PORT, 8000], word: 'two', subnet: 'Other' },
  more: [{ name: 'added' }],
};
/** All of the first version again, but for one machine that cannot be set up. */
const FAILING: Version = {
  ...FIRST,
  more: [{ name: 'silent', userData: '#!/bin/sh\n# ${Handle}\n', signalWithin: 5 }],
};

function template({ ports, word, subnet, more = [] }: Version): string {
  const userData = `#!/bin/sh\necho ${word} >> /srv/ran\n`;
  const instances = [{ name: 'steady' }, { name: 'restarted', userData }, { name: 'replaced' }];
  const made = JSON.parse(smallTemplate([...instances, ...more]));
  const { Resources: resources } = made;
  resources.Group.Properties.SecurityGroupIngress = ports.map((port) => ({
    ...{ IpProtocol: 'tcp', FromPort: port, ToPort: port, CidrIp: '0.0.0.0/0' },
  }));
  resources.Other = {
    Type: 'AWS::EC2::Subnet',
    Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.1.0/24' },
  };
  resources.Instancereplaced.Properties.NetworkInterfaces[0].SubnetId = { Ref: subnet };
  return JSON.stringify(made);
}

let folder: Folder;
let stream: Stream | undefined;
/** Of `steady`, before anything changed. */
let before = '';

async function up(version: Version): Promise<Ended> {
  const file = join(folder.path, 'template.json');
  await writeFile(file, template(version));
  return onsil(['up', '--lab', LAB, '--template', file, '--json']);
}

async function output(name: string, ...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await exec(name, ...words);
  if (code !== 0) throw new Error(`${name}: ${words.join(' ')} exited with ${code}: ${stderr}`);
  return stdout;
}

const bootOf = (name: string) => output(name, 'cat', '/proc/sys/kernel/random/boot_id');

/** A machine's boot, and its programs since their start. */
const lifeOf = async (name: string): Promise<string> => {
  const look = ['systemctl', 'show', '--property=MainPID,ExecMainStartTimestampMonotonic'];
  const programs = await output(name, ...look, 'echo.service', 'ssh.service');
  expect(programs.match(/^MainPID=[1-9]\d*$/gm)).toHaveLength(2);
  return `${await bootOf(name)}${programs}`;
};

async function instances() {
  const all = (await statusOf(LAB)).instances;
  return Object.fromEntries(all.map((each) => [each.name, each]));
}

const knock = async (port: number): Promise<string> => {
  const words = ['probe', '--lab', LAB, '--json', '--timeout', '1000', 'admin', `steady:${port}`];
  return JSON.parse((await onsil(words)).stdout).outcome;
};

const ECHO = `
import socketserver
class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.sendall(b"hello\\n")
        while data := self.request.recv(65536):
            self.request.sendall(data)
socketserver.ThreadingTCPServer(("", ${PORT}), Echo).serve_forever()
`;

beforeAll(async () => {
  folder = await folderWith({});
  await down();
  expect((await up(FIRST)).stderr).toBe('');
  await output('steady', 'systemd-run', '--quiet', '--unit=echo', 'python3', '-c', ECHO);
  await until(
    'the listener',
    () => knock(PORT),
    (found) => found === 'connected',
  );
  const { steady } = await instances();
  stream = await streamFrom(
    namespaceFile(hostNamespace(LAB, 'admin')),
    String(steady?.publicIp),
    PORT,
  );
  before = await lifeOf('steady');
});
afterAll(async () => {
  stream?.cut();
  await down();
  expect(await tracesOf([LAB])).toEqual([]);
  await folder[Symbol.asyncDispose]();
});

test('one update changes a group, adds a machine, replaces one and restarts one', async () => {
  const old = await instances();
  const boots = { restarted: await bootOf('restarted'), replaced: await bootOf('replaced') };
  expect(await knock(22)).toBe('connected');
  const { code, stdout, stderr } = await up(SECOND);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const ends = parseEvents(stdout).flatMap((event) =>
    event.kind === 'resource' && /_COMPLETE$/.test(event.status)
      ? [`${event.logicalId} ${event.status}`]
      : [],
  );
  expect(ends).toEqual(
    expect.arrayContaining([
      ...['Group UPDATE_COMPLETE', 'Instanceadded CREATE_COMPLETE'],
      ...['Instancereplaced UPDATE_COMPLETE', 'Instancereplaced DELETE_COMPLETE'],
      'Instancerestarted UPDATE_COMPLETE',
    ]),
  );
  expect(ends.filter((each) => each.startsWith('Instancesteady'))).toEqual([]);

  const now = await instances();
  expect(Object.keys(now).toSorted()).toEqual(['added', 'replaced', 'restarted', 'steady']);
  expect(Object.values(now).map(({ state }) => state)).toEqual(Array(4).fill('running'));
  expect(now['steady']).toEqual(old['steady']);
  expect(now['restarted']?.id).toBe(old['restarted']?.id);
  expect(now['replaced']?.id).not.toBe(old['replaced']?.id);
  expect(now['replaced']?.privateIp).toMatch(/^10\.0\.1\./);
  expect((await tracesOf([LAB])).join('\n')).not.toContain(old['replaced']?.id);
  expect(await bootOf('replaced')).not.toBe(boots.replaced);

  // As on AWS, user data runs at the first boot only; the metadata has the new one.
  expect(await bootOf('restarted')).not.toBe(boots.restarted);
  expect(await output('restarted', 'cat', '/srv/ran')).toBe('one\n');
  expect(await userDataOf('restarted')).toContain('echo two');

  expect(await knock(22)).toBe('timeout');
  // Let in now, and nobody listens.
  expect(await knock(8000)).toBe('refused');
  expect(await lifeOf('steady')).toBe(before);
});

test('an update that fails changes everything back, and the machines are as they were', async () => {
  const old = await instances();
  const boots = { added: await bootOf('added'), replaced: await bootOf('replaced') };
  const { code, stdout } = await up(FAILING);
  expect(code).toBe(1);
  const { error } = parseEvents(stdout).at(-1) as unknown as { error: string };
  expect(error).toMatch(/Readysilent|silent/);
  expect(error).toContain('Everything was changed back: the lab is as it was before.');
  expect(await instances()).toEqual(old);
  expect({ added: await bootOf('added'), replaced: await bootOf('replaced') }).toEqual(boots);
  expect(await userDataOf('restarted')).toContain('echo two');
  expect(await output('restarted', 'cat', '/srv/ran')).toBe('one\n');
  expect([await knock(22), await knock(8000)]).toEqual(['timeout', 'refused']);
  expect(await lifeOf('steady')).toBe(before);
});

test('no byte of a connection was lost through all of it', async () => {
  const { lines = 0, fault } = (await stream?.end()) ?? {};
  expect(fault).toBeUndefined();
  expect(lines).toBeGreaterThan(1000);
});

const METADATA = 'http://169.254.169.254/latest';
const USER_DATA = `curl -sSf -H "X-aws-ec2-metadata-token: $(curl -sSf -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' ${METADATA}/api/token)" ${METADATA}/user-data`;
const userDataOf = (name: string): Promise<string> => output(name, 'sh', '-c', USER_DATA);
