import { describe, expect, test } from 'vitest';
import {
  ADMINISTRATOR,
  article,
  openTo,
  POLICIES,
  spaceOf,
  withIngress,
  withoutSelf,
  withPublicDatabase,
} from '../../blueprint/test-region.ts';
import { put, type Region } from '../../region/region.ts';
import { entry, RegionBuilder, rule } from '../../region/testing.ts';
import { compile } from '../model.ts';
import { changeText } from '../text/path.ts';
import { findingLines, policyText } from '../text/policy.ts';
import { policiesOfAnyVpc } from './any-vpc.ts';
import { partyOf, UnknownEnd } from './ends.ts';
import { judge } from './judge.ts';
import type { Policy } from './policy.ts';

const ARTICLE = article();

/** The policies that are not kept, with what breaks them. */
function breaches(region: Region, policies: readonly Policy[] = POLICIES) {
  const space = spaceOf(region);
  return judge(space, policies)
    .filter(({ verdict }) => verdict !== 'kept')
    .map(({ policy, verdict, findings }) => ({
      policy: `${verdict}: ${policyText(policy)}`,
      lines: findings.flatMap(findingLines),
    }));
}

const brokenIn = (region: Region): readonly string[] =>
  breaches(region).map(({ policy }) => policy.replace(/^broken: /, ''));

describe("the article's system", () => {
  test('keeps every built-in policy, each of which concerns somebody', () => {
    const judged = judge(spaceOf(ARTICLE), POLICIES);
    expect(judged.filter(({ verdict }) => verdict !== 'kept')).toEqual([]);
    expect(judged.filter(({ pairs }) => pairs === 0)).toEqual([]);
  });

  const ONLY_EDGE = 'the Internet may reach only edge on tcp 80, 443';
  const ONLY_ADMIN = 'only the administrator may reach bastion on tcp 22';
  const ONLY_APP = 'only the group app may reach database on tcp 3306';
  const ONLY_BASTION =
    'only bastion may reach edge, nat, web, gateway, api-1…api-2, database on tcp 22';
  const PACKAGES = 'every host must reach the Internet on tcp 80, 443';

  const withRoute = (tier: string, destination: string, target: string): Region => {
    const table = Object.values(ARTICLE.routeTables).find(({ tags }) => tags['Name'] === tier);
    if (table === undefined) throw new RangeError(tier);
    const routes = table.routes.filter((route) => route.destination !== destination);
    const to = { kind: 'network-interface', id: target } as const;
    const all = target === '' ? routes : [...routes, { destination, target: to }];
    return put(ARTICLE, 'routeTables', table.id, { ...table, routes: all });
  };
  const interfaceOf = (name: string): string =>
    Object.values(ARTICLE.instances).find((each) => each.name === name)?.networkInterfaceIds[0] ??
    '';
  const withoutCheck = (name: string): Region => {
    const found = ARTICLE.networkInterfaces[interfaceOf(name)];
    if (found === undefined) throw new RangeError(name);
    return put(ARTICLE, 'networkInterfaces', found.id, { ...found, sourceDestCheck: false });
  };

  test.each<[string, Region, readonly string[]]>([
    [
      '22 of the bastion open to the world',
      withIngress(ARTICLE, 'bastion', (rules) => [...rules, openTo('0.0.0.0/0', 22)]),
      [ONLY_EDGE, ONLY_ADMIN],
    ],
    [
      '22 of the bastion open to one more address outside',
      withIngress(ARTICLE, 'bastion', (rules) => [...rules, openTo('203.0.113.9/32', 22)]),
      [ONLY_EDGE, ONLY_ADMIN],
    ],
    [
      '22 of the edge open to the app tier',
      withIngress(ARTICLE, 'edge', (rules) => [...rules, openTo('10.0.1.0/24', 22)]),
      [ONLY_BASTION],
    ],
    [
      'one more port of the edge',
      withIngress(ARTICLE, 'edge', (rules) => [...rules, openTo('0.0.0.0/0', 8443)]),
      [ONLY_EDGE],
    ],
    ['the database public', withPublicDatabase(ARTICLE), [ONLY_EDGE, ONLY_APP]],
    [
      'the database open to the public tier',
      withIngress(ARTICLE, 'database', (rules) => [...rules, openTo('10.0.0.0/24', 3306)]),
      [ONLY_APP],
    ],
    [
      "without the app group's rule for itself",
      withoutSelf(ARTICLE),
      ['gateway must reach api-1…api-2 on tcp 8080'],
    ],
    ['the database without a way out', withRoute('database', '0.0.0.0/0', ''), [PACKAGES]],
    ['a NAT instance that is no longer one', withoutNatCheckOn(), [PACKAGES]],
    [
      '443 of the edge closed',
      withIngress(ARTICLE, 'edge', (rules) => rules.filter(({ fromPort }) => fromPort !== 443)),
      ['the Internet must reach edge on tcp 80, 443'],
    ],
    [
      'no more ssh into the app tier',
      withIngress(ARTICLE, 'app', (rules) => rules.filter(({ fromPort }) => fromPort !== 22)),
      ['bastion must reach nat, web, gateway, api-1…api-2, database on tcp 22'],
    ],
  ])('%s', (_name, region, broken) => {
    expect(brokenIn(region)).toEqual(broken);
  });

  function withoutNatCheckOn(): Region {
    const found = ARTICLE.networkInterfaces[interfaceOf('nat')];
    if (found === undefined) throw new RangeError('nat');
    return put(ARTICLE, 'networkInterfaces', found.id, { ...found, sourceDestCheck: true });
  }

  test('out through another host than the NAT instance', () => {
    const edge = interfaceOf('edge');
    const forwards = withIngress(
      {
        ...withoutCheck('edge'),
        routeTables: withRoute('database', '0.0.0.0/0', edge).routeTables,
      },
      'edge',
      (rules) => rules,
    );
    const policy = 'private hosts may reach the Internet only through nat';
    expect(brokenIn(forwards)).toContain(policy);
  });

  test('a breach names who, what, the path and the rule that lets it', () => {
    const open = withIngress(ARTICLE, 'bastion', (rules) => [...rules, openTo('0.0.0.0/0', 22)]);
    const [first] = breaches(open);
    expect(first?.lines).toEqual([
      'the Internet → bastion  tcp 22',
      expect.stringMatching(
        /^ {2}Internet gateway {3}destination 198\.18\.[\d.]+ → 10\.0\.0\.\d+$/,
      ),
      '  security group in   bastion: tcp 22 from 0.0.0.0/0',
    ]);
  });

  test('what must reach and does not comes with all that would have to change', () => {
    const space = spaceOf(withoutSelf(ARTICLE));
    const [broken] = judge(space, POLICIES).filter(({ verdict }) => verdict === 'broken');
    expect(broken?.findings).toHaveLength(1);
    const way = broken?.findings[0]?.way;
    expect(way?.proved).toBe(true);
    expect(way?.changes.map((each) => changeText(space.model.region, each))).toEqual([
      'group app, ingress: allow tcp 8080 from app',
    ]);
  });
});

describe('ends', () => {
  const held = (policy: Policy, region = ARTICLE) => judge(spaceOf(region), [policy])[0];
  test.each<[Policy, string, number]>([
    [{ from: 'internet', mustNotReach: 'subnet:database' }, 'kept', 1],
    [{ from: 'internet', mustNotReach: 'subnet:public' }, 'broken', 3],
    [{ from: 'group:app', mustReach: 'database', on: 'tcp 3306' }, 'kept', 1],
    [{ from: '198.51.100.10', mustReach: 'bastion', on: 'tcp 22' }, 'kept', 1],
    [{ from: '198.51.100.0/24', mustReach: 'bastion', on: 'tcp 22' }, 'broken', 1],
    [{ from: '10.0.1.0/24', mustNotReach: 'bastion' }, 'kept', 1],
    [{ from: 'anybody', mustNotReach: 'database', on: 'tcp 5432' }, 'kept', 5],
    [{ from: 'anybody', mustNotReach: 'database' }, 'broken', 5],
    [{ from: 'hosts', mayReachOnly: 'anybody', on: 'everything' }, 'kept', 0],
    [{ from: ['web', 'gateway'], mustNotReach: 'any-nat', on: 'tcp 22' }, 'kept', 1],
    [{ from: 'web', mustReach: 'internet', on: 'ping' }, 'broken', 1],
  ])('%j is %s', (policy, verdict, pairs) => {
    expect(held(policy)).toMatchObject({ verdict, pairs });
  });

  test('an instance is meant before a group of its name, unless the policy says which', () => {
    const named = (end: string) => held({ from: 'bastion', mustReach: end, on: 'tcp 22' })?.pairs;
    expect(named('database')).toBe(1);
    expect(named('group:database')).toBe(1);
    expect(named('group:app')).toBe(1);
    expect(() => named('app:group')).toThrow(UnknownEnd);
  });

  test('what the template calls a thing is a name of it', () => {
    const tagged = [...Object.values(ARTICLE.securityGroups), ...Object.values(ARTICLE.subnets)];
    const ids = tagged.flatMap(({ id, tags }) => (tags['Name'] === 'app' ? [id] : []));
    const [group = '', subnet = ''] = ids.map((id) => ARTICLE.logicalIds[id]);
    const members = (end: string) =>
      partyOf(spaceOf(ARTICLE), end).interfaces.map(
        (id) => ARTICLE.networkInterfaces[id]?.subnetId,
      );
    expect(members(`group:${group}`)).toEqual(members('group:app'));
    expect(members(group)).toEqual(members('group:app'));
    expect(members(`subnet:${subnet}`)).toEqual(members('subnet:app'));
    expect(members(group)).not.toEqual([]);
    expect(() => members(`subnet:${group}`)).toThrow(UnknownEnd);
    expect(() => members(`group:${subnet}`)).toThrow(UnknownEnd);
  });

  test('a name that nothing has gets those that come nearest', () => {
    const asked = (end: string) => () => held({ from: end, mustNotReach: 'database' });
    expect(asked('bastoin')).toThrow(
      'a policy names "bastoin", which nothing is called. Did you mean bastion?',
    );
    expect(asked('internett')).toThrow('Did you mean internet?');
    expect(asked('zzzzzzzz')).toThrow('There are: bastion, nat, edge');
    expect(asked('group:bastoin')).toThrow(UnknownEnd);
  });

  test('everybody else: the ones that the policy leaves out, outside ones too', () => {
    const open = withIngress(ARTICLE, 'bastion', (rules) => [...rules, openTo('0.0.0.0/0', 22)]);
    const policy = {
      only: ['admin', 'internet', 'edge', 'group:app', 'nat'],
      mayReach: 'bastion',
      on: 'tcp 22',
    } as const;
    const judged = held(policy, open);
    expect(judged?.verdict).toBe('broken');
    expect(judged?.findings.map(({ from }) => from.length)).toEqual([1]);
  });

  test('a neighbour may take the detour by a public address', () => {
    const policy = { from: 'edge', mustNotReach: 'bastion', on: 'tcp 22' } as const;
    // Only what comes from outside is let in: so is what comes back in by the gateway.
    const detour = withIngress(ARTICLE, 'bastion', () => [openTo('198.18.0.0/15', 22)]);
    expect(held(policy, detour)?.verdict).toBe('broken');
    expect(held(policy, ARTICLE)?.verdict).toBe('kept');
  });
});

describe('what cannot be told', () => {
  /** Replies go by another middlebox than requests: AWS does not say what becomes of them. */
  const asymmetric = new RegionBuilder()
    .vpc('vpc-1', '10.0.0.0/16')
    .routeTable('rtb-there', 'vpc-1', { '10.0.2.0/24': 'eni-box' })
    .subnet('subnet-1', 'vpc-1', '10.0.1.0/24', { routeTable: 'rtb-there' })
    .subnet('subnet-2', 'vpc-1', '10.0.2.0/24')
    .subnet('subnet-3', 'vpc-1', '10.0.3.0/24')
    .group('sg-open', 'vpc-1', [rule('-1', '0.0.0.0/0')])
    .instance('box', {
      ...{ subnet: 'subnet-3', ip: '10.0.3.5', groups: ['sg-open'], sourceDestCheck: false },
    })
    .instance('one', { subnet: 'subnet-1', ip: '10.0.1.5', groups: ['sg-open'] })
    .instance('two', { subnet: 'subnet-2', ip: '10.0.2.5', groups: ['sg-open'] }).region;

  test.each<Policy>([
    { from: 'one', mustReach: 'two', on: 'tcp 80' },
    { from: 'one', mustNotReach: 'two', on: 'tcp 80' },
    { from: 'one', mayReach: 'two', onlyThrough: 'box' },
  ])('is neither kept nor broken: %j', (policy) => {
    const [judged] = judge({ model: compile(asymmetric) }, [policy]);
    expect(judged?.verdict).toBe('unknown');
    expect(judged?.findings[0]?.outcome.verdict.kind).toBe('ambiguous');
  });
});

describe('any VPC', () => {
  const vpc = (ingress: Parameters<RegionBuilder['group']>[2]): Region => {
    const { region } = new RegionBuilder()
      .vpc('vpc-1', '10.0.0.0/16')
      .internetGateway('igw-1', 'vpc-1')
      .routeTable('rtb-public', 'vpc-1', { '0.0.0.0/0': 'igw-1' })
      .networkAcl('acl-1', 'vpc-1', [
        entry(100, 'ingress', 'allow', '-1', '0.0.0.0/0'),
        entry(100, 'egress', 'allow', '-1', '0.0.0.0/0'),
      ])
      .subnet('subnet-1', 'vpc-1', '10.0.1.0/24', { routeTable: 'rtb-public', acl: 'acl-1' })
      .subnet('subnet-2', 'vpc-1', '10.0.2.0/24')
      .group('sg-1', 'vpc-1', ingress)
      .instance('web', {
        ...{ subnet: 'subnet-1', ip: '10.0.1.5', groups: ['sg-1'], publicIp: '198.18.0.5' },
      })
      .instance('worker', { subnet: 'subnet-2', ip: '10.0.2.5', groups: ['sg-1'] });
    const worker = region.instances['i-worker'];
    if (worker === undefined) throw new RangeError('worker');
    return put(region, 'instances', 'i-worker', { ...worker, userData: '#!/bin/sh\napt-get …' });
  };
  const verdicts = (region: Region) =>
    judge({ model: compile(region), administrator: ADMINISTRATOR }, policiesOfAnyVpc(region)).map(
      ({ policy, verdict }) => `${verdict}: ${policyText(policy).split(' on ')[0]}`,
    );

  test('nobody outside opens ssh or a database; a host that installs has a way out', () => {
    expect(verdicts(vpc([rule('tcp 22', '0.0.0.0/0')]))).toEqual([
      'broken: the Internet must not reach any host',
      'kept: private hosts may reach the Internet only through a NAT',
      'broken: worker must reach the Internet',
      'kept: IPv6 opens any host to the Internet no more than IPv4 does',
    ]);
    expect(verdicts(vpc([rule('tcp 443', '0.0.0.0/0')]))[0]).toBe(
      'kept: the Internet must not reach any host',
    );
  });
});
