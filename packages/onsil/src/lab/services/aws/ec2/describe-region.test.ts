/** What describe-* answers of a region is read by `--describe` as the same region. */
import {
  DescribeAddressesCommand,
  DescribeEgressOnlyInternetGatewaysCommand,
  DescribeInstancesCommand,
  DescribeInternetGatewaysCommand,
  DescribeManagedPrefixListsCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkAclsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcPeeringConnectionsCommand,
  DescribeVpcsCommand,
  EC2Client,
  GetManagedPrefixListEntriesCommand,
} from '@aws-sdk/client-ec2';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { article } from '../../../../blueprint/test-region.ts';
import { describedRegion } from '../../../../describe/describe.ts';
import type { Document } from '../../../../describe/document.ts';
import { runsOf, seedOf } from '../../../../reach/fuzz.ts';
import { compile } from '../../../../reach/model.ts';
import { randomRegion } from '../../../../reach/packet-trace/random-region.ts';
import { matrixOf } from '../../../../reach/testing.ts';
import type { Region } from '../../../../region/region.ts';
import { RegionBuilder } from '../../../../region/testing.ts';
import { startTestLab } from '../testing.ts';

/** The files that somebody would collect, as docs/describe.md says. */
async function collect(region: Region): Promise<readonly Document[]> {
  const lab = await startTestLab(region);
  const client = new EC2Client(lab.client);
  const commands = [
    ...[new DescribeVpcsCommand(), new DescribeSubnetsCommand(), new DescribeRouteTablesCommand()],
    ...[new DescribeNetworkAclsCommand(), new DescribeSecurityGroupsCommand()],
    ...[new DescribeSecurityGroupRulesCommand(), new DescribeNetworkInterfacesCommand()],
    ...[new DescribeInstancesCommand(), new DescribeAddressesCommand()],
    ...[new DescribeInternetGatewaysCommand(), new DescribeEgressOnlyInternetGatewaysCommand()],
    ...[new DescribeNatGatewaysCommand(), new DescribeVpcPeeringConnectionsCommand()],
    ...[new DescribeVpcEndpointsCommand(), new DescribeManagedPrefixListsCommand()],
  ];
  try {
    const described = await Promise.all(
      // Each command has a type of its own, and what they answer is only printed.
      commands.map((command) => client.send(command as DescribeVpcsCommand)),
    );
    const known = Object.values(region.prefixLists).filter(({ entries }) => entries !== undefined);
    const lists = await Promise.all(
      known.map(async ({ id }) => ({
        file: `${id}.json`,
        answer: await client.send(new GetManagedPrefixListEntriesCommand({ PrefixListId: id })),
      })),
    );
    const files = described.map((answer, index) => ({ file: `${index}.json`, answer }));
    expect(lab.errors).toEqual([]);
    return [...files, ...lists].map(({ file, answer }) => {
      const { $metadata: _, ...printed } = answer;
      return { file, value: JSON.parse(JSON.stringify(printed)) };
    });
  } finally {
    client.destroy();
    await lab.close();
  }
}

/** Random groups share rules, and lists have words as ids; those of AWS have numbers of their own. */
function withOwnRules(region: Region): Region {
  const groups = Object.values(region.securityGroups).map((group) => {
    const own = (direction: 'ingress' | 'egress') =>
      group[direction].map((rule) => ({ ...rule, id: `${rule.id}-${group.id}-${direction}` }));
    return [group.id, { ...group, ingress: own('ingress'), egress: own('egress') }] as const;
  });
  const own = { ...region, securityGroups: Object.fromEntries(groups) };
  // A list that is only named is one whose entries nobody knows.
  const { region: whole } = new RegionBuilder(own).prefixList('pl-gone');
  const text = JSON.stringify(whole).replaceAll(
    /"pl-(\w+)"/g,
    (_id, word) => `"pl-${Buffer.from(word).toString('hex')}"`,
  );
  return JSON.parse(text);
}

async function sameMatrix(region: Region): Promise<number> {
  const { region: back, notModelled } = describedRegion(await collect(region), {
    name: region.name,
  });
  const before = matrixOf(compile(region));
  expect(matrixOf(compile(back, 'ipv4', { notModelled }))).toEqual(before);
  return [...before.values()].filter((services) => services !== '[]').length;
}

test('of the example', async () => {
  expect(await sameMatrix(article())).toBeGreaterThan(20);
});

test(`of random regions (seed ${seedOf(process.env)})`, async () => {
  let open = 0;
  await fc.assert(
    fc.asyncProperty(randomRegion.map(withOwnRules), async (region) => {
      open += await sameMatrix(region);
    }),
    { numRuns: runsOf(process.env, 20), seed: seedOf(process.env) },
  );
  expect(open).toBeGreaterThan(100);
});
