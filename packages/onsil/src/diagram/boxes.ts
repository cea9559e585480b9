/** Containment: the region, its VPCs, their zones and subnets. */
import { nameOf } from '../reach/text/path.ts';
import type { Region } from '../region/region.ts';
import type { Layout } from './layout/layout.ts';
import { isPublic } from './relations.ts';
import type { Rect, SceneBox } from './scene.ts';

export const zoneBoxId = (vpcId: string, zone: string): string => `${vpcId} ${zone}`;

/** Outer ones first. */
export function boxesOf(region: Region, layout: Layout): readonly SceneBox[] {
  const box = (id: string): Rect => layout.boxOf(id);
  const regionBox: SceneBox = {
    ...{ id: region.name, kind: 'region', title: 'Region', detail: region.name, parentId: null },
    ...layout.region,
  };
  const vpcs = Object.values(region.vpcs).map(
    (vpc): SceneBox => ({
      ...{ id: vpc.id, kind: 'vpc', title: `VPC ${nameOf(region, vpc.id)}` },
      detail: [...vpc.cidrs, ...vpc.ipv6Cidrs].join(', '),
      parentId: region.name,
      ...box(vpc.id),
    }),
  );
  const subnets = Object.values(region.subnets);
  const zones = new Map(
    subnets.map(({ vpcId, zone }) => [zoneBoxId(vpcId, zone), { vpcId, zone }] as const),
  );
  return [
    regionBox,
    ...vpcs,
    ...[...zones].map(
      ([id, { vpcId, zone }]): SceneBox => ({
        ...{ id, kind: 'zone', title: 'Zone', detail: zone, parentId: vpcId },
        ...box(id),
      }),
    ),
    ...subnets.map(
      (subnet): SceneBox => ({
        id: subnet.id,
        kind: isPublic(region, subnet.id) ? 'public-subnet' : 'private-subnet',
        title: nameOf(region, subnet.id),
        detail: subnet.cidr,
        parentId: zoneBoxId(subnet.vpcId, subnet.zone),
        ...box(subnet.id),
      }),
    ),
  ];
}
