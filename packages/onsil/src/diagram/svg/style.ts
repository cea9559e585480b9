/** The style sheet of a picture: colours are variables, so that light and dark share all the rest. */
import { FONT } from '../layout/sizes.ts';
import { BOXES, PALETTES, pillColours, type Theme } from '../palette.ts';
import type { Scene } from '../scene.ts';

/** Of the widths that the layout counts on. */
const FONTS = "Arial,Helvetica,'Liberation Sans','Noto Sans KR','Noto Sans CJK KR',sans-serif";

export function styleText(scene: Scene, theme: Theme | 'auto'): string {
  const fixed = theme === 'auto' ? 'light' : theme;
  const other =
    theme === 'auto' ? [`@media(prefers-color-scheme:dark){svg{${variables(scene, 'dark')}}}`] : [];
  return [`svg{${variables(scene, fixed)}font-family:${FONTS}}`, ...other, ...RULES].join('\n');
}

function variables(scene: Scene, theme: Theme): string {
  const colours = Object.entries(PALETTES[theme]).map(([name, value]) => [name, value]);
  const boxes = Object.entries(BOXES).flatMap(([kind, { text, fill }]) => [
    [`${kind}-text`, text[theme]],
    [`${kind}-fill`, fill[theme]],
  ]);
  const pills = scene.groups.flatMap(({ colour }) => {
    const [text, ground] = pillColours(theme, colour);
    return [
      [`pill-${colour}`, ground],
      [`pill-${colour}-text`, text],
    ];
  });
  return [...colours, ...boxes, ...pills].map(([name, value]) => `--o-${name}:${value};`).join('');
}

const BOX_RULES = Object.entries(BOXES).flatMap(([kind, { border }]) => [
  `.${kind}>rect{fill:var(--o-${kind}-fill);stroke:${border}}`,
  `.${kind}>text{fill:var(--o-${kind}-text)}`,
]);

const LINE_RULES = ['line', 'request', 'admin', 'outbound'].flatMap((name) => [
  `.${name}{color:var(--o-${name})}`,
]);

const RULES = [
  '.ground{fill:var(--o-ground)}',
  `.box>text{font-size:${FONT.line + 0.5}px;font-weight:600}`,
  '.dashed>rect{stroke-dasharray:5 3}',
  ...BOX_RULES,
  ...LINE_RULES,
  '.lines path{stroke:currentColor;stroke-width:1.4;fill:none}',
  '.branches path{fill:currentColor}',
  `.branches text{font-size:${FONT.label}px;fill:currentColor;font-weight:600}`,
  `.legend text{font-size:${FONT.line}px;fill:var(--o-dim)}`,
  '.legend path{stroke:currentColor;stroke-width:2}',
  '.node>rect{fill:var(--o-card);stroke:var(--o-border)}',
  '.node,.legend{color:var(--o-text)}',
  `.node text{font-size:${FONT.line}px;fill:var(--o-dim)}`,
  `.node text.title{font-size:${FONT.title}px;font-weight:600;fill:var(--o-text)}`,
  '.node text.price{fill:var(--o-text)}',
  `.node .pill text{font-size:${FONT.pill}px;fill:currentColor}`,
  '.faint{opacity:.22}',
];
