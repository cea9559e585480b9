/** Server-Sent Events, one JSON value each. */
import { useEffect, useRef, useState } from 'react';

interface Listener<Event> {
  readonly event: (event: Event) => void;
  readonly isConnected?: (is: boolean) => void;
}

/** The browser opens it again when it breaks. @returns what closes it */
export function openStream<Event>(path: string, listener: Listener<Event>): () => void {
  const source = new EventSource(path);
  source.onopen = () => listener.isConnected?.(true);
  source.onerror = () => listener.isConnected?.(false);
  source.onmessage = ({ data }: MessageEvent<string>) => listener.event(JSON.parse(data));
  return () => source.close();
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
