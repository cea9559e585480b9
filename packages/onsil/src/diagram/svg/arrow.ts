/** Arrows: a line with round corners, and a label over its last part. */
import { labelLines } from '../layout/sizes.ts';
import { lineColour } from '../palette.ts';
import type { Path, Point, SceneArrow } from '../scene.ts';
import { attributes, number, textMarkup } from './markup.ts';

const RADIUS = 5;
const HEAD = { length: 7, half: 3.2 };

/** @returns what the arrow's path is, as the `d` of an SVG path, with round corners */
export function lineData(points: readonly Point[]): string {
  const parts = points.map((point, index) => {
    const [before, after] = [points[index - 1], points[index + 1]];
    const at = `${number(point.x)} ${number(point.y)}`;
    if (before === undefined) return `M${at}`;
    if (after === undefined) return `L${at}`;
    const radius = Math.min(RADIUS, distance(before, point) / 2, distance(point, after) / 2);
    const [start, end] = [towards(point, before, radius), towards(point, after, radius)];
    return `L${number(start.x)} ${number(start.y)}Q${at} ${number(end.x)} ${number(end.y)}`;
  });
  return parts.join('');
}

/** The triangle at the end of the polyline. */
export function headData(points: readonly Point[]): string {
  const [before, end] = points.slice(-2);
  if (before === undefined || end === undefined) return '';
  const base = towards(end, before, HEAD.length);
  const isFlat = before.y === end.y;
  const [dx, dy] = isFlat ? [0, HEAD.half] : [HEAD.half, 0];
  const corner = (sign: number): string => `${number(base.x + sign * dx)} ${number(base.y + sign * dy)}`;
  return `M${number(end.x)} ${number(end.y)}L${corner(1)}L${corner(-1)}Z`;
}

export function arrowMarkup(arrow: SceneArrow, isLit: boolean, highlight: Path | undefined): string {
  const { points, pairs } = arrow;
  const [pair] = pairs;
  const words = pair === undefined ? '' : pairsText(arrow);
  const paths = [`<path${attributes({ d: lineData(points) })}/>`];
  paths.push(`<path class="head"${attributes({ d: headData(points) })}/>`);
  return `<g class="${classes(arrow, isLit, highlight)} arrow"><title>${textMarkup(words)}</title>${paths.join('')}</g>`;
}

/** `api-1 → database tcp 3306`, and how many more. */
function pairsText({ pairs, services }: SceneArrow): string {
  const [pair] = pairs;
  const more = pairs.length === 1 ? '' : ` (and ${pairs.length - 1} alike)`;
  return `${pair?.from} → ${pair?.to}${more}: ${services}`;
}

export function labelMarkup(
  arrow: SceneArrow,
  isLit: boolean,
  highlight: Path | undefined,
): readonly string[] {
  const { label, services } = arrow;
  if (label === null) return [];
  const lines = labelLines(services);
  const first = label.y + (lines.length === 1 ? 3.2 : -3.3);
  const [start, second] = lines.map((line, index) => ({ line, y: first + index * 13 }));
  return [start, second].flatMap((each) =>
    each === undefined
      ? []
      : [
          `<text class="${classes(arrow, isLit, highlight)}" text-anchor="middle"${attributes({ x: label.x, y: each.y })}>${textMarkup(each.line)}</text>`,
        ],
  );
}

function classes({ paths }: SceneArrow, isLit: boolean, highlight: Path | undefined): string {
  const colour = isLit && highlight !== undefined ? highlight : lineColour(paths);
  return isLit ? colour : `${colour} faint`;
}

const distance = (a: Point, b: Point): number => Math.abs(a.x - b.x) + Math.abs(a.y - b.y);

/** So many pixels from `point` on the way to `other`, which is straight beside or below it. */
function towards(point: Point, other: Point, pixels: number): Point {
  return {
    x: point.x + Math.sign(other.x - point.x) * pixels,
    y: point.y + Math.sign(other.y - point.y) * pixels,
  };
}
