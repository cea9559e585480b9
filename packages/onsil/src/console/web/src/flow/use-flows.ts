import { useEffect, useRef, useState } from 'react';
import type { Streams } from '../../../api.ts';
import { useStream } from '../api/stream.ts';
import { type Flows, NO_FLOWS, withEvent } from './rows.ts';

type Event = Streams['/api/flow']['event'];

/** So many events may come at once that each alone is not worth drawing. */
const DRAW_MS = 150;

export interface WatchedFlows {
  /** As it is shown: while paused, as it was then. */
  readonly flows: Flows;
  readonly isConnected: boolean;
  readonly isPaused: boolean;
  /** Connections that came while paused. */
  readonly since: number;
  pause(is: boolean): void;
}

/** Follows what the lab decides for as long as it is shown. */
export function useFlows(path: string): WatchedFlows {
  const [now, setNow] = useState<Flows>(NO_FLOWS);
  const [frozen, setFrozen] = useState<Flows>();
  const waiting = useRef<Event[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const isConnected = useStream<Event>(path, (event) => {
    waiting.current.push(event);
    timer.current ??= setTimeout(() => {
      const events = waiting.current;
      waiting.current = [];
      timer.current = undefined;
      setNow((flows) => events.reduce(withEvent, flows));
    }, DRAW_MS);
  });
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
  const total = (flows: Flows): number => flows.accepted + flows.rejected;
  return {
    flows: frozen ?? now,
    isConnected,
    isPaused: frozen !== undefined,
    since: frozen === undefined ? 0 : total(now) - total(frozen),
    pause: (is) => setFrozen(is ? now : undefined),
  };
}
