/** How an arrow's services are written beside it, and where the packets' number stands. */
import { labelPlaces } from '../../../../diagram/layout/sizes.ts';
import type { Point, SceneArrow } from '../../../../diagram/scene.ts';
import { endOf } from './polyline.ts';

export interface Label {
  readonly lines: ReturnType<typeof labelPlaces>;
  readonly count: Point;
}

const BELOW = 13;

export function labelOf({ label, services, points }: SceneArrow): Label {
  if (label === null) return { lines: [], count: endOf(points) };
  const lines = labelPlaces(services, label);
  return { lines, count: { x: label.x, y: (lines.at(-1)?.y ?? label.y) + BELOW } };
}
