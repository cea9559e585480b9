/** The picture's colours, the same as in its SVG; each for light and dark. */
import type { CSSProperties } from 'react';
import { BOXES, pillColours } from '../../../../diagram/palette.ts';
import type { SceneBox } from '../../../../diagram/scene.ts';

const either = ({ light, dark }: { readonly light: string; readonly dark: string }): string =>
  light === 'none' && dark === 'none' ? 'transparent' : `light-dark(${light}, ${dark})`;

export function boxStyle(kind: SceneBox['kind']): CSSProperties {
  const { border, text, fill, dashed } = BOXES[kind];
  return {
    ...{ borderColor: border, color: either(text), background: either(fill) },
    borderStyle: dashed === true ? 'dashed' : 'solid',
  };
}

/** Of a security group's name. */
export function pillStyle(colour: number): CSSProperties {
  const [[text, ground], [darkText, darkGround]] = [
    pillColours('light', colour),
    pillColours('dark', colour),
  ];
  return {
    color: either({ light: text, dark: darkText }),
    background: either({ light: ground, dark: darkGround }),
  };
}
