import { headPath, linePath } from '../../../../diagram/polyline.ts';
import type { Stray } from './live-map.ts';
import { between, endOf } from './polyline.ts';
import { useShared } from './shared.ts';
import { useMapText } from './text.ts';

/** For some seconds: packets between two that have no arrow. */
export function StrayLine({ stray }: { readonly stray: Stray }) {
  const text = useMapText().live;
  const { ends } = useShared();
  const { from, to, accepted, rejected } = stray;
  const [source, target] = [ends.node(from), ends.node(to)];
  if (source === undefined || target === undefined) return null;
  const points = between(source, target);
  const middle = endOf(points);
  const isRejected = rejected > 0;
  const label = isRejected ? text.stray(from, to) : text.odd(from, to);
  const image = { role: 'img', 'aria-label': label };
  return (
    <g className={isRejected ? 'stray' : 'stray stray-odd'} {...image}>
      <path className="stray-line" d={linePath(points)} />
      <path className="stray-head" d={headPath(points)} />
      <text className="count" x={middle.x} y={middle.y - 6}>
        {isRejected ? text.crossed(rejected) : accepted}
      </text>
    </g>
  );
}
