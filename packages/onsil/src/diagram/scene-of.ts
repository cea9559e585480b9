/** From a region and its proof to a picture. */
import type { Row } from '../reach/matrix.ts';
import { nameOf } from '../reach/text/path.ts';
import type { Region } from '../region/region.ts';
import { boxesOf } from './boxes.ts';
import { bundlesOf } from './bundles.ts';
import { columnsOf } from './columns.ts';
import { endsOf } from './ends.ts';
import { fold } from './fold.ts';
import { layoutOf } from './layout/layout.ts';
import { nodesOf } from './nodes.ts';
import { pathsOf } from './paths.ts';
import { type Relation, relationsOf } from './relations.ts';
import type { Path, Scene, SceneArrow, SceneCost } from './scene.ts';

export interface SceneOptions {
  /** By default the name of the first VPC. */
  readonly title?: string;
  /** The administrator's block. */
  readonly administrator?: string;
  /** US dollars a month by resource, as a bill calls it; null: not known; absent: nothing. */
  readonly usd?: Readonly<Record<string, number | null>>;
  readonly cost?: SceneCost;
}

const PATHS: readonly Path[] = ['request', 'admin', 'outbound'];

/**
 * The picture of a region: equal arguments give equal pictures.
 * @param rows of the proof, as `rowsOf` gives them; what cannot be told is a note, and no arrow
 */
export function sceneOf(region: Region, rows: readonly Row[], options: SceneOptions = {}): Scene {
  const ends = endsOf(region, rows, options.administrator);
  const single = relationsOf(region, rows, ends);
  const { nodes: folded, relations } = fold(ends, single);
  const columns = columnsOf(region, ends, single);
  const column = (subnetId: string | undefined): number => columns.get(subnetId ?? '') ?? 0;
  const nodes = nodesOf(folded, options);
  const places = new Map(
    nodes.map(({ id, kind, boxId }) => [id, { kind, column: column(boxId ?? undefined) }]),
  );
  const paths = pathsOf(relations, places);
  const { bundles, legs } = bundlesOf(relations, (id) => places.get(id)?.column === 0);
  const layout = layoutOf({ region, nodes, columns, relations, paths, bundles, legs });
  const arrows = relations.map((relation, index): SceneArrow => {
    const { fromId, toId, services, pairs } = relation;
    return {
      ...{ id: `arrow-${index + 1}`, fromId, toId, services, pairs },
      paths: paths.get(relation) ?? [],
      ...layout.lineOf(relation),
    };
  });
  return {
    ...{ width: layout.width, height: layout.height, title: options.title ?? titleOf(region) },
    boxes: boxesOf(region, layout),
    nodes: [...nodes.map((node) => ({ ...node, ...layout.cardOf(node.id) })), ...layout.gateways],
    arrows,
    groups: groupsOf(region, nodes),
    paths: PATHS.filter((path) => arrows.some((each) => each.paths.includes(path))),
    notes: notesOf(region, rows, relations),
    ...(options.cost === undefined ? {} : { cost: options.cost }),
  };
}

function titleOf(region: Region): string {
  const [vpc] = Object.values(region.vpcs);
  return vpc === undefined ? region.name : nameOf(region, vpc.id);
}

/** Those that are carried, in the order of the region: a group keeps its colour as others change. */
function groupsOf(region: Region, nodes: readonly { readonly groupIds: readonly string[] }[]) {
  const carried = new Set(nodes.flatMap(({ groupIds }) => groupIds));
  return Object.keys(region.securityGroups)
    .filter((id) => carried.has(id))
    .map((id, colour) => ({ id, name: nameOf(region, id), colour }));
}

function notesOf(region: Region, rows: readonly Row[], relations: readonly Relation[]) {
  const unknown = rows.filter(({ depends }) => depends !== undefined).length;
  const peerings = Object.values(region.vpcPeeringConnections).map(
    ({ id, requesterVpcId, accepterVpcId }) =>
      `${nameOf(region, id)} connects ${nameOf(region, requesterVpcId)} and ${nameOf(region, accepterVpcId)}.`,
  );
  return [
    ...(relations.length === 0 ? ['Nobody reaches anybody.'] : []),
    ...(unknown === 0
      ? []
      : [
          `${unknown === 1 ? 'One pair' : `${unknown} pairs`} cannot be told, and no arrow is drawn.`,
        ]),
    ...peerings,
  ];
}
