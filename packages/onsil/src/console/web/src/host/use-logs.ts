import { useEffect, useReducer, useState, useSyncExternalStore } from 'react';
import type { LogLine, StreamEnd } from '../../../api.ts';
import { openStream } from '../api/stream.ts';
import { NO_LINES, next } from './log-state.ts';

/** What is seen at once, of all hosts together; with a text, all that may be looked through. */
const FIRST_LINES = 300;
const MOST_LINES = 1000;
/** Lines come one by one, and are shown together. */
const GATHER_MS = 100;
const RETRY_MS = 2000;

/** A browser has six connections to a server: a page that nobody looks at leaves its own to others. */
const onVisibility = (tell: () => void): (() => void) => {
  document.addEventListener('visibilitychange', tell);
  return () => document.removeEventListener('visibilitychange', tell);
};

/** Journals of hosts as they come; of no host: nothing is read. */
export function useLogs(hosts: readonly string[], match: string) {
  const [state, tell] = useReducer(next, NO_LINES);
  const [isConnected, setConnected] = useState(true);
  const lines = match === '' ? Math.ceil(FIRST_LINES / Math.max(1, hosts.length)) : MOST_LINES;
  const query = new URLSearchParams({ hosts: hosts.join(','), lines: String(lines), match });
  const isHidden = useSyncExternalStore(onVisibility, () => document.hidden);
  const path = hosts.length === 0 || isHidden ? null : `/api/logs?${query}`;
  useEffect(() => {
    if (path === null) return;
    let gathered: LogLine[] = [];
    let close = () => {};
    let showing: ReturnType<typeof setTimeout> | undefined;
    let retry: ReturnType<typeof setTimeout> | undefined;
    const show = () => {
      showing = undefined;
      tell({ kind: 'came', lines: gathered });
      gathered = [];
    };
    const open = () => {
      close = openStream<LogLine | StreamEnd>(path, {
        event: (event) => {
          if ('end' in event) {
            tell({ kind: 'ended', reason: event.end });
            return;
          }
          gathered.push(event);
          showing ??= setTimeout(show, GATHER_MS);
        },
        isConnected: setConnected,
        refused: (reason) => {
          tell({ kind: 'ended', reason });
          retry = setTimeout(open, RETRY_MS);
        },
      });
    };
    open();
    return () => {
      close();
      clearTimeout(showing);
      clearTimeout(retry);
    };
  }, [path]);
  return { state, tell, isConnected: isConnected || path === null };
}
