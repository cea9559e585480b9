import { type KeyboardEvent, memo, useDeferredValue, useState } from 'react';
import { headPath, linePath } from '../../../../diagram/polyline.ts';
import type { SceneArrow } from '../../../../diagram/scene.ts';
import { ArrowLabel } from './arrow-label.tsx';
import { useCell } from './cells.ts';
import { useLit } from './lit.ts';

import { useShared } from './shared.ts';
import { StrayLine } from './stray.tsx';
import { useMapText } from './text.ts';

const STEPS: Readonly<Record<string, number>> = {
  ...{ ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 },
};

const NONE: readonly SceneArrow[] = [];
const GROUP = { role: 'group' };

/** All arrows are one stop of the Tab key; its arrow keys go from one to the next. */
export const ArrowLayer = memo(function ArrowLayer() {
  const text = useMapText().picture;
  const { scene, ends, live } = useShared();
  const [current, setCurrent] = useState(0);
  // The nodes are there first: with hundreds of arrows that is to be seen.
  const arrows = useDeferredValue(scene.arrows, NONE);
  const strays = useCell(live.strays, '');
  const onKeyDown = (event: KeyboardEvent<SVGSVGElement>) => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = (current + step + arrows.length) % arrows.length;
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
      {arrows.map((arrow, index) => (
        <Arrow key={arrow.id} arrow={arrow} isStop={index === current} />
      ))}
      {arrows.map((arrow) => (
        <ArrowTop key={arrow.id} arrow={arrow} />
      ))}
      {arrows
        .filter(({ id }) => ends.headOf(id) === id)
        .map((arrow) => (
          <ArrowLabel key={arrow.id} arrow={arrow} />
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
  const point = () => lit.arrow(arrow, ends);
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
      <path className="arrow-line" d={line} />
      <path className="arrow-head" d={headPath(points)} />
    </g>
  );
});

/** What happens on an arrow, or stands out, is drawn over all others: lines share their ways. */
const ArrowTop = memo(function ArrowTop({ arrow }: { readonly arrow: SceneArrow }) {
  const { live, lit } = useShared();
  const { accepted, rejected } = useCell(live.arrows, arrow.id);
  const isLit = useLit(lit, arrow.id);
  if (!isLit && accepted + rejected === 0) return null;
  const kind = accepted > 0 ? 'busy' : rejected > 0 ? 'rejected' : 'idle';
  const line = linePath(arrow.points);
  const paths = arrow.paths.map((path) => `on-${path}`).join(' ');
  return (
    <g className={`top top-${kind} ${paths} ${isLit ? 'lit' : ''}`}>
      {accepted > 0 && <path className="glow" d={line} />}
      <path className="arrow-line" d={line} />
      <path className="arrow-head" d={headPath(arrow.points)} />
    </g>
  );
});
