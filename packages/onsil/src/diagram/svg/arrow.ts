/** Arrows: lines with round corners, and labels over their last parts. */
import { labelPlaces } from '../layout/sizes.ts';
import { lineColour } from '../palette.ts';
import { headPath, linePath } from '../polyline.ts';
import type { Path, Scene, SceneArrow } from '../scene.ts';
import { attributes, textMarkup } from './markup.ts';

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
        `<path class="${name}" d="${own.map(({ points }) => linePath(points)).join('\n')}"/>`,
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
    const head = `<path${attributes({ d: headPath(points) })}/>`;
    const label = own.find((each) => each.label !== null);
    const texts = label === undefined ? '' : labelMarkup(label);
    return [
      `<g class="${classOf(best.look)}"><title>${textMarkup(words)}</title>${head}${texts}</g>`,
    ];
  });
}

const weight = ({ arrow, look }: { readonly arrow: SceneArrow; readonly look: Look }): number =>
  (look.isLit ? 10 : 0) + arrow.paths.length;

/** From a line's middle down to where its letters stand. */
const BASELINE = 3.2;

function labelMarkup({ label, services }: SceneArrow): string {
  if (label === null) return '';
  return labelPlaces(services, label)
    .map(({ text, x, y }) => {
      const at = attributes({ x, y: y + BASELINE });
      return `<text text-anchor="middle"${at}>${textMarkup(text)}</text>`;
    })
    .join('');
}
