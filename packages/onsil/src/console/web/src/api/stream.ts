/** Server-Sent Events, one JSON value each. */
import { useEffect, useRef, useState } from 'react';
import type { Failure } from '../../../api.ts';

interface Listener<Event> {
  readonly event: (event: Event) => void;
  readonly isConnected?: (is: boolean) => void;
  /** The server does not open it, for this reason; the browser does not ask again. */
  readonly refused?: (message: string) => void;
}

/** The browser opens it again when it breaks. @returns what closes it */
export function openStream<Event>(path: string, listener: Listener<Event>): () => void {
  const source = new EventSource(path);
  const closing = new AbortController();
  source.onopen = () => listener.isConnected?.(true);
  source.onerror = () => {
    listener.isConnected?.(false);
    if (source.readyState !== EventSource.CLOSED || listener.refused === undefined) return;
    const { refused } = listener;
    void reasonOf(path, closing.signal).then((reason) => {
      if (!closing.signal.aborted) refused(reason);
    });
  };
  source.onmessage = ({ data }: MessageEvent<string>) => listener.event(JSON.parse(data));
  return () => {
    source.close();
    closing.abort();
  };
}

/** What the server says: an EventSource does not tell. Empty where it would open it by now. */
async function reasonOf(path: string, signal: AbortSignal): Promise<string> {
  const reading = new AbortController();
  try {
    const response = await fetch(path, { signal: AbortSignal.any([signal, reading.signal]) });
    if (response.ok) return '';
    const { message }: Failure = await response.json();
    return message;
  } catch {
    return '';
  } finally {
    reading.abort();
  }
}

/** Follows a stream while it is shown; null: none. @returns whether the server answers */
export function useStream<Event>(path: string | null, tell: (event: Event) => void): boolean {
  const [isConnected, setConnected] = useState(true);
  const latest = useRef(tell);
  useEffect(() => {
    latest.current = tell;
  });
  useEffect(() => {
    if (path === null) return;
    return openStream<Event>(path, {
      event: (event) => latest.current(event),
      isConnected: setConnected,
    });
  }, [path]);
  return isConnected;
}
