/** A template as others write them: user data in all of its forms, on machines of one subnet. */
import { gzipSync } from 'node:zlib';
import { smallTemplate } from './templates.ts';

type Resource = Readonly<Record<string, unknown>>;

const AMAZON =
  '{{resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64}}';

export interface Guest {
  readonly userData: string | Buffer | { readonly 'Fn::Sub': unknown };
  /** Default: Amazon Linux. */
  readonly imageId?: unknown;
  readonly metadata?: Resource;
  readonly creationPolicy?: Resource;
  /** Of its role. */
  readonly profile?: unknown;
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
  const { userData, imageId = AMAZON, metadata, creationPolicy, profile } = guest;
  return {
    Type: 'AWS::EC2::Instance',
    DependsOn: ['Route', 'Association'],
    ...(metadata === undefined ? {} : { Metadata: metadata }),
    ...(creationPolicy === undefined ? {} : { CreationPolicy: creationPolicy }),
    Properties: {
      ImageId: imageId,
      InstanceType: 't3.micro',
      ...(profile === undefined ? {} : { IamInstanceProfile: profile }),
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

const STAGING = 'cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}';

/** Fetches what the CDK put into its bucket: signed by the machine's role, as the guides do it. */
export const FETCH: Guest['userData'] = {
  'Fn::Sub': [
    `#!/bin/bash
set -e
bucket=${STAGING}
meta=http://169.254.169.254/latest
token=$(curl -sSf -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' $meta/api/token)
ask() { curl -sSf -H "X-aws-ec2-metadata-token: $token" "$meta/meta-data/iam/security-credentials/$1"; }
keys=$(ask "$(ask '')")
field() { echo "$keys" | jq -er ".$1"; }
for key in greeting.txt page.zip; do
  curl -sSf --aws-sigv4 "aws:amz:\${AWS::Region}:s3" --user "$(field AccessKeyId):$(field SecretAccessKey)" \\
    -H "x-amz-security-token: $(field Token)" -H 'x-amz-content-sha256: \${Nothing}' \\
    -o /srv/$key "https://$bucket.s3.\${AWS::Region}.amazonaws.com/$key"
done
python3 -m zipfile -e /srv/page.zip /srv
`,
    { Nothing: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
  ],
};

/** The role of a machine that does so. */
export const MAY_FETCH: Readonly<Record<string, Resource>> = {
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            ...{ Effect: 'Allow', Action: 'sts:AssumeRole' },
            Principal: { Service: 'ec2.amazonaws.com' },
          },
        ],
      },
      Policies: [
        {
          PolicyName: 'fetch',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              {
                ...{ Effect: 'Allow', Action: ['s3:GetObject*', 's3:List*'] },
                Resource: [
                  { 'Fn::Sub': `arn:aws:s3:::${STAGING}` },
                  { 'Fn::Sub': `arn:aws:s3:::${STAGING}/*` },
                ],
              },
            ],
          },
        },
      ],
    },
  },
  Profile: { Type: 'AWS::IAM::InstanceProfile', Properties: { Roles: [{ Ref: 'Role' }] } },
};
