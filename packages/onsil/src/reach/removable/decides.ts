/**
 * Entries of network ACLs and routes that decide nothing: of no packet the first match, or the
 * longest one. Told from the table alone, whatever the machines.
 */
import { type Block, parseBlock, sizeOf } from '../../region/ipv4.ts';
import type { Region } from '../../region/region.ts';
import { withoutRanges } from '../addresses.ts';
import type { Model } from '../model.ts';
import { isEmpty, type Range } from '../packet-set/packet-set.ts';
import type { Direction } from '../verdict.ts';
import type { Setting } from './setting.ts';

export type NeverDecides =
  /** Of a table or an ACL that no subnet has. */
  | 'UNUSED'
  /** Entries before it, or longer routes, match all that it matches. */
  | 'DECIDED_BEFORE';

export interface Undecided {
  readonly setting: Setting;
  readonly reason: NeverDecides;
}

/** What a VPC brings with it (its default ACL, its main table, local routes) is not listed. */
export function undecided(model: Model): readonly Undecided[] {
  const { region } = model;
  return [...entriesOf(model, region), ...routesOf(region)];
}

function entriesOf(model: Model, region: Region): readonly Undecided[] {
  const used = new Set(Object.values(region.subnets).map(({ networkAclId }) => networkAclId));
  return Object.values(region.networkAcls).flatMap(({ id, isDefault, entries }) =>
    entries.flatMap(({ egress, number, cidr }): readonly Undecided[] => {
      if (cidr.includes(':')) return [];
      const direction: Direction = egress ? 'egress' : 'ingress';
      const setting = { kind: 'network-acl-entry', networkAclId: id, direction, number } as const;
      if (!used.has(id)) return isDefault ? [] : [{ setting, reason: 'UNUSED' }];
      const decision = model.acl(id)[direction].decisions.find(({ entry }) => entry === number);
      const decides = decision !== undefined && !isEmpty(decision.packets);
      return decides ? [] : [{ setting, reason: 'DECIDED_BEFORE' }];
    }),
  );
}

function routesOf(region: Region): readonly Undecided[] {
  const used = new Set(Object.values(region.subnets).map(({ routeTableId }) => routeTableId));
  return Object.values(region.routeTables).flatMap(({ id, main, routes }) => {
    const blocks = routes.flatMap(({ destination }) => parseBlock(destination) ?? []);
    return routes.flatMap((route): readonly Undecided[] => {
      const block = parseBlock(route.destination);
      // A prefix list's route, or one for IPv6, is not judged.
      if (block === undefined || route.target.kind === 'local') return [];
      const setting = { kind: 'route', routeTableId: id, route } as const;
      if (!used.has(id)) return main ? [] : [{ setting, reason: 'UNUSED' }];
      const longer = blocks.filter(({ prefix }) => prefix > block.prefix).map(rangeOfBlock);
      const left = withoutRanges([rangeOfBlock(block)], longer);
      return left.length > 0 ? [] : [{ setting, reason: 'DECIDED_BEFORE' }];
    });
  });
}

const rangeOfBlock = (block: Block): Range => ({
  first: block.first,
  last: block.first + sizeOf(block) - 1,
});
