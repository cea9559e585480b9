/** How an arrow's services are written beside it: as in the SVG. */
import { labelLines } from '../../../../diagram/layout/sizes.ts';
import type { SceneArrow } from '../../../../diagram/scene.ts';
import { endOf } from './polyline.ts';

const LINE = 13;

export interface Label {
  readonly lines: readonly { readonly text: string; readonly x: number; readonly y: number }[];
  /** Where the packets' number stands. */
  readonly count: { readonly x: number; readonly y: number };
}

export function labelOf({ label, services, points }: SceneArrow): Label {
  if (label === null) return { lines: [], count: endOf(points) };
  const { x, y } = label;
  const lines = labelLines(services);
  // One is above the line; the second of two is below it.
  const first = lines.length === 1 ? y : y - LINE / 2;
  return {
    lines: lines.map((text, index) => ({ text, x, y: first + index * LINE })),
    count: { x, y: first + lines.length * LINE },
  };
}
