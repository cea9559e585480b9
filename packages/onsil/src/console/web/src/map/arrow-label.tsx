import { memo } from 'react';
import type { SceneArrow } from '../../../../diagram/scene.ts';
import { useCell } from './cells.ts';
import { labelOf } from './labels.ts';
import { labelKey, useLit } from './lit.ts';
import { useShared } from './shared.ts';
import { useMapText } from './text.ts';

/** The arrows themselves say it to screen readers. */
const MUTE = { 'aria-hidden': true };

/** What is written where lines arrive: services, and packets of this second by all of them. */
export const ArrowLabel = memo(function ArrowLabel({ arrow }: { readonly arrow: SceneArrow }) {
  const text = useMapText().live;
  const { ends, live, lit } = useShared();
  const { accepted, rejected } = useCell(live.heads, arrow.id);
  const isLit = useLit(lit, labelKey(arrow.id));
  const { lines, count } = labelOf(arrow);
  const paths = new Set(ends.arriving(arrow.id).flatMap((each) => each.paths));
  const classes = ['label', ...[...paths].map((path) => `on-${path}`), ...(isLit ? ['lit'] : [])];
  const counts =
    accepted + rejected === 0 ? null : (
      <tspan className="count">
        {accepted > 0 && <tspan className="good"> {text.accepted(accepted)}</tspan>}
        {rejected > 0 && <tspan className="bad"> {text.crossed(rejected)}</tspan>}
      </tspan>
    );
  return (
    <g className={classes.join(' ')} {...MUTE}>
      {lines.map((each) => (
        <text key={each.y} x={each.x} y={each.y}>
          {each.text}
          {each === lines[1] && counts}
        </text>
      ))}
      {lines.length < 2 && counts !== null && (
        <text x={count.x} y={count.y}>
          {counts}
        </text>
      )}
    </g>
  );
});
