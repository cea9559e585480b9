/** A template as others write them: user data in all of its forms, on machines of one subnet. */
import { gzipSync } from 'node:zlib';
import { smallTemplate } from './templates.ts';

type Resource = Readonly<Record<string, unknown>>;

const AMAZON =
  '{{resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64}}';

export interface Guest {
  readonly userData: string | Buffer | { readonly 'Fn::Sub': string };
  /** Default: Amazon Linux. */
  readonly imageId?: unknown;
  readonly metadata?: Resource;
  readonly creationPolicy?: Resource;
}

/** As JSON. Instances by their names, which are their logical ids too. */
export function templateOf(
  guests: Readonly<Record<string, Guest>>,
  more: Readonly<Record<string, Resource>> = {},
): string {
  const base = JSON.parse(smallTemplate([])) as { Resources: Resource };
  const instances = Object.entries(guests).map(([name, guest]) => [name, instanceOf(name, guest)]);
  return JSON.stringify({
    ...base,
    Resources: { ...base.Resources, ...Object.fromEntries(instances), ...more },
  });
}

function instanceOf(name: string, guest: Guest): Resource {
  const { userData, imageId = AMAZON, metadata, creationPolicy } = guest;
  return {
    Type: 'AWS::EC2::Instance',
    DependsOn: ['Route', 'Association'],
    ...(metadata === undefined ? {} : { Metadata: metadata }),
    ...(creationPolicy === undefined ? {} : { CreationPolicy: creationPolicy }),
    Properties: {
      ImageId: imageId,
      InstanceType: 't3.micro',
      NetworkInterfaces: [
        {
          DeviceIndex: '0',
          SubnetId: { Ref: 'Subnet' },
          GroupSet: [{ Ref: 'Group' }],
          AssociatePublicIpAddress: true,
        },
      ],
      UserData: Buffer.isBuffer(userData)
        ? userData.toString('base64')
        : { 'Fn::Base64': userData },
      Tags: [{ Key: 'Name', Value: name }],
    },
  };
}

/** A cloud-config and a script in one, compressed. */
export function compressed(config: string, script: string): Buffer {
  const part = (type: string, text: string) =>
    `--X\nContent-Type: ${type}; charset="us-ascii"\nMIME-Version: 1.0\n\n${text}\n`;
  return gzipSync(
    `Content-Type: multipart/mixed; boundary="X"\nMIME-Version: 1.0\n\n` +
      `${part('text/cloud-config', config)}${part('text/x-shellscript', script)}--X--\n`,
  );
}

/** What cfn-init reads, with one of everything that it writes. */
export const INIT: Resource = {
  'AWS::CloudFormation::Init': {
    configSets: { default: ['first', { ConfigSet: 'rest' }], rest: ['second'] },
    first: {
      groups: { shop: { gid: '4242' } },
      users: { clerk: { uid: '4243', groups: ['shop'], homeDir: '/srv/shop' } },
      files: {
        '/srv/shop/plain': {
          content: 'subnet {{subnet}}\n',
          context: { subnet: { Ref: 'Subnet' } },
        },
        '/srv/shop/data.json': {
          content: { group: { Ref: 'Group' } },
          ...{ mode: '000640', owner: 'clerk', group: 'shop' },
        },
        '/srv/shop/encoded': { content: 'aGVsbG8=', encoding: 'base64' },
        '/etc/systemd/system/shop.service': {
          content:
            '[Service]\nExecStart=/bin/sleep infinity\n[Install]\nWantedBy=multi-user.target\n',
        },
        '/srv/shop/link': { content: '/srv/shop/plain', mode: '120644' },
      },
    },
    second: {
      commands: {
        '02_second': { command: 'echo "$WORD" >> order', cwd: '/srv/shop', env: { WORD: 'two' } },
        '01_first': { command: ['/bin/sh', '-c', 'echo one >> /srv/shop/order'] },
        '03_not': { command: 'echo three >> /srv/shop/order', test: 'test -e /none' },
        '04_ignored': { command: 'exit 9', ignoreErrors: 'true' },
      },
      services: { systemd: { shop: { enabled: 'true', ensureRunning: 'true' } } },
    },
  },
};

const HEAD = '#!/bin/bash -xe\n';
const ASK = '--stack ${AWS::StackName} --region ${AWS::Region} --resource';

/** The usual script: set up by metadata, then signal how that went. */
export const initAndSignal = (name: string): Guest['userData'] => ({
  'Fn::Sub': `#!/bin/bash\n/opt/aws/bin/cfn-init -v ${ASK} ${name}\n/opt/aws/bin/cfn-signal -e $? ${ASK} ${name}\n`,
});

export const script = (text: string): string => `${HEAD}${text}\n`;

export const signals = (count: number, timeout: string): Resource => ({
  ResourceSignal: { Count: count, Timeout: timeout },
});
