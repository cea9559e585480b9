import { nameOf, routeText, ruleText } from '../../reach/text/path.ts';
import type { Region } from '../../region/region.ts';
import type { Taken } from './put-back.ts';

/** e.g. `route 0.0.0.0/0 → nat of private`, `inbound rule tcp 3306 from api of database`. */
export function takenText(region: Region, taken: Taken): string {
  if (taken.kind === 'route') {
    return `route ${routeText(region, taken.route)} of ${nameOf(region, taken.routeTableId)}`;
  }
  const side = taken.direction === 'ingress' ? 'inbound' : 'outbound';
  const rule = ruleText(region, taken.rule, taken.direction);
  return `${side} rule ${rule} of ${nameOf(region, taken.groupId)}`;
}
