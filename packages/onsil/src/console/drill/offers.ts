/** What there is to break, the most instructive of each kind first. */
import { type Instance, stemOf } from '../../region/instance.ts';
import type { Region } from '../../region/region.ts';
import type { DrillState } from '../api.ts';
import type { Shell } from '../server/names.ts';
import { takeCommand } from './commands.ts';
import { type Taken, takeRoute, takeRule } from './put-back.ts';
import { takenText } from './text.ts';

type Offer = DrillState['offers'][number];

/** @param region without what nobody made, as questions are about it */
export function offersOf(
  region: Region,
  isRunning: (instance: Instance) => boolean,
  shell: Shell,
): readonly Offer[] {
  return [...stops(region, isRunning, shell), ...routes(region, shell), ...rules(region, shell)];
}

function stops(
  region: Region,
  isRunning: (instance: Instance) => boolean,
  shell: Shell,
): readonly Offer[] {
  const all = Object.values(region.instances);
  return inOrder(all.filter(isRunning), (each) => rankOf(region, all, each)).map(({ name }) => ({
    request: { kind: 'stop', host: name },
    text: `stop ${name}`,
    commands: [shell.lab('stop', name)],
  }));
}

/** What others go out by; one of several alike, which the others stand in for; what is public. */
function rankOf(region: Region, all: readonly Instance[], instance: Instance): number {
  const own = interfaceOf(region, instance);
  if (own?.sourceDestCheck === false) return 0;
  const isLike = (other: Instance): boolean =>
    other !== instance &&
    // Several may be in the same groups and yet do different things.
    stemOf([other.name]) === stemOf([instance.name]) &&
    other.instanceType === instance.instanceType &&
    String(interfaceOf(region, other)?.securityGroupIds) === String(own?.securityGroupIds);
  if (all.some(isLike)) return 1;
  const hasFixedAddress = Object.values(region.elasticIps).some(
    ({ association }) => association?.networkInterfaceId === own?.id,
  );
  return hasFixedAddress ? 2 : 3;
}

const interfaceOf = (region: Region, { networkInterfaceIds }: Instance) =>
  region.networkInterfaces[networkInterfaceIds[0] ?? ''];

/** A way out by something that can fail comes before the Internet gateway, and both before others. */
function routes(region: Region, shell: Shell): readonly Offer[] {
  const taken = Object.values(region.routeTables).flatMap(({ id, routes: all }) =>
    all.flatMap(({ destination }) => {
      const each = takeRoute(region, id, destination);
      return each?.kind === 'route' ? [each] : [];
    }),
  );
  const rank = ({ route: { destination, target } }: (typeof taken)[number]): number => {
    if (destination !== '0.0.0.0/0') return 2;
    return target.kind === 'internet-gateway' ? 1 : 0;
  };
  return inOrder(taken, rank).map((each) => ({
    request: {
      kind: 'cut-route',
      routeTableId: each.routeTableId,
      destination: each.route.destination,
    },
    ...wordsOf(region, shell, 'cut', each),
  }));
}

/** Of groups that something carries; rules between groups are what a service is made of. */
function rules(region: Region, shell: Shell): readonly Offer[] {
  const carried = new Set(
    Object.values(region.networkInterfaces).flatMap(({ securityGroupIds }) => securityGroupIds),
  );
  const taken = Object.values(region.securityGroups)
    .filter(({ id }) => carried.has(id))
    .flatMap((group) =>
      (['ingress', 'egress'] as const).flatMap((direction) =>
        group[direction].flatMap(({ id }) => {
          const each = takeRule(region, group.id, direction, id);
          return each?.kind === 'rule' ? [each] : [];
        }),
      ),
    );
  const rank = ({ direction, rule }: (typeof taken)[number]): number =>
    (direction === 'ingress' ? 0 : 2) + (rule.peer.kind === 'group' ? 0 : 1);
  return inOrder(taken, rank).map((each) => {
    const { groupId, direction, rule } = each;
    return {
      request: { kind: 'revoke-rule', groupId, direction, ruleId: rule.id },
      ...wordsOf(region, shell, 'revoke', each),
    };
  });
}

function wordsOf(region: Region, shell: Shell, verb: string, taken: Taken) {
  return { text: `${verb} ${takenText(region, taken)}`, commands: [takeCommand(shell, taken)] };
}

/** Those of the same rank stay as they were. */
const inOrder = <T>(all: readonly T[], rank: (each: T) => number): readonly T[] =>
  all.toSorted((one, other) => rank(one) - rank(other));
