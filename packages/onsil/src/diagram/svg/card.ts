/** Cards: icon, name, small lines, pills of security groups, price. */
import { CARD_WIDTH, FONT, fitted, ICON, PADDING, pillRows, pillWidth } from '../layout/sizes.ts';
import type { Scene, SceneNode } from '../scene.ts';
import { attributes, textMarkup } from './markup.ts';

export function nodeMarkup(node: SceneNode, scene: Scene, isLit: boolean): string {
  const faint = isLit || node.kind === 'internet-gateway' ? '' : ' faint';
  const body = node.kind === 'internet-gateway' ? markMarkup(node) : cardMarkup(node, scene);
  return `<g class="node ${node.kind}"><title>${textMarkup(wordsOf(node))}</title>${frame(node)}<g class="inner${faint}">${body}</g></g>`;
}

const frame = ({ x, y, width, height }: SceneNode): string =>
  `<rect${attributes({ x, y, width, height, rx: 5 })}/>`;

const wordsOf = ({ title, lines, names }: SceneNode): string =>
  [title, ...lines, ...(names.length > 1 ? [names.join(', ')] : [])].join(' · ');

/** Nothing but its icon: it stands at a border. */
const markMarkup = ({ kind, x, y, width }: SceneNode): string =>
  icon(kind, x + 2, y + 2, width - 4);

const icon = (kind: string, x: number, y: number, size: number): string =>
  `<use${attributes({ href: `#node-${kind}`, x, y, width: size, height: size })}/>`;

function cardMarkup(node: SceneNode, { groups }: Scene): string {
  const { x, y, kind, title, lines, usd, height } = node;
  const left = x + PADDING + ICON + 6;
  const room = x + CARD_WIDTH - 4 - left;
  const small = [...lines, ...(usd === undefined ? [] : [usdText(usd)])];
  const texts = small.map((line, index) => {
    const isPrice = index === lines.length;
    const at = { x: left, y: y + PADDING + 23 + index * 12 };
    return `<text${isPrice ? ' class="price"' : ''}${attributes(at)}>${textMarkup(fitted(line, FONT.line, room))}</text>`;
  });
  const own = groups.filter(({ id }) => node.groupIds.includes(id));
  const rows = pillRows(own.map(({ name }) => name));
  const colour = new Map(own.map((group) => [group.name, group.colour]));
  const pills = rows.flatMap((names, row) => {
    let at = x + PADDING;
    const top = y + height - PADDING - 16 * (rows.length - row) + 3;
    return names.map((name) => {
      const width = pillWidth(name);
      const markup = pill(name, colour.get(name) ?? 0, at, top, width);
      at += width + 4;
      return markup;
    });
  });
  const head = `<text class="title"${attributes({ x: left, y: y + PADDING + 10 })}>${textMarkup(fitted(title, FONT.title, room, true))}</text>`;
  return [icon(kind, x + PADDING, y + PADDING, ICON), head, ...texts, ...pills].join('');
}

function pill(name: string, colour: number, x: number, y: number, width: number): string {
  const shape = `<rect${attributes({ x, y, width, height: 13, rx: 6.5, fill: `var(--o-pill-${colour})` })}/>`;
  const words = textMarkup(fitted(name, FONT.pill, width - 8));
  return `<g class="pill"${attributes({ style: `color:var(--o-pill-${colour}-text)` })}>${shape}<text text-anchor="middle"${attributes({ x: x + width / 2, y: y + 9.5 })}>${words}</text></g>`;
}

export const usdText = (usd: number | null): string =>
  usd === null ? 'price unknown' : `$${usd.toFixed(2)}/month`;
