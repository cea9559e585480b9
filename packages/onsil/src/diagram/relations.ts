/** Who reaches whom between the things of a picture, and by whose translation. */
import type { Row } from '../reach/matrix.ts';
import { isEmpty } from '../reach/packet-set/packet-set.ts';
import { servicesText } from '../reach/text/packets.ts';
import { routeTableOf } from '../region/lookup.ts';
import type { Region } from '../region/region.ts';
import type { End } from './ends.ts';
import type { ScenePair } from './scene.ts';

/** One arrow before it has a place. */
export interface Relation {
  readonly fromId: string;
  readonly toId: string;
  readonly services: string;
  readonly pairs: readonly ScenePair[];
  /** The thing that translates for the sender on this way. */
  readonly viaId?: string;
}

/** One of each row whose services are known: what cannot be told is no arrow. */
export function relationsOf(
  region: Region,
  rows: readonly Row[],
  ends: readonly End[],
): readonly Relation[] {
  const byName = new Map(ends.flatMap((end) => (end.name === undefined ? [] : [[end.name, end]])));
  return rows.flatMap((row): readonly Relation[] => {
    const [from, to] = [byName.get(row.from), byName.get(row.to)];
    const isShown = row.depends === undefined && !isEmpty(row.services);
    if (!isShown || from === undefined || to === undefined) return [];
    const pair = pairOf(row);
    const via = translatorOf(region, from, to);
    const viaId = via === undefined || [from.id, to.id].includes(via) ? {} : { viaId: via };
    const services = [
      ...(row.family === 'ipv6' ? ['IPv6'] : []),
      pair.services,
      ...(pair.sources === undefined ? [] : [`from ${pair.sources}`]),
    ].join(' ');
    return [{ fromId: from.id, toId: to.id, services, pairs: [pair], ...viaId }];
  });
}

function pairOf({ from, to, family, services, sources }: Row): ScenePair {
  return {
    ...{ from, to, family: family ?? 'ipv4', services: servicesText(services) },
    ...(sources === undefined || sources === 'anybody' ? {} : { sources }),
  };
}

/** Whether the default route of a subnet leads to an Internet gateway. */
export function isPublic(region: Region, subnetId: string): boolean {
  return defaultTarget(region, subnetId)?.kind === 'internet-gateway';
}

function defaultTarget(region: Region, subnetId: string) {
  const table = routeTableOf(region, subnetId);
  return table?.routes.find(({ destination }) => destination === '0.0.0.0/0')?.target;
}

/** What translates for a sender on its way outside; a gateway endpoint leads there as it is. */
function translatorOf(region: Region, from: End, to: End): string | undefined {
  if (from.subnetId === undefined || to.subnetId !== undefined) return undefined;
  const routes = routeTableOf(region, from.subnetId)?.routes ?? [];
  const isEndpoint = routes.some(
    ({ destination, target }) =>
      target.kind === 'vpc-endpoint' &&
      region.prefixLists[destination]?.name.endsWith(`.${to.name}`) === true,
  );
  const target = defaultTarget(region, from.subnetId);
  if (isEndpoint || target === undefined) return undefined;
  return target.kind === 'network-interface' || target.kind === 'nat-gateway'
    ? target.id
    : undefined;
}
