/** Arrows: lines with round corners, and labels over their last parts. */
import { labelLines } from '../layout/sizes.ts';
import { lineColour } from '../palette.ts';
import type { Path, Point, Scene, SceneArrow } from '../scene.ts';
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
  const corner = (sign: number): string =>
    `${number(base.x + sign * dx)} ${number(base.y + sign * dy)}`;
  return `M${number(end.x)} ${number(end.y)}L${corner(1)}L${corner(-1)}Z`;
}

/** Which class an arrow is drawn in. */
export interface Look {
  readonly colour: Path | 'line';
  readonly isLit: boolean;
}

export function lookOf({ paths }: SceneArrow, highlight: Path | undefined): Look {
  const isLit = highlight === undefined || paths.includes(highlight);
  return { colour: isLit && highlight !== undefined ? highlight : lineColour(paths), isLit };
}

const classOf = ({ colour, isLit }: Look): string => (isLit ? colour : `${colour} faint`);

/** What stands out is drawn last, and before that what is on some path. */
const ORDER = ['line faint', 'admin faint', 'outbound faint', 'request faint', 'line'];

/**
 * All lines of one look are one path, so that a part that many share is no thicker than others;
 * each arrow has a line of text to itself.
 */
export function linesMarkup(
  arrows: readonly SceneArrow[],
  highlight: Path | undefined,
): readonly string[] {
  const byClass = Map.groupBy(arrows, (arrow) => classOf(lookOf(arrow, highlight)));
  const place = (name: string): number =>
    (ORDER.indexOf(name) + ORDER.length + 1) % (ORDER.length + 1);
  return [...byClass]
    .toSorted(([a], [b]) => place(a) - place(b))
    .map(
      ([name, own]) =>
        `<path class="${name}" d="${own.map(({ points }) => lineData(points)).join('\n')}"/>`,
    );
}

/** Heads and labels: one for each branch that arrows share, with all of its senders by name. */
export function branchesMarkup(
  { arrows, nodes }: Scene,
  highlight: Path | undefined,
): readonly string[] {
  const titles = new Map(nodes.map(({ id, title }) => [id, title]));
  const branches = Map.groupBy(
    arrows,
    ({ points, services }) => `${JSON.stringify(points.at(-1))} ${services}`,
  );
  return [...branches.values()].flatMap((own): readonly string[] => {
    const looks = own.map((arrow) => ({ arrow, look: lookOf(arrow, highlight) }));
    const [best] = looks.toSorted((a, b) => weight(b) - weight(a));
    if (best === undefined) return [];
    const { services, toId, points } = best.arrow;
    const senders = own.map(({ fromId }) => titles.get(fromId) ?? fromId).join(', ');
    const words = `${senders} → ${titles.get(toId) ?? toId}: ${services}`;
    const head = `<path${attributes({ d: headData(points) })}/>`;
    const label = own.find((each) => each.label !== null);
    const texts = label === undefined ? '' : labelMarkup(label);
    return [
      `<g class="${classOf(best.look)}"><title>${textMarkup(words)}</title>${head}${texts}</g>`,
    ];
  });
}

const weight = ({ arrow, look }: { readonly arrow: SceneArrow; readonly look: Look }): number =>
  (look.isLit ? 10 : 0) + arrow.paths.length;

function labelMarkup({ label, services }: SceneArrow): string {
  if (label === null) return '';
  const lines = labelLines(services);
  const first = label.y + (lines.length === 1 ? 3.2 : -3.3);
  return lines
    .map((line, index) => {
      const at = attributes({ x: label.x, y: first + index * 13 });
      return `<text text-anchor="middle"${at}>${textMarkup(line)}</text>`;
    })
    .join('');
}

const distance = (a: Point, b: Point): number => Math.abs(a.x - b.x) + Math.abs(a.y - b.y);

/** So many pixels from `point` on the way to `other`, which is straight beside or below it. */
function towards(point: Point, other: Point, pixels: number): Point {
  return {
    x: point.x + Math.sign(other.x - point.x) * pixels,
    y: point.y + Math.sign(other.y - point.y) * pixels,
  };
}
