import { type KeyboardEvent, memo, useState } from 'react';
import type { Point, SceneArrow } from '../../../../diagram/scene.ts';
import { useCell } from './cells.ts';
import { labelOf } from './labels.ts';
import { useLit } from './lit.ts';
import { headPath, linePath } from './polyline.ts';
import { useShared } from './shared.ts';
import { StrayLine } from './stray.tsx';
import { useMapText } from './text.ts';

const STEPS: Readonly<Record<string, number>> = {
  ...{ ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 },
};

const GROUP = { role: 'group' };

/** All arrows are one stop of the Tab key; its arrow keys go from one to the next. */
export const ArrowLayer = memo(function ArrowLayer() {
  const text = useMapText().picture;
  const { scene, live } = useShared();
  const [current, setCurrent] = useState(0);
  const strays = useCell(live.strays, '');
  const onKeyDown = (event: KeyboardEvent<SVGSVGElement>) => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = (current + step + scene.arrows.length) % scene.arrows.length;
    setCurrent(next);
    const all = event.currentTarget.querySelectorAll<SVGGElement>('.arrow');
    all[next]?.focus();
  };
  return (
    <svg
      className="arrow-layer"
      width={scene.width}
      height={scene.height}
      {...GROUP}
      aria-label={text.arrows}
      onKeyDown={onKeyDown}
    >
      {scene.arrows.map((arrow, index) => (
        <Arrow key={arrow.id} arrow={arrow} isStop={index === current} />
      ))}
      {strays.map((stray) => (
        <StrayLine key={`${stray.from} ${stray.to}`} stray={stray} />
      ))}
    </svg>
  );
});

const Arrow = memo(function Arrow({
  arrow,
  isStop,
}: {
  readonly arrow: SceneArrow;
  readonly isStop: boolean;
}) {
  const text = useMapText();
  const { ends, live, lit, choose } = useShared();
  const { id, fromId, toId, services, points, paths } = arrow;
  const { accepted, rejected } = useCell(live.arrows, id);
  const isLit = useLit(lit, id);
  const open = () => choose({ kind: 'arrow', id });
  const point = () => lit.arrow(id, fromId, toId);
  const leave = () => lit.none();
  const handlers = {
    ...{ role: 'button', onClick: open },
    ...{ onFocus: point, onBlur: leave, onMouseEnter: point, onMouseLeave: leave },
    onKeyDown: ({ key }: KeyboardEvent) => {
      if (key === 'Enter' || key === ' ') open();
    },
  };
  const line = linePath(points);
  const names = [ends.titleOf(fromId), ends.titleOf(toId)].join(' → ');
  const counts = [
    ...(accepted > 0 ? [text.live.accepted(accepted)] : []),
    ...(rejected > 0 ? [text.live.rejected(rejected)] : []),
  ];
  const classes = ['arrow', ...paths.map((path) => `on-${path}`), ...(isLit ? ['lit'] : [])];
  const { lines, count } = labelOf(arrow);
  return (
    <g
      className={classes.join(' ')}
      data-id={id}
      data-accepted={accepted > 0 ? '' : undefined}
      data-rejected={rejected > 0 ? '' : undefined}
      tabIndex={isStop ? 0 : -1}
      aria-label={[names, services, ...counts].join(', ')}
      {...handlers}
    >
      <path className="arrow-hit" d={line} />
      <path className="arrow-glow" d={line} />
      <path className="arrow-line" d={line} />
      <path className="arrow-head" d={headPath(points)} />
      {lines.map((each) => (
        <text key={each.y} className="arrow-label" x={each.x} y={each.y}>
          {each.text}
        </text>
      ))}
      <Arrivals id={id} at={count} />
    </g>
  );
});

/** Packets of this second that arrive here, by all lines that end here. */
function Arrivals({ id, at }: { readonly id: string; readonly at: Point }) {
  const text = useMapText().live;
  const { live } = useShared();
  const { accepted, rejected } = useCell(live.heads, id);
  if (accepted + rejected === 0) return null;
  return (
    <text className="arrow-count" x={at.x} y={at.y}>
      {accepted > 0 && <tspan className="good">{text.accepted(accepted)}</tspan>}
      {rejected > 0 && <tspan className="bad"> {text.rejected(rejected)}</tspan>}
    </text>
  );
}
