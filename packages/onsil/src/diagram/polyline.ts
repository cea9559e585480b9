/** Lines of a picture as paths of SVG: for its SVG, and for the console's map. */
import type { Point } from './scene.ts';

const RADIUS = 6;
const HEAD = { length: 8, half: 4 };

const distance = (a: Point, b: Point): number => Math.hypot(b.x - a.x, b.y - a.y);

/** The point that is so far from `from` on the way to `to`. */
function towards(from: Point, to: Point, far: number): Point {
  const whole = distance(from, to);
  const part = whole === 0 ? 0 : Math.min(1, far / whole);
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
}

const round = (value: number): number => Math.round(value * 10) / 10;
const text = ({ x, y }: Point): string => `${round(x)} ${round(y)}`;

/** With rounded corners. It ends where the arrow's head begins. */
export function linePath(points: readonly Point[]): string {
  const [first, ...rest] = points;
  const last = rest.pop();
  if (first === undefined || last === undefined) return '';
  let path = `M${text(first)}`;
  let before = first;
  for (const [index, corner] of rest.entries()) {
    const next = rest[index + 1] ?? last;
    const most = Math.min(RADIUS, distance(before, corner) / 2, distance(corner, next) / 2);
    path += `L${text(towards(corner, before, most))}`;
    path += `Q${text(corner)} ${text(towards(corner, next, most))}`;
    before = corner;
  }
  return `${path}L${text(towards(last, before, HEAD.length - 1))}`;
}

/** A triangle whose tip is the last point. */
export function headPath(points: readonly Point[]): string {
  const [before, tip] = points.slice(-2);
  if (before === undefined || tip === undefined) return '';
  const back = towards(tip, before, HEAD.length);
  const whole = distance(before, tip) || 1;
  const across = { x: (tip.y - before.y) / whole, y: (before.x - tip.x) / whole };
  const side = (sign: number): Point => ({
    x: back.x + sign * HEAD.half * across.x,
    y: back.y + sign * HEAD.half * across.y,
  });
  return `M${text(tip)}L${text(side(1))}L${text(side(-1))}Z`;
}
