/** Where in a picture a packet's two ends are. */
import type { Scene, SceneArrow, SceneNode, ScenePair } from '../../../../diagram/scene.ts';

/** Of addresses in use by nobody on the Internet: inside, or links of their own. */
const INSIDE = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|f[cd]|fe80)/i;
const ADDRESS = /^[\d.]+$|:/;

export const pairKey = (from: string, to: string): string => `${from} → ${to}`;

export class Ends {
  readonly #nodes = new Map<string, SceneNode>();
  readonly #titles: ReadonlyMap<string, string>;
  readonly #arrows = new Map<string, SceneArrow>();
  readonly #touching = new Map<string, SceneArrow[]>();
  /** Each pair of the proof once, whatever families there are. */
  readonly pairs: readonly { readonly pair: ScenePair; readonly arrow: SceneArrow }[];

  /** An arrow's id → that of the one at whose label the packets of all that arrive there are told. */
  readonly #heads = new Map<string, string>();
  readonly #arriving = new Map<string, readonly SceneArrow[]>();

  constructor(scene: Scene) {
    for (const [, all] of Map.groupBy(scene.arrows, arrival)) {
      const teller = all.find(({ label }) => label !== null) ?? all[0];
      this.#arriving.set(teller?.id ?? '', all);
      for (const { id } of all) this.#heads.set(id, teller?.id ?? id);
    }
    this.#titles = new Map(scene.nodes.map(({ id, title }) => [id, title]));
    for (const node of scene.nodes) for (const name of node.names) this.#nodes.set(name, node);
    for (const arrow of scene.arrows) {
      for (const id of new Set([arrow.fromId, arrow.toId])) {
        this.#touching.set(id, [...(this.#touching.get(id) ?? []), arrow]);
      }
      for (const { from, to } of arrow.pairs) {
        const key = pairKey(from, to);
        if (!this.#arrows.has(key)) this.#arrows.set(key, arrow);
      }
    }
    this.pairs = scene.arrows.flatMap((arrow) => arrow.pairs.map((pair) => ({ pair, arrow })));
  }

  /** As the picture names it: an address of the Internet's that has no name is the Internet. */
  name(end: string): string {
    if (this.#nodes.has(end) || !ADDRESS.test(end)) return end;
    return INSIDE.test(end) ? end : 'internet';
  }

  node(name: string): SceneNode | undefined {
    return this.#nodes.get(name);
  }

  /** The line by which the proof has it, if it has. */
  arrow(from: string, to: string): SceneArrow | undefined {
    return this.#arrows.get(pairKey(from, to));
  }

  headOf(arrowId: string): string {
    return this.#heads.get(arrowId) ?? arrowId;
  }

  /** All that are told at an arrow's label. */
  arriving(arrowId: string): readonly SceneArrow[] {
    return this.#arriving.get(arrowId) ?? [];
  }

  titleOf(id: string): string {
    return this.#titles.get(id) ?? id;
  }

  /** From a node and to it. */
  touching(id: string): readonly SceneArrow[] {
    return this.#touching.get(id) ?? [];
  }
}

/** Arrows that end at one point share their last part, and the room beside it. */
function arrival({ toId, points }: SceneArrow): string {
  const end = points.at(-1);
  return `${toId} ${end?.x} ${end?.y}`;
}
