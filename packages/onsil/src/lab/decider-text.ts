/** What decided about a packet in the lab, by the user's own names. */

import { fieldsText, nameOf, routeText, ruleText } from '../reach/text/path.ts';
import type { Region } from '../region/region.ts';
import type { Decider } from './fabric/label.ts';
import { LAST_ENTRY } from './fabric/label.ts';

const WAY = { ingress: 'in', egress: 'out' } as const;
const BOUND = { ingress: 'inbound', egress: 'outbound' } as const;

/**
 * A rule, entry or route as its owner knows it: whose it is, and what it says. Of one that is not
 * in the region any more, its id.
 */
export function ruleNames(
  region: Region,
  decider: Decider,
): readonly [owner: string, text: string] {
  const name = (id: string): string => nameOf(region, id);
  switch (decider.kind) {
    case 'security-group': {
      const { direction, rule } = decider;
      if (rule === undefined) return ['', `no ${BOUND[direction]} rule`];
      const { groupId, ruleId } = rule;
      const found = region.securityGroups[groupId]?.[direction].find(({ id }) => id === ruleId);
      const text = found === undefined ? ruleId : ruleText(region, found, direction);
      return [`sg ${name(groupId)} ${WAY[direction]}`, text];
    }
    case 'network-acl': {
      const { direction, networkAclId, entry } = decider;
      const owner = `acl ${name(networkAclId)} ${WAY[direction]}`;
      if (entry === LAST_ENTRY) return [owner, '* deny everything'];
      const found = region.networkAcls[networkAclId]?.entries.find(
        (each) => each.number === entry && each.egress === (direction === 'egress'),
      );
      if (found === undefined) return [owner, String(entry)];
      const end = direction === 'egress' ? 'to' : 'from';
      return [owner, `${entry} ${found.action} ${fieldsText(found)} ${end} ${found.cidr}`];
    }
    case 'route-table': {
      const { routeTableId, destination } = decider;
      const owner = `routes ${name(routeTableId)}`;
      const found = region.routeTables[routeTableId]?.routes.find(
        (each) => each.destination === destination,
      );
      return [owner, found === undefined ? (destination ?? 'none') : routeText(region, found)];
    }
    default:
      return ['', decider.kind];
  }
}
