/** The lab, second by second, for all views at once. */
import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import type { Live } from '../../../api.ts';
import { openStream } from './stream.ts';

interface LiveState {
  /** The last second; undefined before the first one. */
  readonly live: Live | undefined;
  /** False while the server does not answer: what is shown is old. */
  readonly isConnected: boolean;
}

const LiveContext = createContext<LiveState>({ live: undefined, isConnected: true });

export const useLive = (): LiveState => useContext(LiveContext);

export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const [live, setLive] = useState<Live>();
  const [isConnected, setConnected] = useState(true);
  const queries = useQueryClient();
  const revision = live?.revision;
  useEffect(() => {
    if (revision === undefined) return;
    // What came with the page may be of this revision already, and then it says so.
    void queries.invalidateQueries({
      predicate: ({ state: { data } }) => Object(data).revision !== revision,
    });
  }, [revision, queries]);
  useEffect(() => {
    let close: (() => void) | undefined;
    const follow = () => {
      close?.();
      close = undefined;
      // Nobody looks: then the lab need not be sampled.
      if (document.hidden) return;
      close = openStream<Live>('/api/live', { event: setLive, isConnected: setConnected });
    };
    follow();
    document.addEventListener('visibilitychange', follow);
    return () => {
      document.removeEventListener('visibilitychange', follow);
      close?.();
    };
  }, []);
  return <LiveContext value={{ live, isConnected }}>{children}</LiveContext>;
}
