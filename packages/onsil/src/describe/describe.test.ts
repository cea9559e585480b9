import { describe, expect, test } from 'vitest';
import { endpointOf } from '../reach/endpoint.ts';
import { compile } from '../reach/model.ts';
import { tcp } from '../reach/scenarios/support.ts';
import { ask } from '../reach/why/why.ts';
import { isList, isMap, type Json, type JsonMap } from '../region/json.ts';
import { ProblemsError } from '../region/problem.ts';
import { RegionBuilder, rule } from '../region/testing.ts';
import { type Description, describedRegion } from './describe.ts';
import { BASIC, type KindName } from './kinds.ts';
import { printed } from './testing.ts';

/** `web` and `api` in two subnets, a bastion, all with a way out. */
const REGION = new RegionBuilder()
  .vpc('vpc-1', '10.0.0.0/16')
  .internetGateway('igw-1', 'vpc-1')
  .routeTable('rtb-1', 'vpc-1', { '0.0.0.0/0': 'igw-1' })
  .subnet('subnet-1', 'vpc-1', '10.0.1.0/24', { routeTable: 'rtb-1' })
  .subnet('subnet-2', 'vpc-1', '10.0.2.0/24')
  .group('sg-web', 'vpc-1', [rule('tcp 80', '0.0.0.0/0')])
  .group('sg-api', 'vpc-1', [rule('tcp 80', 'sg-web')])
  .instance('web', {
    ...{ subnet: 'subnet-1', ip: '10.0.1.4', groups: ['sg-web'], publicIp: '198.18.0.1' },
  })
  .instance('api', { subnet: 'subnet-2', ip: '10.0.2.4', groups: ['sg-api'] }).region;

const keyOf = (kind: KindName): string => (kind === 'Instances' ? 'Reservations' : kind);

/** The files of the region, each list changed by what is given for its kind. */
function files(changes: Readonly<Record<string, (item: JsonMap) => readonly Json[]>> = {}) {
  return printed(REGION).map((value, index) => ({
    file: `${index}.json`,
    value: Object.fromEntries(
      Object.entries(value).map(([key, items]) => {
        const change = changes[key];
        if (change === undefined || !isList(items)) return [key, items];
        return [key, items.flatMap((each) => (isMap(each) ? change(each) : []))];
      }),
    ),
  }));
}

const described = (...changes: Parameters<typeof files>) => describedRegion(files(...changes));

/** The verdict of tcp 80, with what it depends on. */
function verdict({ region, notModelled }: Description, from: string, to: string): string {
  const model = compile(region, 'ipv4', { notModelled });
  const [one, other] = [from, to].map((name) => endpointOf({ model }, name));
  if (one === undefined || other === undefined || 'unknown' in one || 'unknown' in other) {
    return 'unknown';
  }
  const { outcomes } = ask(model, { from: one, to: other, packets: tcp(80) });
  const words = outcomes.map(({ verdict: each }) =>
    each.kind === 'not-modelled'
      ? `not modelled: ${each.resource}`
      : each.kind === 'blocked'
        ? each.by.code
        : each.kind,
  );
  return [...new Set(words)].join('; ');
}

const without = (id: string, field: string) => (item: JsonMap) =>
  item[field] === id ? [] : [item];
const messages = ({ problems }: Pick<Description, 'problems'>) =>
  problems.map((each) => each.message);

function errorsOf(documents: Parameters<typeof describedRegion>[0]) {
  try {
    describedRegion(documents);
  } catch (error) {
    if (error instanceof ProblemsError) return error.problems;
    throw error;
  }
  return [];
}

test('what is there answers', () => {
  const all = described();
  expect(messages(all)).toEqual([]);
  expect(verdict(all, 'web', 'api')).toBe('reachable');
  expect(verdict(all, '8.8.8.8', 'web')).toBe('reachable');
});

describe('no file of a kind', () => {
  test.each(BASIC)('%s: said at once, with the command that makes it', (kind) => {
    const rest = files().filter(({ value }) => !(keyOf(kind) in value));
    const { problems } = describedRegion(rest);
    expect(problems.map(({ path }) => path)).toContain(kind);
    const [own] = problems.filter(({ path }) => path === kind);
    expect(own).toMatchObject({ severity: 'warning', hint: expect.stringContaining('aws ec2 ') });
    // Of a whole kind not every missing thing is named.
    expect(problems.length).toBeLessThan(3);
  });

  test.each<[KindName, string, string]>([
    ['Subnets', 'unknown', 'unknown'],
    ['RouteTables', 'not modelled: the route table of subnet-1, which no file has', ''],
    ['NetworkAcls', 'not modelled: the network ACL of subnet-1, which no file has', ''],
    ['SecurityGroups', 'not modelled: sg-web, which no file has', ''],
    [
      'InternetGateways',
      'reachable',
      'not modelled: the Internet gateway of vpc-1, which no file has',
    ],
    ['NetworkInterfaces', 'reachable', 'reachable'],
    ['Addresses', 'reachable', 'reachable'],
  ])('%s: nothing that depends on it is reachable', (kind, inside, outside) => {
    const rest = describedRegion(files().filter(({ value }) => !(keyOf(kind) in value)));
    expect(verdict(rest, 'web', 'api')).toBe(inside);
    if (outside !== '') expect(verdict(rest, '8.8.8.8', 'web')).toBe(outside);
    else expect(verdict(rest, '8.8.8.8', 'web')).toMatch(/^not modelled/);
  });

  test('Instances: the interfaces answer by their ids', () => {
    const rest = describedRegion(files().filter(({ value }) => !('Reservations' in value)));
    expect(verdict(rest, 'eni-web', 'eni-api')).toBe('reachable');
  });

  test('Vpcs: an error that names the files', () => {
    const [own] = errorsOf(files().filter(({ value }) => !('Vpcs' in value)));
    expect(own).toMatchObject({ message: expect.stringContaining('0.json') });
    expect(own?.hint).toContain('aws ec2 describe-vpcs');
  });
});

describe('one thing that files name and none has', () => {
  test.each<[string, string, string, string]>([
    ['SecurityGroups', 'GroupId', 'sg-api', 'not modelled: sg-api, which no file has'],
    [
      ...(['RouteTables', 'RouteTableId', 'rtb-of-vpc-1'] as const),
      'not modelled: the route table of subnet-2, which no file has',
    ],
    [
      ...(['NetworkAcls', 'NetworkAclId', 'acl-of-vpc-1'] as const),
      'not modelled: the network ACL of subnet-1, which no file has',
    ],
    ['Subnets', 'SubnetId', 'subnet-2', 'unknown'],
  ])('%s', (key, field, id, expected) => {
    const rest = described({ [key]: without(id, field) });
    expect(verdict(rest, 'web', 'api')).toBe(expected);
    expect(messages(rest).join()).toMatch(/No file has /);
  });

  test('an interface whose subnet is missing is none of the Internet either', () => {
    const Association = { PublicIp: '198.18.0.2', IpOwnerId: 'amazon' };
    const rest = described({
      Subnets: without('subnet-2', 'SubnetId'),
      NetworkInterfaces: (each) =>
        each['NetworkInterfaceId'] === 'eni-api'
          ? [{ ...each, PrivateIpAddresses: [{ PrivateIpAddress: '10.0.2.4', Association }] }]
          : [each],
    });
    expect(verdict(rest, 'web', '198.18.0.3')).toBe('reachable');
    expect(verdict(rest, 'web', '198.18.0.2')).toBe('NO_POSSIBLE_DESTINATION');
  });
});

test('a NAT gateway whose interface no file has keeps its routes open', () => {
  const NatGateways = [
    {
      ...{ NatGatewayId: 'nat-1', VpcId: 'vpc-1', SubnetId: 'subnet-1', State: 'available' },
      NatGatewayAddresses: [{ NetworkInterfaceId: 'eni-nat' }],
    },
  ];
  const routed = files({
    RouteTables: (table) => [
      { ...table, Routes: [{ DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: 'nat-1' }] },
    ],
  });
  const rest = describedRegion([...routed, { file: 'nat.json', value: { NatGateways } }]);
  expect(verdict(rest, 'web', '203.0.113.9')).toBe('not modelled: nat-1');
});

describe('routes', () => {
  const withRoute = (route: JsonMap) =>
    described({
      RouteTables: (table) => [
        {
          ...table,
          Routes: [
            ...(isList(table['Routes']) ? table['Routes'] : []),
            { DestinationCidrBlock: '203.0.113.0/24', ...route },
          ],
        },
      ],
    });
  const asked = (route: JsonMap) => verdict(withRoute(route), 'web', '203.0.113.9');

  test('to what no file has stay open, and the command is said', () => {
    const { problems } = withRoute({ NatGatewayId: 'nat-1', State: 'active' });
    expect(problems).toMatchObject([
      { path: 'RouteTables[1].Routes[2]', hint: expect.stringContaining('describe-nat-gateways') },
    ]);
    const rest = files({
      RouteTables: (table) => [
        {
          ...table,
          Routes: [
            { DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: 'nat-1' },
            { DestinationCidrBlock: '10.0.0.0/8', NatGatewayId: 'nat-2' },
          ],
        },
      ],
    }).filter(({ value }) => !('NatGateways' in value));
    expect(describedRegion(rest).problems).toMatchObject([
      { path: 'NatGateways', hint: expect.stringContaining('describe-nat-gateways') },
    ]);
    expect(asked({ NatGatewayId: 'nat-1', State: 'active' })).toBe('not modelled: nat-1');
    expect(asked({ GatewayId: 'igw-2', State: 'active' })).toBe('not modelled: igw-2');
    expect(asked({ GatewayId: 'vgw-1', Origin: 'EnableVgwRoutePropagation' })).toBe(
      'not modelled: vgw-1',
    );
    expect(asked({ GatewayId: 'vpce-1' })).toBe('not modelled: vpce-1');
    expect(asked({ TransitGatewayId: 'tgw-1' })).toBe('not modelled: tgw-1');
    expect(asked({ SomethingNewId: 'new-1' })).toBe('not modelled: the target of 203.0.113.0/24');
  });

  test('that AWS calls a blackhole are one, whatever is there', () => {
    expect(asked({ GatewayId: 'igw-1', State: 'blackhole' })).toBe('BAD_STATE_ROUTE');
    expect(asked({ NatGatewayId: 'nat-1', State: 'blackhole' })).toBe('BAD_STATE_ROUTE');
    expect(asked({ GatewayId: 'igw-1', State: 'active' })).toBe('reachable');
  });

  test('of equal destinations the static one decides, as it does on AWS', () => {
    const both = described({
      RouteTables: (table) => [
        {
          ...table,
          Routes: [
            {
              ...{ DestinationCidrBlock: '203.0.113.0/24', GatewayId: 'vgw-1' },
              Origin: 'EnableVgwRoutePropagation',
            },
            { DestinationCidrBlock: '203.0.113.0/24', GatewayId: 'igw-1', Origin: 'CreateRoute' },
          ],
        },
      ],
    });
    expect(verdict(both, 'web', '203.0.113.9')).toBe('reachable');
  });

  test('of a gateway keep open what comes in by it, unless they are all local', () => {
    const atGateway = (target: JsonMap) => ({
      ...{ file: 'edge.json' },
      value: {
        RouteTables: [
          {
            ...{ RouteTableId: 'rtb-edge', VpcId: 'vpc-1' },
            Associations: [{ Main: false, GatewayId: 'igw-1' }],
            Routes: [{ DestinationCidrBlock: '10.0.0.0/16', ...target }],
          },
        ],
      },
    });
    const local = describedRegion([...files(), atGateway({ GatewayId: 'local' })]);
    expect(verdict(local, '8.8.8.8', 'web')).toBe('reachable');
    const appliance = describedRegion([...files(), atGateway({ NetworkInterfaceId: 'eni-api' })]);
    const open = 'not modelled: rtb-edge, the route table of igw-1';
    expect(verdict(appliance, '8.8.8.8', 'web')).toBe(open);
    expect(verdict(appliance, 'web', '8.8.8.8')).toBe(open);
    expect(messages(appliance).join()).toContain('Route tables of gateways are not modelled');
  });
});

test('VPC Block Public Access keeps the edge open', () => {
  const BlockPublicAccessStates = { InternetGatewayBlockMode: 'block-ingress' };
  const blocked = described({ Vpcs: (vpc) => [{ ...vpc, BlockPublicAccessStates }] });
  expect(verdict(blocked, '8.8.8.8', 'web')).toMatch(/^not modelled: VPC Block Public Access/);
  expect(verdict(blocked, 'web', 'api')).toBe('reachable');
});

describe('files that cannot be right', () => {
  test('pages of which the last is missing', () => {
    const cut = files().map((each) =>
      'Subnets' in each.value ? { ...each, value: { ...each.value, NextToken: 'abc' } } : each,
    );
    expect(errorsOf(cut)).toMatchObject([
      {
        path: 'NextToken',
        message: 'The last page of Subnets is missing: each page says that there are more.',
      },
    ]);
  });

  test('one thing told in two ways; equal files are one', () => {
    const twice = [...files(), ...files().map((each) => ({ ...each, file: 'again.json' }))];
    expect(verdict(describedRegion(twice), 'web', 'api')).toBe('reachable');
    const other = files({ SecurityGroups: (group) => [{ ...group, IpPermissions: [] }] });
    const [error] = errorsOf([...files(), ...other.map((each) => ({ ...each, file: 'old.json' }))]);
    expect(error).toMatchObject({ file: 'old.json', path: 'SecurityGroups[0]' });
    expect(error?.message).toMatch(/^sg-web is told in two ways: SecurityGroups\[0\] of \d+\.json/);
  });

  test.each<[string, Record<string, JsonMap>, string, string]>([
    ['no id', { Subnets: { SubnetId: 7 } }, 'Subnets[0].SubnetId', 'which is a string'],
    ['no block', { Vpcs: { CidrBlock: '10.0.0.0/33' } }, 'Vpcs[0].CidrBlock', 'an IPv4 block'],
    [
      'a rule of tcp without ports',
      { SecurityGroups: { IpPermissions: [{ IpProtocol: 'tcp', IpRanges: [] }] } },
      ...(['SecurityGroups[0].IpPermissions[0]', 'has ports'] as const),
    ],
    [
      'an entry without a block',
      {
        NetworkAcls: {
          Entries: [{ RuleNumber: 1, Egress: true, RuleAction: 'deny', Protocol: '-1' }],
        },
      },
      ...(['NetworkAcls[0].Entries[0]', 'no block'] as const),
    ],
    [
      'an id that every object has',
      { Subnets: { VpcId: 'constructor' } },
      ...(['Subnets[0].VpcId', 'an id'] as const),
    ],
    [
      'an id that moves the cursor',
      { NetworkInterfaces: { SubnetId: 'subnet-\u001b[2J' } },
      ...(['NetworkInterfaces[0].SubnetId', 'an id'] as const),
    ],
  ])('%s', (_name, changes, path, message) => {
    const changed = Object.fromEntries(
      Object.entries(changes).map(([key, change]) => [
        key,
        (item: JsonMap) => [{ ...item, ...change }],
      ]),
    );
    const error = errorsOf(files(changed)).find((each) => each.path === path);
    expect(error).toMatchObject({
      severity: 'error',
      path,
      file: expect.stringMatching(/\.json$/),
    });
    expect(error?.message).toContain(message);
  });
});

test('what AWS printed years ago: no states, groups by name, routes to instances', () => {
  const old = describedRegion([
    {
      file: 'all.json',
      value: {
        Vpcs: [{ VpcId: 'vpc-81a1b2c3', CidrBlock: '10.0.0.0/16' }],
        Subnets: [{ SubnetId: 'subnet-1', VpcId: 'vpc-81a1b2c3', CidrBlock: '10.0.1.0/24' }],
        RouteTables: [
          {
            ...{ RouteTableId: 'rtb-1', VpcId: 'vpc-81a1b2c3', Associations: [{ Main: true }] },
            Routes: [
              { DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local' },
              { DestinationCidrBlock: '0.0.0.0/0', InstanceId: 'i-b', State: 'active' },
            ],
          },
        ],
        NetworkAcls: [
          {
            ...{ NetworkAclId: 'acl-1', VpcId: 'vpc-81a1b2c3' },
            Associations: [{ SubnetId: 'subnet-1' }],
          },
        ],
        SecurityGroups: [
          {
            ...{ GroupId: 'sg-1', GroupName: 'app', VpcId: 'vpc-81a1b2c3' },
            IpPermissions: [
              {
                ...{ IpProtocol: '6', FromPort: 80, ToPort: 80 },
                UserIdGroupPairs: [{ GroupName: 'app' }],
              },
            ],
            IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
          },
          // Of EC2-Classic.
          { GroupId: 'sg-2', GroupName: 'default', IpPermissions: [] },
        ],
        ClassicLinkInstances: [],
        Reservations: [
          {
            Instances: ['a', 'b'].map((letter, index) => ({
              ...{ InstanceId: `i-${letter}`, VpcId: 'vpc-81a1b2c3', SubnetId: 'subnet-1' },
              NetworkInterfaces: [
                {
                  ...{ NetworkInterfaceId: `eni-${letter}`, SubnetId: 'subnet-1' },
                  ...{ VpcId: 'vpc-81a1b2c3', PrivateIpAddress: `10.0.1.${index + 4}` },
                  ...{ GroupSet: [{ GroupId: 'sg-1' }], Attachment: { DeviceIndex: 0 } },
                },
              ],
            })),
          },
        ],
      },
    },
  ]);
  expect(verdict(old, 'i-a', 'i-b')).toBe('reachable');
  expect(old.region.routeTables['rtb-1']?.routes[1]).toEqual({
    ...{ destination: '0.0.0.0/0', target: { kind: 'network-interface', id: 'eni-b' } },
  });
});

describe('who is behind an interface', () => {
  const named = (name: string) => ({
    Reservations: (reservation: JsonMap) => [
      {
        Instances: (isList(reservation['Instances']) ? reservation['Instances'] : []).map(
          (each) => ({ ...(isMap(each) ? each : {}), Tags: [{ Key: 'Name', Value: name }] }),
        ),
      },
    ],
  });

  test.each([
    ['app', ['app (i-api)', 'app (i-web)']],
    ['internet', ['internet (i-api)', 'internet (i-web)']],
    ['', ['i-api', 'i-web']],
    ['a\u001b[2Jb', ['a [2Jb (i-api)', 'a [2Jb (i-web)']],
  ])('instances that are all called %j', (name, expected) => {
    const { region } = described(named(name));
    expect(Object.values(region.instances).map((each) => each.name)).toEqual(expected);
  });

  test('nobody, while the instance is stopped: and a route there is a blackhole', () => {
    const stopped = described({
      Reservations: (reservation) => [
        {
          Instances: (isList(reservation['Instances']) ? reservation['Instances'] : []).map(
            (each) => ({ ...(isMap(each) ? each : {}), State: { Name: 'stopped' } }),
          ),
        },
      ],
    });
    expect(verdict(stopped, '8.8.8.8', 'web')).toBe('BAD_STATE_ATTACHMENT');
    expect(messages(stopped)).toEqual([
      'api is stopped: nobody answers there until it runs.',
      'web is stopped: nobody answers there until it runs.',
    ]);
  });

  const service = (more: JsonMap) =>
    described({
      NetworkInterfaces: (each) => {
        if (each['NetworkInterfaceId'] !== 'eni-api') return [each];
        const { Attachment: _instance, ...rest } = each;
        return [{ ...rest, Status: 'in-use', ...more }];
      },
      Reservations: (each) => (JSON.stringify(each).includes('i-api') ? [] : [each]),
    });

  test.each([
    ['ELB app/shop/50dc6c495c0c9188', 'ELB app/shop'],
    ['AWS Lambda VPC ENI-report-0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f', 'Lambda report'],
    ['EFS mount target for fs-0a1b (fsmt-0c2d)', 'EFS fs-0a1b'],
    ['RDSNetworkInterface', 'RDS'],
    ['of a partner', 'of a partner'],
  ])('a service: %s', (Description, name) => {
    expect(verdict(service({ Description }), 'web', name)).toBe('reachable');
  });

  test('a service without groups lets an unknown part pass', () => {
    const open = service({ Description: 'ELB net/feed/1f2e3d4c5b6a7988', Groups: [] });
    expect(verdict(open, 'web', 'ELB net/feed')).toBe(
      'not modelled: ELB net/feed, which has no security group',
    );
    expect(messages(open).join()).toContain('(ELB net/feed)');
  });

  test('nobody, where it is free', () => {
    expect(verdict(service({ Status: 'available' }), 'web', 'eni-api')).toBe(
      'BAD_STATE_ATTACHMENT',
    );
  });

  test('all addresses of a delegated prefix', () => {
    const { region } = service({ Ipv4Prefixes: [{ Ipv4Prefix: '10.0.2.32/28' }] });
    const ips = region.networkInterfaces['eni-api']?.privateIps ?? [];
    expect([ips.length, ips[0], ips.at(-1)]).toEqual([17, '10.0.2.4', '10.0.2.47']);
  });
});

test('kinds without state are named, others passed over', () => {
  const more = [
    { file: 'tgw.json', value: { TransitGateways: [{ TransitGatewayId: 'tgw-1' }] } },
    { file: 'vpn.json', value: { VpnConnections: [] } },
    { file: 'keys.json', value: { KeyPairs: [{ KeyName: 'me' }] } },
  ];
  const { problems } = describedRegion([...files(), ...more]);
  expect(problems).toMatchObject([
    { severity: 'warning', path: 'TransitGateways', file: 'tgw.json' },
  ]);
});

test('entries of a prefix list are those of the file with its id', () => {
  const withList = (...documents: Parameters<typeof describedRegion>[0]) =>
    describedRegion([
      ...files({
        SecurityGroups: (group) => [
          {
            ...group,
            IpPermissions: [
              {
                ...{ IpProtocol: 'tcp', FromPort: 80, ToPort: 80 },
                PrefixListIds: [{ PrefixListId: 'pl-0a1b' }],
              },
            ],
          },
        ],
      }),
      ...documents,
    ]);
  const alone = withList();
  expect(alone.region.prefixLists['pl-0a1b']?.entries).toBeUndefined();
  expect(alone.problems).toMatchObject([
    { hint: expect.stringContaining('get-managed-prefix-list-entries --prefix-list-id pl-0a1b') },
  ]);
  const value = { Entries: [{ Cidr: '203.0.113.0/24', Description: 'office' }] };
  const complete = withList({ file: 'x/pl-0a1b.json', value });
  expect(complete.region.prefixLists['pl-0a1b']?.entries).toEqual(['203.0.113.0/24']);
  expect(complete.problems).toEqual([]);
});

test('ids of rules are those of describe-security-group-rules', () => {
  const { region } = describedRegion([
    ...files(),
    {
      file: 'rules.json',
      value: {
        SecurityGroupRules: [
          {
            ...{ SecurityGroupRuleId: 'sgr-0a1b', GroupId: 'sg-api', IsEgress: false },
            ...{ IpProtocol: 'tcp', FromPort: 80, ToPort: 80 },
            ReferencedGroupInfo: { GroupId: 'sg-web' },
          },
        ],
      },
    },
  ]);
  expect(region.securityGroups['sg-api']?.ingress.map(({ id }) => id)).toEqual(['sgr-0a1b']);
});
