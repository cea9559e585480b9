/**
 * Would the comparison notice? Rules of the lab, and of the region that `reach` is told, are broken
 * on purpose, one at a time: packets must disagree with `reach` each time.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { FabricPlan } from '../../../src/lab/fabric/plan.ts';
import { compile } from '../../../src/reach/model.ts';
import type { Region } from '../../../src/region/region.ts';
import { judge } from '../../../src/verify/verify.ts';
import { CROSSROADS, PROBES } from './crossroads.ts';
import { decidedOtherwise } from './decided.ts';
import { isKnown, type Sent, sendIn } from './world.ts';

const LAB = 'mutation';

function disagreements(region: Region, { probes, fates }: Sent): number {
  return judge(compile(region), probes, fates).disagreed.length;
}

let healthy: Sent;
beforeAll(async () => {
  healthy = await sendIn(LAB, CROSSROADS, PROBES);
});

test('unbroken, both answers are the same', () => {
  const model = compile(CROSSROADS);
  const { disagreed, notConclusive } = judge(model, healthy.probes, healthy.fates);
  expect(disagreed.map(({ probe, expected, seen }) => ({ probe, expected, seen }))).toEqual([]);
  expect(notConclusive.filter(({ reason }) => !isKnown(reason))).toEqual([]);
  expect(decidedOtherwise(model, healthy)).toEqual([]);
});

function each<T>(
  table: Readonly<Record<string, T>>,
  change: (value: T) => T,
): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(table).map(([id, value]) => [id, change(value)]));
}

describe('reach is told something else than the lab', () => {
  const { securityGroups, networkAcls, routeTables, networkInterfaces } = CROSSROADS;
  test.each<readonly [string, Partial<Region>]>([
    [
      'egress and ingress rules are swapped',
      {
        securityGroups: each(securityGroups, (g) => ({
          ...g,
          ingress: g.egress,
          egress: g.ingress,
        })),
      },
    ],
    [
      'a group has no egress rules to ask',
      {
        securityGroups: each(securityGroups, (g) => ({
          ...g,
          egress: [{ id: 'sgr-all', protocol: -1, peer: { kind: 'cidr', cidr: '0.0.0.0/0' } }],
        })),
      },
    ],
    [
      'a reference to a group means everybody',
      {
        securityGroups: each(securityGroups, (g) => ({
          ...g,
          ingress: g.ingress.map((rule) =>
            rule.peer.kind === 'group'
              ? { ...rule, peer: { kind: 'cidr', cidr: '10.0.0.0/16' } as const }
              : rule,
          ),
        })),
      },
    ],
    [
      'entries of ACLs are asked in the wrong order',
      {
        networkAcls: each(networkAcls, (acl) => ({
          ...acl,
          entries: acl.entries.map((entry) => ({ ...entry, number: 1000 - entry.number })),
        })),
      },
    ],
    [
      'replies pass every ACL',
      {
        networkAcls: each(networkAcls, (acl) => ({
          ...acl,
          entries: acl.entries.map((entry) => (entry.egress ? { ...entry, protocol: -1 } : entry)),
        })),
      },
    ],
    [
      'the more specific route is not seen',
      {
        routeTables: each(routeTables, (table) => ({
          ...table,
          routes: table.routes.filter(({ destination }) => !/^10\.0\.\d\./.test(destination)),
        })),
      },
    ],
    [
      'a blackhole is no route at all',
      {
        routeTables: each(routeTables, (table) => ({
          ...table,
          routes: table.routes.filter(({ destination }) => !destination.endsWith('/32')),
        })),
      },
    ],
    [
      'no interface checks source and destination',
      { networkInterfaces: each(networkInterfaces, (i) => ({ ...i, sourceDestCheck: false })) },
    ],
    [
      'every interface checks source and destination',
      { networkInterfaces: each(networkInterfaces, (i) => ({ ...i, sourceDestCheck: true })) },
    ],
    ['the Internet gateway is not attached', { internetGateways: {} }],
  ])('%s', (_name, change) => {
    expect(disagreements({ ...CROSSROADS, ...change }, healthy)).toBeGreaterThan(0);
  });
});

/** Changes the text of the router's rules. Throws where there is nothing to change. */
function rules(pattern: RegExp, by: string): (plan: FabricPlan) => FabricPlan {
  return router(({ ruleset, ...rest }) => {
    const changed = ruleset.replaceAll(pattern, by);
    if (changed === ruleset) throw new Error(`${pattern} is not in the rules any more.`);
    return { ...rest, ruleset: changed };
  });
}

function routes(pattern: RegExp): (plan: FabricPlan) => FabricPlan {
  return (plan) => {
    const without = <T extends { readonly settings: FabricPlan['namespaces'][number]['settings'] }>(
      part: T,
    ): T => ({
      ...part,
      settings: part.settings.filter(
        ({ object, arguments: words }) => object !== 'route' || !pattern.test(words),
      ),
    });
    return {
      ...router(without)(plan),
      interfaces: plan.interfaces.map(without),
    };
  };
}

function router(
  change: (router: FabricPlan['namespaces'][number]) => FabricPlan['namespaces'][number],
) {
  return (plan: FabricPlan): FabricPlan => ({
    ...plan,
    namespaces: plan.namespaces.map((each) => (each.name.includes('.vpc-') ? change(each) : each)),
  });
}

describe('the lab does something else than reach says', () => {
  test.each<readonly [string, (plan: FabricPlan) => FabricPlan]>([
    ['the egress gate is open', rules(/iifname vmap @egress-gates/g, 'accept')],
    ['the ingress gate is open', rules(/oifname vmap @ingress-gates/g, 'accept')],
    ['nobody asks the ACLs on the way out', rules(/iifname vmap @leave-subnets/g, 'accept')],
    ['nobody asks the ACLs on the way in', rules(/oifname vmap @enter-subnets/g, 'accept')],
    [
      'groups have no state',
      rules(/established : accept/g, 'established : goto invalid-connection'),
    ],
    [
      'a group is referred to by addresses alone',
      rules(/iifname \. ip saddr @members-sg-app/g, 'ip saddr { 10.0.2.10, 10.0.2.20 }'),
    ],
    ['a reference to a group means everybody', rules(/iifname \. ip saddr @members-\S+/g, '')],
    [
      'an entry that denies is not there',
      rules(/tcp dport 81 counter name network-acl.*\n/g, '\n'),
    ],
    ['ACLs are asked inside a subnet too', rules(/[io]ifname @inside-subnet-data return/g, '')],
    [
      'nobody checks the destination',
      rules(/(?<=\n +)counter name destination-check.*\n/g, 'accept\n'),
    ],
    ['everybody checks the destination', rules(/oifname @unchecked accept/g, '')],
    [
      'a public address is not needed to leave',
      rules(/ip saddr @associated-private accept/g, 'accept'),
    ],
    ['the longest prefix does not win', routes(/^10\.0\.3\.0\/24 /)],
    ['a blackhole is no route', routes(/^198\.51\.100\.20\/32 /)],
    ['packets for other hosts lose their way back', routes(/^10\.0\.2\.0\/24 via/)],
  ])('%s', async (_name, sabotage) => {
    const sent = await sendIn(LAB, CROSSROADS, PROBES, sabotage);
    const noticed = [
      disagreements(CROSSROADS, sent),
      decidedOtherwise(compile(CROSSROADS), sent).length,
    ];
    expect(Math.max(...noticed)).toBeGreaterThan(0);
  });
});
