/** Where things stand beside and between others in the picture. */
import type { Point, Rect } from '../../../../diagram/scene.ts';

/** Where a line's own number stands: the middle of its last part. */
export function endOf(points: readonly Point[]): Point {
  const [before, tip] = points.slice(-2);
  if (before === undefined || tip === undefined) return { x: 0, y: 0 };
  return { x: (before.x + tip.x) / 2, y: (before.y + tip.y) / 2 };
}

/** From one thing's edge to another's, straight. */
export function between(from: Rect, to: Rect): readonly [Point, Point] {
  const [a, b] = [middle(from), middle(to)];
  return [atEdge(from, a, b), atEdge(to, b, a)];
}

const middle = ({ x, y, width, height }: Rect): Point => ({ x: x + width / 2, y: y + height / 2 });

/** Where the way from its middle to a point leaves it. */
function atEdge(of: Rect, from: Point, to: Point): Point {
  const [dx, dy] = [Math.abs(to.x - from.x), Math.abs(to.y - from.y)];
  const part = Math.min(dx === 0 ? 1 : of.width / 2 / dx, dy === 0 ? 1 : of.height / 2 / dy, 1);
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
}
