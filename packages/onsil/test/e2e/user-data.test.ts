/** Templates that were written for AWS: what their user data does on machines of a lab. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeMaterials } from '../../src/cli/materials.ts';
import { findAddedImages } from '../../src/lab/image/added.ts';
import { cacheFolders } from '../../src/lab/layout.ts';
import { run } from '../../src/lab/process.ts';
import { type Ended, labCommands, onsil, parseEvents, statusOf, succeed } from './support/onsil.ts';
import {
  compressed,
  FETCH,
  type Guest,
  INIT,
  initAndSignal,
  MAY_FETCH,
  script,
  signals,
  templateOf,
} from './support/user-data.ts';

const LAB = 'e2e-data';
const { exec, down } = labCommands(LAB);
const OWN = 'ami-0e2e0e2e0e2e0e2e0';
let folder = '';

async function up(template: string): Promise<Ended> {
  const file = join(folder, 'template.json');
  await writeFile(file, template);
  return onsil(['up', '--lab', LAB, '--template', file, '--fresh', '--json']);
}

/** The same as the only stack of a CDK app, with a file and a folder of its own. */
async function upApp(template: string): Promise<Ended> {
  const app = join(folder, 'cdk.out');
  await mkdir(join(app, 'page', 'en'), { recursive: true });
  await writeFile(join(app, 'page', 'en', 'index.html'), 'a page');
  await writeFile(join(app, 'greeting'), 'a greeting');
  await writeFile(join(app, 'template.json'), template);
  const bucketName = 'cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}';
  const asset = (path: string, packaging: string, objectKey: string) => ({
    ...{ source: { path, packaging }, destinations: { here: { bucketName, objectKey } } },
  });
  const files = {
    page: asset('page', 'zip', 'page.zip'),
    greeting: asset('greeting', 'file', 'greeting.txt'),
  };
  await writeFile(join(app, 'assets.json'), JSON.stringify({ files }));
  const artifacts = {
    assets: { type: 'cdk:asset-manifest', properties: { file: 'assets.json' } },
    stack: {
      ...{ type: 'aws:cloudformation:stack', dependencies: ['assets'] },
      properties: { templateFile: 'template.json', stackName: 'Data' },
    },
  };
  await writeFile(join(app, 'manifest.json'), JSON.stringify({ artifacts }));
  return onsil(['up', '--lab', LAB, '--app', app, '--fresh', '--json']);
}

const read = async (instance: string, file: string) => (await exec(instance, 'cat', file)).stdout;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onsil-e2e-data-'));
});
afterAll(async () => {
  await down();
  await rm(folder, { recursive: true, force: true });
});

describe('a lab of machines whose user data was written for AWS', () => {
  const guests: Readonly<Record<string, Guest>> = {
    config: {
      userData:
        '#cloud-config\nwrite_files:\n- {path: /srv/config, content: "yes"}\nruncmd: [touch /srv/ran]\n',
    },
    mixed: {
      userData: compressed(
        '#cloud-config\nwrite_files:\n- {path: /srv/config, content: "mixed"}',
        '#!/bin/sh\ncp /srv/config /srv/script',
      ),
    },
    helped: {
      userData: initAndSignal('helped'),
      metadata: INIT,
      creationPolicy: signals(1, 'PT10M'),
    },
    // No `set -e`: the script itself ends well.
    foreign: { userData: '#!/bin/bash\nyum install -y httpd\ntouch /srv/went-on\n' },
    strict: { userData: script('amazon-linux-extras install nginx1') },
    wrong: {
      userData: {
        'Fn::Sub':
          '#!/bin/bash\nfor it in "NoStack helped" "${AWS::StackName} NoSuch"; do set -- $it\n' +
          'cfn-get-metadata --stack $1 --resource $2 --region ${AWS::Region} >> /srv/told 2>&1\ndone\n' +
          'cfn-signal --stack ${AWS::StackName} --resource wrong --region ${AWS::Region} >> /srv/told 2>&1\nexit 0\n',
      },
    },
    handle: { userData: { 'Fn::Sub': '#!/bin/bash\ncfn-signal -e 0 -r done "${Handle}"\n' } },
    own: { userData: '#!/bin/sh\ncp /etc/made-by /srv/\n', imageId: OWN },
    fetches: { userData: FETCH, profile: { Ref: 'Profile' } },
  };
  let result: Ended;

  beforeAll(async () => {
    const { image } = await makeMaterials(undefined, () => {}, new AbortController().signal);
    await writeFile(join(folder, 'made-by'), 'somebody\n');
    const archive = join(folder, 'root.tar.zst');
    const tar = [
      '--create',
      '--file',
      archive,
      '--zstd',
      '--numeric-owner',
      '--exclude=./var/cache/*',
    ];
    await run('tar', [
      ...tar,
      '--transform=s,^made-by,./etc/made-by,',
      '-C',
      image.folder,
      '.',
      '-C',
      folder,
      'made-by',
    ]);
    await succeed(['image', 'add', OWN, archive]);
    await rm(archive);
    result = await upApp(
      templateOf(guests, {
        ...MAY_FETCH,
        Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' },
        Ready: {
          Type: 'AWS::CloudFormation::WaitCondition',
          DependsOn: 'handle',
          Properties: { Handle: { Ref: 'Handle' }, Timeout: '600' },
        },
      }),
    );
  });
  afterAll(async () => {
    await down();
    await succeed(['image', 'remove', OWN]);
    expect((await findAddedImages()).some(({ name }) => name === OWN)).toBe(false);
    expect(cacheFolders.addedImages).not.toBe('');
  });

  test('is ready, and says which set-ups failed', async () => {
    expect(result.stderr).toBe('');
    expect(result.code).toBe(0);
    const { ready, instances } = await statusOf(LAB);
    expect(ready).toBe(true);
    expect(Object.fromEntries(instances.map(({ name, setup }) => [name, setup]))).toEqual({
      ...{ config: 'done', mixed: 'done', helped: 'done', foreign: 'failed', strict: 'failed' },
      ...{ wrong: 'done', handle: 'done', own: 'done', fetches: 'done' },
    });
    const warnings = parseEvents(result.stdout).flatMap((event) =>
      event.kind === 'warning' ? [event.message] : [],
    );
    const written = 'not found — written for amazon-linux-2023; this machine is debian-12';
    expect(warnings).toContain(`The set-up of foreign failed: yum: ${written}`);
    expect(warnings.join('\n')).toContain(
      `The set-up of strict failed: amazon-linux-extras: ${written} (`,
    );
    expect(instances.find(({ name }) => name === 'foreign')?.reason).toBe(`yum: ${written}`);
    expect((await exec('foreign', 'ls', '/srv/went-on')).code).toBe(0);
  });

  test('says which image stands in for which AMI', async () => {
    const notes = parseEvents(result.stdout).flatMap((event) =>
      event.kind === 'note' ? [event.message] : [],
    );
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(
      /^debian-12 stands in for ami-[0-9a-f]{17} \(al2023-ami-kernel-default-x86_64\) on config, mixed,/,
    );
    const { instances } = await statusOf(LAB);
    const imageOf = (wanted: string) => instances.find(({ name }) => name === wanted)?.image;
    expect(imageOf('config')).toMatchObject({
      ...{ os: 'amazon-linux-2023', runs: 'debian-12', standsIn: true },
    });
    expect(imageOf('own')).toEqual({ ami: OWN, name: null, os: null, runs: OWN, standsIn: false });
  });

  test('boots an image that was added', async () => {
    expect(await read('own', '/srv/made-by')).toBe('somebody\n');
  });

  test('hands out the files of a CDK app', async () => {
    expect(await read('fetches', '/srv/greeting.txt')).toBe('a greeting');
    expect(await read('fetches', '/srv/en/index.html')).toBe('a page');
  });

  test('runs cloud-config, and a compressed message of several parts', async () => {
    expect(await read('config', '/srv/config')).toBe('yes');
    expect((await exec('config', 'ls', '/srv/ran')).code).toBe(0);
    expect(await read('mixed', '/srv/script')).toBe('mixed');
  });

  test('does what the metadata of cfn-init says, in its order', async () => {
    expect(await read('helped', '/srv/shop/plain')).toMatch(/^subnet subnet-[0-9a-f]{17}\n$/);
    expect(await read('helped', '/srv/shop/link')).toMatch(/^subnet subnet-/);
    expect(JSON.parse(await read('helped', '/srv/shop/data.json'))).toEqual({
      group: expect.stringMatching(/^sg-/),
    });
    const owner = await exec('helped', 'stat', '-c', '%a %U %G %u', '/srv/shop/data.json');
    expect(owner.stdout).toBe('640 clerk shop 4243\n');
    expect(await read('helped', '/srv/shop/encoded')).toBe('hello');
    expect(await read('helped', '/srv/shop/order')).toBe('one\ntwo\n');
    const service = ['systemctl', 'is-active', 'shop'];
    expect((await exec('helped', ...service)).stdout).toBe('active\n');
    expect((await exec('helped', 'systemctl', 'is-enabled', 'shop')).stdout).toBe('enabled\n');
  });

  test('tells a helper script what is wrong in CloudFormation’s words', async () => {
    const lines = (await read('wrong', '/srv/told')).trim().split('\n');
    expect(lines[0]).toBe(
      'cfn-get-metadata: ValidationError: Stack with id NoStack does not exist',
    );
    expect(lines[1]).toBe(
      `cfn-get-metadata: ValidationError: Resource NoSuch does not exist for stack ${LAB}`,
    );
    expect(lines[2]).toMatch(
      /^cfn-signal: ValidationError: (?:Stack arn:\S+|Resource wrong) is in CREATE_COMPLETE state and cannot be signaled$/,
    );
  });
});

describe('a stack fails by the signals that it waits for', () => {
  test('those of failure, whose reason is on the machine', async () => {
    const packages = {
      'AWS::CloudFormation::Init': { config: { packages: { yum: { httpd: [] } } } },
    };
    const { code, stdout } = await up(
      templateOf({
        reports: {
          userData: initAndSignal('reports'),
          metadata: packages,
          creationPolicy: signals(1, 'PT10M'),
        },
      }),
    );
    expect(code).toBe(1);
    const events = parseEvents(stdout);
    const { error } = events.at(-1) as unknown as { error: string };
    expect(error).toContain(
      'reports (AWS::EC2::Instance): Received 1 FAILURE signal(s) out of 1. ',
    );
    const { instances } = await statusOf(LAB);
    expect(instances[0]?.reason).toBe(
      'yum: not found — written for amazon-linux-2023; this machine is debian-12',
    );
  });
});

test('an archive that is no root file system of a cloud image is refused, and nothing is left', async () => {
  const archive = join(folder, 'bare.tar.gz');
  await run('tar', ['--create', '--gzip', '--file', archive, '-C', '/etc', 'hostname']);
  const { code, stderr } = await onsil(['image', 'add', 'bare', archive]);
  expect(code).toBe(1);
  expect(stderr).toContain(
    'it has no systemd (usr/lib/systemd/systemd), no cloud-init (usr/bin/cloud-init)',
  );
  expect((await findAddedImages()).map(({ name }) => name)).not.toContain('bare');
});
