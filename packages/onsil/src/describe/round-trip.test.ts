/** A region, printed as AWS would, cut in pages and shuffled, is read back as the same region. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { templateOf } from '../blueprint/test-support.ts';
import { stackOf } from '../cloudformation/testing.ts';
import { runsOf, seedOf } from '../reach/fuzz.ts';
import { compile, type Model } from '../reach/model.ts';
import { randomRegion } from '../reach/packet-trace/random-region.ts';
import { matrixOf } from '../reach/testing.ts';
import { verdictText } from '../reach/text/path.ts';
import { ask } from '../reach/why/why.ts';
import type { Region } from '../region/region.ts';
import { RegionBuilder, rule } from '../region/testing.ts';
import { describedRegion } from './describe.ts';
import { printed, scattered } from './testing.ts';

function again(region: Region, seed: number): Model {
  const {
    region: back,
    problems,
    notModelled,
  } = describedRegion(scattered(printed(region), seed), { name: region.name });
  // What is away, and what AWS keeps to itself, is in the region itself as well.
  const others = problems.filter(
    ({ message }) => !/of another account or region|are in no file/.test(message),
  );
  expect({ others, notModelled }).toEqual({ others: [], notModelled: [] });
  return compile(back, 'ipv4', { notModelled });
}

/** Groups in the order in which they are read, so that texts can be compared. */
function inOrder(region: Region): Region {
  const interfaces = Object.entries(region.networkInterfaces).map(([id, each]) => [
    id,
    { ...each, securityGroupIds: each.securityGroupIds.toSorted() },
  ]);
  return { ...region, networkInterfaces: Object.fromEntries(interfaces) };
}

/** A list that is only named is one whose entries nobody knows. */
function withEveryList(region: Region): Region {
  return new RegionBuilder(region).prefixList('pl-gone').region;
}

/** Of every pair of interfaces: what decides, for which packets. */
function whyOf(model: Model): ReadonlyMap<string, readonly string[]> {
  const ids = [...model.ports.keys()];
  return new Map(
    ids.flatMap((from) =>
      ids.map((to) => {
        const { outcomes } = ask(model, {
          from: { kind: 'network-interface', id: from },
          to: { kind: 'network-interface', id: to },
        });
        const lines = outcomes.map(
          ({ verdict, packets }) =>
            `${verdictText(model.region, verdict)} ${JSON.stringify(packets)}`,
        );
        return [`${from} ${to}`, lines.toSorted()] as const;
      }),
    ),
  );
}

test(`random regions answer as before (seed ${seedOf(process.env)})`, () => {
  let open = 0;
  fc.assert(
    fc.property(randomRegion.map(withEveryList), fc.nat(), (region, seed) => {
      const [before, after] = [compile(inOrder(region)), again(region, seed)];
      const matrix = matrixOf(before);
      expect(matrixOf(after)).toEqual(matrix);
      expect(whyOf(after)).toEqual(whyOf(before));
      open += [...matrix.values()].filter((each) => each !== '[]').length;
    }),
    { numRuns: runsOf(process.env, 60), seed: seedOf(process.env) },
  );
  expect(open).toBeGreaterThan(500);
});

test('the example answers as its template does', () => {
  const template = templateOf();
  const parameters = Object.keys(template.Parameters ?? {});
  const named = (word: RegExp): string => parameters.find((name) => word.test(name)) ?? '';
  const { region } = stackOf(JSON.stringify(template), {
    parameters: {
      [named(/cidr/i)]: '198.51.100.10/32',
      [named(/key/i)]: 'ssh-ed25519 AAAAC3Nz operator',
    },
  });
  const [before, after] = [compile(inOrder(region)), again(region, 7)];
  expect(matrixOf(after)).toEqual(matrixOf(before));
  expect(whyOf(after)).toEqual(whyOf(before));
  expect(
    Object.values(after.region.instances)
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(
    Object.values(region.instances)
      .map(({ name }) => name)
      .toSorted(),
  );
});

describe('all that the region has state for', () => {
  const region = new RegionBuilder()
    .vpc('vpc-1', '10.0.0.0/16', '10.1.0.0/16')
    .vpc('vpc-2', '10.9.0.0/16')
    .ipv6('vpc-1', '2001:db8:1::/56')
    .internetGateway('igw-1', 'vpc-1')
    .egressOnlyInternetGateway('eigw-1', 'vpc-1')
    .peering('pcx-1', 'vpc-1', 'vpc-2')
    .peering('pcx-2', 'vpc-2', 'vpc-1', false)
    .prefixList('pl-1', '192.0.2.0/24', '198.51.100.0/24')
    .prefixList('pl-2', '2001:db8:9::/48')
    .prefixList('pl-3')
    .subnet('subnet-1', 'vpc-1', '10.0.0.0/24', { ipv6Cidr: '2001:db8:1:1::/64' })
    .natGateway('nat-1', { subnet: 'subnet-1', ip: '10.0.0.9', publicIp: '198.18.0.9' })
    .routeTable('rtb-1', 'vpc-1', {
      '0.0.0.0/0': 'nat-1',
      '::/0': 'eigw-1',
      '10.9.0.0/16': 'pcx-1',
      'pl-3': 'vpce-1',
      'pl-1': 'igw-1',
      '172.16.0.0/12': 'tgw-1',
    })
    .gatewayEndpoint('vpce-1', 'vpc-1', 'rtb-1')
    .subnet('subnet-2', 'vpc-1', '10.0.1.0/24', { routeTable: 'rtb-1' })
    .group('sg-1', 'vpc-1', [
      rule('tcp 443', '0.0.0.0/0'),
      rule('tcp 443', '::/0'),
      rule('icmp 8 0', 'sg-1'),
      {
        id: 'sgr-pl',
        protocol: 6,
        fromPort: 22,
        toPort: 22,
        peer: { kind: 'prefix-list', prefixListId: 'pl-1' },
      },
    ])
    .instance('web', {
      ...{ subnet: 'subnet-1', ip: '10.0.0.5', groups: ['sg-1'], publicIp: '198.18.0.5' },
      ...{ moreIps: ['10.0.0.6'], ipv6: ['2001:db8:1:1::5'] },
    })
    .elasticIp('eipalloc-1', '198.18.0.6', { eni: 'eni-web', privateIp: '10.0.0.6' })
    .elasticIp('eipalloc-2', '198.18.0.7').region;
  const { region: back, problems } = describedRegion(scattered(printed(region), 3), {});

  test('without the name of a folder the zones tell the region', () => {
    expect([back.name, back.account]).toEqual([region.name, region.account]);
  });

  test.each([
    ...(['subnets', 'internetGateways', 'egressOnlyInternetGateways', 'natGateways'] as const),
    ...(['vpcPeeringConnections', 'vpcEndpoints', 'prefixLists'] as const),
    ...(['networkInterfaces', 'elasticIps'] as const),
  ])('%s', (table) => {
    expect(back[table]).toEqual(region[table]);
  });

  test('VPCs, but that of each the default group is none', () => {
    const groups = { defaultSecurityGroupId: '' };
    expect(back.vpcs).toEqual({
      'vpc-1': { ...region.vpcs['vpc-1'], ...groups },
      'vpc-2': { ...region.vpcs['vpc-2'], ...groups },
    });
  });

  test('routes, entries and rules, in an order of their own', () => {
    const entries = ({ networkAcls }: Region) =>
      Object.values(networkAcls).map((acl) => ({ ...acl, entries: new Set(acl.entries) }));
    expect(entries(back)).toEqual(entries(region));
    const routes = ({ routeTables }: Region) =>
      Object.values(routeTables).map(({ id, main, routes: own }) => [id, main, new Set(own)]);
    expect(new Set(routes(back))).toEqual(new Set(routes(region)));
    const rules = ({ securityGroups }: Region) =>
      Object.values(securityGroups).map(({ ingress, egress }) =>
        [ingress, egress].map((own) => new Set(own.map(({ id: _id, ...rest }) => rest))),
      );
    expect(rules(back)).toEqual(rules(region));
  });

  test('what stays open is named', () => {
    expect(problems.map(({ message }) => message)).toEqual([
      'The entries of the prefix list pl-3 are in no file.',
    ]);
  });
});
