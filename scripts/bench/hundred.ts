/** A hundred instances in ten subnets: how long they take to come up, set up and kept, and to go. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConsoleCost, measureConsole } from './console.ts';
import { measureMemory } from './memory.ts';
import { measureDown, measureTemplateUp } from './start.ts';

export const HUNDRED_LAB = 'bench-hundred';
const SUBNETS = 10;
const IN_EACH = 10;

export interface HundredTimes {
  /** Seconds that `up` says where every machine is set up for the first time. */
  readonly cold: readonly number[];
  /** Seconds of the same, from the kept layers. */
  readonly warm: readonly number[];
  /** Seconds that `down` says. */
  readonly down: readonly number[];
  /** MB of all machines, idle. */
  readonly memory: readonly number[];
  readonly console: ConsoleCost;
}

export async function measureHundred(
  rounds: number,
  signal: AbortSignal,
  say: (text: string) => void,
  inEach = IN_EACH,
): Promise<HundredTimes> {
  const folder = await mkdtemp(join(tmpdir(), 'onsil-bench-'));
  const file = join(folder, 'hundred.json');
  const times = { warm: [] as number[], down: [] as number[] };
  try {
    await writeFile(file, hundredTemplate(inEach));
    say('a hundred instances, set up for the first time');
    const cold = [await measureTemplateUp(HUNDRED_LAB, file, ['--fresh'], signal)];
    times.down.push((await measureDown(HUNDRED_LAB, { signal })).said);
    for (let round = 1; round <= rounds; round += 1) {
      say(`a hundred instances, from their layers: ${round} of ${rounds}`);
      times.warm.push(await measureTemplateUp(HUNDRED_LAB, file, [], signal));
      if (round < rounds) times.down.push((await measureDown(HUNDRED_LAB, { signal })).said);
    }
    const { machines } = await measureMemory(HUNDRED_LAB, signal);
    const memory = [machines.reduce((sum, { total }) => sum + total, 0)];
    say('the console of a hundred instances: closed, watched, and closed again');
    const console = await measureConsole(HUNDRED_LAB, signal);
    times.down.push((await measureDown(HUNDRED_LAB, { signal })).said);
    return { ...times, cold, memory, console };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A VPC of ten public subnets with a group each; every instance is set up by a small script. */
export function hundredTemplate(inEach = IN_EACH): string {
  const vpc = { VpcId: { Ref: 'Vpc' } };
  const numbers = Array.from({ length: SUBNETS }, (_, index) => index);
  const resources = [
    ['Vpc', 'AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' }],
    ['Gateway', 'AWS::EC2::InternetGateway', {}],
    [
      'Attachment',
      'AWS::EC2::VPCGatewayAttachment',
      { ...vpc, InternetGatewayId: { Ref: 'Gateway' } },
    ],
    ['Table', 'AWS::EC2::RouteTable', vpc],
    [
      'Route',
      'AWS::EC2::Route',
      {
        RouteTableId: { Ref: 'Table' },
        DestinationCidrBlock: '0.0.0.0/0',
        GatewayId: { Ref: 'Gateway' },
      },
    ],
    ...numbers.flatMap((subnet) => [
      [`Subnet${subnet}`, 'AWS::EC2::Subnet', { ...vpc, CidrBlock: `10.0.${subnet}.0/24` }],
      [
        `Association${subnet}`,
        'AWS::EC2::SubnetRouteTableAssociation',
        { SubnetId: { Ref: `Subnet${subnet}` }, RouteTableId: { Ref: 'Table' } },
      ],
      [
        `Group${subnet}`,
        'AWS::EC2::SecurityGroup',
        {
          ...vpc,
          GroupDescription: `tier ${subnet}`,
          SecurityGroupIngress: [
            {
              ...{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22 },
              ...(subnet === 0
                ? { CidrIp: '0.0.0.0/0' }
                : { SourceSecurityGroupId: { Ref: `Group${subnet - 1}` } }),
            },
          ],
        },
      ],
      ...Array.from({ length: inEach }, (_, index) => [
        `Host${subnet}x${index}`,
        'AWS::EC2::Instance',
        {
          ImageId: IMAGE,
          InstanceType: 't3.micro',
          SubnetId: { Ref: `Subnet${subnet}` },
          SecurityGroupIds: [{ Ref: `Group${subnet}` }],
          UserData: { 'Fn::Base64': '#!/bin/sh\ndate > /srv/set-up\n' },
          Tags: [{ Key: 'Name', Value: `host-${subnet}-${index}` }],
        },
      ]),
    ]),
  ] as const;
  return JSON.stringify({
    Resources: Object.fromEntries(
      resources.map(([name, type, properties]) => [
        name,
        {
          Type: type,
          ...(name === 'Route' ? { DependsOn: 'Attachment' } : {}),
          Properties: properties,
        },
      ]),
    ),
  });
}

const IMAGE = '{{resolve:ssm:/aws/service/debian/release/12/latest/amd64}}';
