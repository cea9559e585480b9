/** Provisional: boxes and nodes in a grid, straight arrows. */
import type { Row } from '../reach/matrix.ts';
import { isEmpty } from '../reach/packet-set/packet-set.ts';
import { servicesText } from '../reach/text/packets.ts';
import { publicAddresses } from '../region/elastic-ip.ts';
import type { Region } from '../region/region.ts';
import type { Path, Scene, SceneArrow, SceneBox, SceneCost, SceneNode } from './scene.ts';

export interface SceneOptions {
  readonly title?: string;
  readonly administrator?: string;
  readonly usdOf?: (name: string) => number | null;
  readonly cost?: SceneCost;
}

const NODE = { width: 132, height: 92 };

export function sceneOf(region: Region, rows: readonly Row[], options: SceneOptions = {}): Scene {
  const shown = rows.filter(({ depends, services }) => depends === undefined && !isEmpty(services));
  const boxes: SceneBox[] = [];
  const nodes: SceneNode[] = [];
  const subnets = Object.values(region.subnets);
  let y = 60;
  for (const subnet of subnets) {
    const own = Object.values(region.instances).filter(({ subnetId }) => subnetId === subnet.id);
    if (own.length === 0) continue;
    const isPublic = (region.routeTables[subnet.routeTableId]?.routes ?? []).some(
      ({ target }) => target.kind === 'internet-gateway',
    );
    const lines = Math.ceil(own.length / 5);
    const rect = { x: 240, y, width: 5 * 180 + 20, height: lines * 130 + 50 };
    boxes.push({
      ...{ id: subnet.id, kind: isPublic ? 'public-subnet' : 'private-subnet', ...rect },
      ...{ title: subnet.tags['Name'] ?? subnet.id, detail: subnet.cidr, parentId: null },
    });
    for (const [index, instance] of own.entries()) {
      const eni = region.networkInterfaces[instance.networkInterfaceIds[0] ?? ''];
      const pair = publicAddresses(region).find((each) => each.networkInterfaceId === eni?.id);
      nodes.push({
        ...{ id: instance.id, kind: eni?.sourceDestCheck === false ? 'nat-instance' : 'instance' },
        ...{ x: 260 + (index % 5) * 180, y: y + 40 + Math.floor(index / 5) * 130, ...NODE },
        title: instance.name,
        lines: [eni?.privateIps[0] ?? '', pair?.publicIp ?? '', instance.instanceType].filter(
          Boolean,
        ),
        ...{ names: [instance.name], groupIds: eni?.securityGroupIds ?? [], boxId: subnet.id },
        ...(options.usdOf === undefined ? {} : { usd: options.usdOf(instance.name) }),
      });
    }
    y += rect.height + 30;
  }
  for (const [index, name] of ['internet', 'admin'].entries()) {
    if (!shown.some(({ from, to }) => from === name || to === name)) continue;
    nodes.unshift({
      ...{
        id: name,
        kind: name === 'admin' ? 'admin' : 'internet',
        x: 20,
        y: 100 + index * 250,
        ...NODE,
      },
      ...{ title: name, lines: [], names: [name], groupIds: [], boxId: null },
    });
  }
  const place = (name: string) => nodes.find(({ names }) => names.includes(name));
  const arrows = shown.flatMap(({ from, to, family, services, sources }): readonly SceneArrow[] => {
    const [a, b] = [place(from), place(to)];
    if (a === undefined || b === undefined) return [];
    const middle = (node: SceneNode) => ({
      x: node.x + node.width / 2,
      y: node.y + node.height / 2,
    });
    const [start, end] = [middle(a), middle(b)];
    const away = a.x <= b.x ? 8 : -8;
    const points = [
      { x: start.x, y: start.y + away },
      { x: (start.x + end.x) / 2, y: start.y + away },
      { x: (start.x + end.x) / 2, y: end.y + away },
      { x: end.x - Math.sign(end.x - start.x) * 66, y: end.y + away },
    ];
    const text = servicesText(services);
    const paths: Path[] = [];
    if (from === 'internet' || (from === 'edge' && to === 'gateway')) paths.push('request');
    if (from === 'admin' || from === 'bastion') paths.push('admin');
    if (to === 'internet') paths.push('outbound');
    return [
      {
        ...{ id: `${from}→${to}`, fromId: a.id, toId: b.id, services: text, paths, points },
        pairs: [
          {
            ...{ from, to, family: family ?? 'ipv4', services: text },
            ...(sources === undefined || sources === 'anybody' ? {} : { sources }),
          },
        ],
        label: { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 + away },
      },
    ];
  });
  const used = new Set(nodes.flatMap(({ groupIds }) => groupIds));
  return {
    ...{ width: 1180, height: y, title: options.title ?? region.name, boxes, nodes, arrows },
    groups: Object.values(region.securityGroups)
      .filter(({ id }) => used.has(id))
      .map(({ id, name }, colour) => ({ id, name, colour })),
    paths: ['request', 'admin', 'outbound'],
    notes: [],
    ...(options.cost === undefined ? {} : { cost: options.cost }),
  };
}
