import { describe, expect, test } from 'vitest';
import { put, type Region } from '../../region/region.ts';
import { RegionBuilder, rule } from '../../region/testing.ts';
import { Shell } from '../server/names.ts';
import { putBackCommand, takeCommand } from './commands.ts';
import { putBack, type Taken, takeRoute, takeRule } from './put-back.ts';

const { region } = new RegionBuilder()
  .vpc('vpc-1', '10.0.0.0/16')
  .internetGateway('igw-1', 'vpc-1')
  .routeTable('rtb-1', 'vpc-1', {
    '192.0.2.0/24': 'igw-1',
    '0.0.0.0/0': 'igw-1',
    '198.51.100.0/24': 'igw-1',
  })
  .group('sg-1', 'vpc-1', [
    rule('tcp 22', '10.0.0.0/8'),
    rule('tcp 80', '0.0.0.0/0'),
    rule('tcp 443', 'sg-1'),
  ]);

function without(now: Region, taken: Taken | undefined): Region {
  if (taken === undefined) throw new Error('nothing was taken');
  if (taken.kind === 'route') {
    const table = now.routeTables[taken.routeTableId];
    if (table === undefined) throw new Error('no table');
    const routes = table.routes.filter((each) => each !== taken.route);
    return put(now, 'routeTables', table.id, { ...table, routes });
  }
  const group = now.securityGroups[taken.groupId];
  if (group === undefined) throw new Error('no group');
  const rules = group[taken.direction].filter((each) => each !== taken.rule);
  return put(now, 'securityGroups', group.id, { ...group, [taken.direction]: rules });
}

const ruleId = (place: number): string => region.securityGroups['sg-1']?.ingress[place]?.id ?? '';
const cuts: readonly (readonly [string, (now: Region) => Taken | undefined])[] = [
  ['a route in the middle', (now) => takeRoute(now, 'rtb-1', '0.0.0.0/0')],
  ['the first rule', (now) => takeRule(now, 'sg-1', 'ingress', ruleId(0))],
  ['a rule in the middle', (now) => takeRule(now, 'sg-1', 'ingress', ruleId(1))],
  ['the last rule', (now) => takeRule(now, 'sg-1', 'ingress', ruleId(2))],
];

describe('what was taken comes back', () => {
  test.each(cuts)('%s: the region is equal to before', (_name, take) => {
    const taken = take(region);
    const broken = without(region, taken);
    expect(broken).not.toEqual(region);
    expect(taken && putBack(broken, taken)).toEqual(region);
  });

  test('several, in the opposite order', () => {
    const done: Taken[] = [];
    let now = region;
    for (const [, take] of cuts) {
      const taken = take(now);
      if (taken === undefined) throw new Error('nothing was taken');
      done.push(taken);
      now = without(now, taken);
    }
    expect(now.securityGroups['sg-1']?.ingress).toEqual([]);
    for (const taken of done.toReversed()) now = putBack(now, taken);
    expect(now).toEqual(region);
  });

  test('what somebody put there meanwhile stays', () => {
    const taken = takeRoute(region, 'rtb-1', '0.0.0.0/0');
    expect(taken && putBack(region, taken)).toBe(region);
  });
});

test('what is not there, or local, is not taken', () => {
  expect(takeRoute(region, 'rtb-1', '10.0.0.0/16')).toBeUndefined();
  expect(takeRoute(region, 'rtb-2', '0.0.0.0/0')).toBeUndefined();
  expect(takeRule(region, 'sg-1', 'egress', ruleId(0))).toBeUndefined();
});

test("the same by AWS's client, in a lab that the folder is not of", () => {
  const shell = new Shell(() => ({ lab: 'shop', service: null, project: '/tmp/vpc.yaml' }));
  const lines = cuts.slice(0, 2).flatMap(([, take]) => {
    const taken = take(region);
    return taken === undefined ? [] : [takeCommand(shell, taken), putBackCommand(shell, taken)];
  });
  expect(lines).toEqual([
    'npx onsil aws --lab shop -- ec2 delete-route --route-table-id rtb-1 --destination-cidr-block 0.0.0.0/0',
    'npx onsil aws --lab shop -- ec2 create-route --route-table-id rtb-1 --destination-cidr-block 0.0.0.0/0 --gateway-id igw-1',
    `npx onsil aws --lab shop -- ec2 revoke-security-group-ingress --group-id sg-1 --security-group-rule-ids '${ruleId(0)}'`,
    `npx onsil aws --lab shop -- ec2 authorize-security-group-ingress --group-id sg-1 --ip-permissions '[{"IpProtocol":"tcp","FromPort":22,"ToPort":22,"IpRanges":[{"CidrIp":"10.0.0.0/8"}]}]'`,
  ]);
});
