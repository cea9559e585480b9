/** A scene as SVG: one file, no script, nothing fetched; the same scene gives the same bytes. */
import { BOX_ICONS, NODE_ICONS } from './icons.ts';
import { FONT, fitted } from './layout/sizes.ts';
import { BOXES } from './palette.ts';
import type { Path, Scene, SceneBox } from './scene.ts';
import { branchesMarkup, linesMarkup, lookOf } from './svg/arrow.ts';
import { nodeMarkup } from './svg/card.ts';
import { LEGEND_HEIGHT, legendMarkup } from './svg/legend.ts';
import { attributes, textMarkup } from './svg/markup.ts';
import { styleText } from './svg/style.ts';

export interface SvgOptions {
  /** By default what the viewer prefers. */
  readonly theme?: 'light' | 'dark' | 'auto';
  /** What stands out; everything else is dimmed. */
  readonly highlight?: Path;
}

export function svgOf(scene: Scene, { theme = 'auto', highlight }: SvgOptions = {}): string {
  const [width, height] = [scene.width, scene.height + LEGEND_HEIGHT];
  const ends = new Set(
    scene.arrows
      .filter((arrow) => lookOf(arrow, highlight).isLit)
      .flatMap(({ fromId, toId }) => [fromId, toId]),
  );
  const isLit = (id: string): boolean => highlight === undefined || ends.has(id);
  const used = new Set([
    ...scene.nodes.map(({ kind }) => `node-${kind}`),
    ...scene.boxes.map(({ kind }) => `box-${kind}`),
  ]);
  return [
    `<svg${attributes({ xmlns: 'http://www.w3.org/2000/svg', width, height, viewBox: `0 0 ${width} ${height}`, role: 'img' })}>`,
    `<title>${textMarkup(titleOf(scene))}</title>`,
    `<style>${styleText(scene, theme)}</style>`,
    `<defs>`,
    ...definitions(used),
    `</defs>`,
    `<rect class="ground"${attributes({ width, height })}/>`,
    ...scene.boxes.map(boxMarkup),
    `<g class="lines">`,
    ...linesMarkup(scene.arrows, highlight),
    `</g>`,
    ...scene.nodes.map((node) => nodeMarkup(node, scene, isLit(node.id))),
    `<g class="branches">`,
    ...branchesMarkup(scene, highlight),
    `</g>`,
    ...legendMarkup(scene, highlight),
    `</svg>`,
    '',
  ].join('\n');
}

const titleOf = ({ title, nodes, arrows }: Scene): string =>
  `${title}: ${nodes.filter(({ names }) => names.length > 0).length} parts, ${arrows.length} arrows of who reaches whom`;

function definitions(used: ReadonlySet<string>): readonly string[] {
  const symbol = (id: string, size: number, markup: string): readonly string[] =>
    used.has(id)
      ? [`<symbol${attributes({ id, viewBox: `0 0 ${size} ${size}` })}>${markup}</symbol>`]
      : [];
  return [
    ...Object.entries(NODE_ICONS).flatMap(([kind, markup]) => symbol(`node-${kind}`, 48, markup)),
    ...Object.entries(BOX_ICONS).flatMap(([kind, markup]) => symbol(`box-${kind}`, 40, markup)),
  ];
}

const ICON = 16;

function boxMarkup(box: SceneBox): string {
  const { kind, x, y, width, height, title, detail } = box;
  const hasIcon = kind !== 'zone';
  const start = x + (hasIcon ? ICON + 6 : 6);
  const name = title === detail ? title : `${title}  ${detail}`;
  const shape = `<rect${attributes({ x, y, width, height, rx: kind.endsWith('subnet') ? 3 : 0 })}/>`;
  const icon = hasIcon
    ? `<use${attributes({ href: `#box-${kind}`, x, y, width: ICON, height: ICON })}/>`
    : '';
  const dashed = BOXES[kind].dashed === true ? ' dashed' : '';
  const words = fitted(name, FONT.line + 0.5, x + width - start, true);
  const caption = `<text${attributes({ x: start, y: y + 12 })}>${textMarkup(words)}</text>`;
  return `<g class="box ${kind}${dashed}"><title>${textMarkup(name)}</title>${shape}${icon}${caption}</g>`;
}
