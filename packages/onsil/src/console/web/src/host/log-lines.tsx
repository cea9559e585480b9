/** The lines themselves, the newest at the bottom. */
import { memo, type UIEvent, useLayoutEffect, useRef } from 'react';
import type { LogLine } from '../../../api.ts';
import { useText } from '../text.tsx';
import { colourOf } from './hosts.ts';
import { isFollowing, keyOf } from './log-state.ts';
import { TEXT } from './text.ts';
import { useLogs } from './use-logs.ts';

/** So far from the end one still is there. */
const END_PX = 16;

const SCROLLED_BY_KEYS = { tabIndex: 0, role: 'region' };

interface Shown {
  readonly hosts: readonly string[];
  readonly names: readonly string[];
  readonly match: string;
  /** What there is to say where no line is. */
  readonly nothing: string;
  readonly note: string;
}

export function LogLines({ hosts, names, match, nothing, note }: Shown) {
  const text = useText(TEXT).logs;
  const { state, tell, isConnected } = useLogs(hosts, match);
  const { lines, held, end } = state;
  const follows = isFollowing(state);
  const box = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const { current } = box;
    if (!follows || lines.length === 0 || current === null) return;
    const toEnd = () => {
      current.scrollTop = current.scrollHeight;
    };
    toEnd();
    const sized = new ResizeObserver(toEnd);
    sized.observe(current);
    return () => sized.disconnect();
  }, [lines, follows]);
  const scrolled = ({ currentTarget }: UIEvent) => {
    const { scrollHeight, scrollTop, clientHeight } = currentTarget;
    tell({ kind: 'scrolled', isAtEnd: scrollHeight - scrollTop - clientHeight < END_PX });
  };
  return (
    <>
      <section
        className="log-lines"
        ref={box}
        aria-label={text.label}
        {...SCROLLED_BY_KEYS}
        onScroll={scrolled}
      >
        {lines.length === 0 && <p className="dim">{nothing}</p>}
        <ol>
          {lines.map((line) => (
            <Line key={keyOf(line)} line={line} colour={colourOf(names, line.host)} />
          ))}
        </ol>
      </section>
      <div className="log-foot">
        <button type="button" onClick={() => tell({ kind: follows ? 'pause' : 'follow' })}>
          {follows ? text.pause : text.follow(held.length)}
        </button>
        <p aria-live="polite" className="dim">
          {[end ?? (isConnected ? '' : text.lost), note].join(' ').trim()}
        </p>
      </div>
    </>
  );
}

const Line = memo(function Line({
  line,
  colour,
}: {
  readonly line: LogLine;
  readonly colour: number;
}) {
  const text = useText(TEXT).logs;
  const { host, at, unit, priority } = line;
  const time = new Date(at);
  return (
    <li className={`log-line priority-${priority}`}>
      <time dateTime={time.toISOString()}>{time.toLocaleTimeString('en-GB')}</time>
      <span className={`host-mark host-${colour}`}>{host}</span>
      <span className="unit">{unit}</span>
      <span className="priority">{text.priorities[priority]}</span>
      <span className="said">{line.text}</span>
    </li>
  );
});
