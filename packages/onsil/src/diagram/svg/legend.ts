/** The line below the picture: what colours mean, and the bill. */
import { FONT, textWidth } from '../layout/sizes.ts';
import type { Path, Scene } from '../scene.ts';
import { attributes, textMarkup } from './markup.ts';

export const LEGEND_HEIGHT = 26;

const WORDS: readonly (readonly [Path | 'line', string])[] = [
  ['request', 'requests from the Internet'],
  ['admin', 'administration'],
  ['outbound', 'outbound'],
  ['line', 'other'],
];

export function legendMarkup(scene: Scene, highlight: Path | undefined): readonly string[] {
  const y = scene.height + 10;
  let x = 14;
  const shown = WORDS.filter(([name]) =>
    name === 'line'
      ? scene.arrows.some(({ paths }) => paths.length === 0)
      : scene.arrows.some(({ paths }) => paths[0] === name || highlight === name),
  );
  const keys = shown.map(([name, words]) => {
    const line = `<path class="${name}"${attributes({ d: `M${x} ${y}h18` })}/>`;
    const text = `<text${attributes({ x: x + 23, y: y + 3.5 })}>${textMarkup(words)}</text>`;
    x += 23 + textWidth(words, FONT.line) + 16;
    return line + text;
  });
  const { cost, width } = scene;
  const bill =
    cost === undefined
      ? ''
      : `<text text-anchor="end"${attributes({ x: width - 14, y: y + 3.5 })}>${textMarkup(costText(cost))}</text>`;
  return [`<g class="legend">${keys.join('')}${bill}</g>`];
}

function costText({ usd, unknown, pricesSince }: NonNullable<Scene['cost']>): string {
  const lacking = unknown === 0 ? '' : ` + ${unknown} of unknown price`;
  const dated = pricesSince === null ? '' : `, prices of ${pricesSince}`;
  return `$${usd.toFixed(2)}/month${lacking}${dated}`;
}
