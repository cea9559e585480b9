/** Colours, light and dark: AWS's own for what is AWS's, so that it is known at a glance. */
import type { Path, SceneBox } from './scene.ts';

export type Theme = 'light' | 'dark';

/** Names of colours, each a CSS variable `--o-NAME` of the picture. */
export interface Palette {
  readonly ground: string;
  readonly text: string;
  readonly dim: string;
  readonly card: string;
  readonly border: string;
  readonly line: string;
  readonly request: string;
  readonly admin: string;
  readonly outbound: string;
}

export const PALETTES: Readonly<Record<Theme, Palette>> = {
  light: {
    ...{ ground: '#ffffff', text: '#16191f', dim: '#545b64', card: '#ffffff', border: '#c3c9d1' },
    ...{ line: '#7d8998', request: '#15692f', admin: '#b3261e', outbound: '#1b5fb8' },
  },
  dark: {
    ...{ ground: '#0f1319', text: '#e9edf2', dim: '#a5b0bd', card: '#1b222c', border: '#445061' },
    ...{ line: '#8592a3', request: '#6ddb92', admin: '#ff9d94', outbound: '#82b8ff' },
  },
};

interface BoxColours {
  readonly border: string;
  /** Of the title, on the fill. */
  readonly text: Readonly<Record<Theme, string>>;
  readonly fill: Readonly<Record<Theme, string>>;
  readonly dashed?: true;
}

/** https://aws.amazon.com/architecture/icons/: groups and their borders. */
export const BOXES: Readonly<Record<SceneBox['kind'], BoxColours>> = {
  region: {
    ...{ border: '#00a4a6', dashed: true, text: { light: '#006d6f', dark: '#5fd3d4' } },
    fill: { light: 'none', dark: 'none' },
  },
  vpc: {
    ...{ border: '#8c4fff', text: { light: '#6a2fd8', dark: '#c0a1ff' } },
    fill: { light: 'none', dark: 'none' },
  },
  zone: {
    ...{ border: '#147eba', dashed: true, text: { light: '#0f6391', dark: '#7cc5ee' } },
    fill: { light: 'none', dark: 'none' },
  },
  'public-subnet': {
    ...{ border: '#7aa116', text: { light: '#4c650d', dark: '#b5d45f' } },
    fill: { light: '#f2f6e8', dark: '#1a2210' },
  },
  'private-subnet': {
    ...{ border: '#00a4a6', text: { light: '#006d6f', dark: '#5fd3d4' } },
    fill: { light: '#e6f6f7', dark: '#0c2122' },
  },
};

/** Of pills, by a group's number: text on a ground of its own; readable on either theme. */
const PILLS: readonly Readonly<Record<Theme, readonly [text: string, ground: string]>>[] = [
  { light: ['#7a2e00', '#fde3d0'], dark: ['#ffc79e', '#4a2610'] },
  { light: ['#0b4f8a', '#d9ebfb'], dark: ['#a9d5ff', '#12344f'] },
  { light: ['#5b2a86', '#ecdffa'], dark: ['#dabdff', '#38214f'] },
  { light: ['#17623a', '#d7f1e1'], dark: ['#9be8b8', '#123c25'] },
  { light: ['#86104f', '#fbdcea'], dark: ['#ffb3d6', '#4c1430'] },
  { light: ['#6a5200', '#f8ecbf'], dark: ['#f2d878', '#40330a'] },
  { light: ['#075a5c', '#d2efef'], dark: ['#92e2e3', '#0d3a3b'] },
  { light: ['#44484f', '#e4e6ea'], dark: ['#cfd5dd', '#353c46'] },
];

export function pillColours(theme: Theme, colour: number): readonly [text: string, ground: string] {
  const pill = PILLS[colour % PILLS.length] ?? PILLS[0];
  if (pill === undefined) throw new Error('There are no colours of pills.');
  return pill[theme];
}

/** What a line is drawn in: the first of its paths, or none. */
export const lineColour = (paths: readonly Path[]): Path | 'line' => paths[0] ?? 'line';
