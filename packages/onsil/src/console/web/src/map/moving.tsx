/** Moving and zooming the picture by keys and buttons. */
import { useReactFlow, useStore } from '@xyflow/react';
import { type FocusEvent, type KeyboardEvent, type ReactNode, useRef } from 'react';
import { useMapText } from './text.ts';

const STEP = 60;
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ...{ ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] },
};
/** So far from the edge what has the focus is to stand. */
const MARGIN = 24;

/** The frame has keys of its own. */
const STOP = { tabIndex: 0 };

export function Keys({ children }: { readonly children: ReactNode }) {
  const text = useMapText().picture;
  const flow = useReactFlow();
  const frame = useRef<HTMLElement>(null);
  const shift = (dx: number, dy: number) => {
    const { x, y, zoom } = flow.getViewport();
    void flow.setViewport({ x: x + dx, y: y + dy, zoom });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = event.target === frame.current ? ARROWS[event.key] : undefined;
    if (step !== undefined) shift(step[0] * STEP, step[1] * STEP);
    else if (event.key === '+' || event.key === '=') void flow.zoomIn();
    else if (event.key === '-') void flow.zoomOut();
    else if (event.key === '0') void flow.fitView();
    else return;
    event.preventDefault();
  };
  /** What the focus comes to is moved into view. */
  const onFocus = ({ target }: FocusEvent) => {
    const outer = frame.current?.getBoundingClientRect();
    if (outer === undefined || target === frame.current || !target.closest('.react-flow__node')) {
      return;
    }
    const inner = target.getBoundingClientRect();
    const into = (low: number, high: number, least: number, most: number): number =>
      low < least + MARGIN
        ? least + MARGIN - low
        : high > most - MARGIN
          ? Math.max(most - MARGIN - high, least + MARGIN - low)
          : 0;
    const dx = into(inner.left, inner.right, outer.left, outer.right);
    const dy = into(inner.top, inner.bottom, outer.top, outer.bottom);
    if (dx !== 0 || dy !== 0) shift(dx, dy);
  };
  return (
    <section
      ref={frame}
      className="picture-place"
      aria-label={text.region}
      {...STOP}
      onKeyDown={onKeyDown}
      onFocus={onFocus}
    >
      {children}
    </section>
  );
}

export function Zoom() {
  const text = useMapText().picture;
  const flow = useReactFlow();
  const isFar = useStore(({ transform, minZoom }) => transform[2] <= minZoom);
  const isNear = useStore(({ transform, maxZoom }) => transform[2] >= maxZoom);
  return (
    <fieldset className="zoom">
      <legend className="hidden">{text.zoom}</legend>
      <button
        type="button"
        title={text.in}
        aria-label={text.in}
        disabled={isNear}
        onClick={() => void flow.zoomIn()}
      >
        +
      </button>
      <button
        type="button"
        title={text.out}
        aria-label={text.out}
        disabled={isFar}
        onClick={() => void flow.zoomOut()}
      >
        −
      </button>
      <button
        type="button"
        title={text.fit}
        aria-label={text.fit}
        onClick={() => void flow.fitView()}
      >
        <svg viewBox="0 0 12 12" aria-hidden="true">
          <path d="M1 4V1h3M8 1h3v3M11 8v3H8M4 11H1V8" />
        </svg>
      </button>
    </fieldset>
  );
}
