/** For tests: what is wrong with a picture, a sentence each. */
import { FONT, labelLines, textWidth } from './layout/sizes.ts';
import type { Point, Rect, Scene, SceneArrow } from './scene.ts';

/** Boxes and cards that are out of place, labels that hide something, lines that say too much. */
export function faultsOf(scene: Scene): readonly string[] {
  return [...boxFaults(scene), ...cardFaults(scene), ...labelFaults(scene), ...lineFaults(scene)];
}

const inside = (inner: Rect, outer: Rect): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;

const meets = (a: Rect, b: Rect): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

function boxFaults({ boxes, width, height }: Scene): readonly string[] {
  const whole = { x: 0, y: 0, width, height };
  return boxes.flatMap((box, index) => {
    const parent = boxes.find(({ id }) => id === box.parentId) ?? whole;
    const sisters = boxes.slice(index + 1).filter(({ parentId }) => parentId === box.parentId);
    return [
      ...(inside(box, parent) ? [] : [`${box.title} is not inside of its box`]),
      ...sisters.filter((each) => meets(box, each)).map((each) => `${box.title} on ${each.title}`),
    ];
  });
}

const cardsOf = ({ nodes }: Scene) => nodes.filter(({ kind }) => kind !== 'internet-gateway');

function cardFaults(scene: Scene): readonly string[] {
  const cards = cardsOf(scene);
  const region = scene.boxes.find(({ kind }) => kind === 'region');
  return cards.flatMap((card, index) => {
    const box = scene.boxes.find(({ id }) => id === card.boxId);
    const isPlaced =
      box === undefined ? region === undefined || !meets(card, region) : inside(card, box);
    return [
      ...(isPlaced ? [] : [`${card.title} is not where it belongs`]),
      ...cards
        .slice(index + 1)
        .filter((each) => meets(card, each))
        .map((each) => `${card.title} on ${each.title}`),
    ];
  });
}

interface Label extends Rect {
  readonly text: string;
}

function labelFaults(scene: Scene): readonly string[] {
  const labels = scene.arrows.flatMap(({ label, services }): readonly Label[] => {
    if (label === null) return [];
    const lines = labelLines(services);
    const width = Math.max(...lines.map((line) => textWidth(line, FONT.label)));
    // Of the letters themselves; two lines have the arrow's between them.
    const height = lines.length === 1 ? 7 : 20;
    const [x, y] = [label.x - width / 2, label.y - height / 2];
    return [{ text: services, x, y, width, height }];
  });
  const cards = cardsOf(scene);
  return labels.flatMap((label, index) => [
    ...cards.filter((card) => meets(label, card)).map((card) => `${label.text} on ${card.title}`),
    ...labels
      .slice(index + 1)
      .filter((each) => meets(label, each))
      .map((each) => `the label ${label.text} on ${each.text}`),
  ]);
}

interface Segment {
  readonly arrow: SceneArrow;
  readonly axis: 'x' | 'y';
  /** Where on the other axis. */
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Whoever follows a line that two arrows share may turn off to the other's receiver: then that
 * sender reaches it too, on the same services.
 */
function lineFaults({ arrows, nodes }: Scene): readonly string[] {
  const title = (id: string): string => nodes.find((each) => each.id === id)?.title ?? id;
  const reached = new Set(arrows.map((each) => `${each.fromId} ${each.toId} ${each.services}`));
  const segments = arrows.flatMap((arrow) => segmentsOf(arrow));
  const faults = new Set<string>();
  for (const [, line] of Map.groupBy(segments, ({ axis, at }) => `${axis} ${at}`)) {
    for (const [index, a] of line.entries()) {
      for (const b of line.slice(index + 1)) {
        if (a.arrow === b.arrow || a.from >= b.to || b.from >= a.to) continue;
        for (const [one, other] of [
          [a.arrow, b.arrow],
          [b.arrow, a.arrow],
        ] as const) {
          if (one.fromId === other.toId) continue;
          if (!reached.has(`${one.fromId} ${other.toId} ${one.services}`)) {
            faults.add(
              `the lines ${title(one.fromId)} → ${title(one.toId)} (${one.services}) and ${title(other.fromId)} → ${title(other.toId)} (${other.services}) are one`,
            );
          }
        }
      }
    }
  }
  return [...faults];
}

function segmentsOf(arrow: SceneArrow): readonly Segment[] {
  return arrow.points.slice(1).map((point, index): Segment => {
    const before: Point = arrow.points[index] ?? point;
    const axis = before.y === point.y ? 'x' : 'y';
    const [at, from, to] =
      axis === 'x' ? [point.y, before.x, point.x] : [point.x, before.y, point.y];
    return { arrow, axis, at, from: Math.min(from, to), to: Math.max(from, to) };
  });
}
