/** Which view is shown: the address bar says it, so that back, reload and links work. */
import { useSyncExternalStore } from 'react';

const subscribe = (tell: () => void): (() => void) => {
  addEventListener('popstate', tell);
  return () => removeEventListener('popstate', tell);
};

const now = (): string => location.pathname + location.search;

/** The path and query that are shown now. */
export function useRoute(): URL {
  return new URL(useSyncExternalStore(subscribe, now), location.origin);
}

/** Shows another view; `replace` where going back should not lead here again. */
export function go(path: string, { replace = false } = {}): void {
  if (path === now()) return;
  if (replace) history.replaceState(null, '', path);
  else history.pushState(null, '', path);
  dispatchEvent(new PopStateEvent('popstate'));
}

/** What else the address says of a view, so that it can be linked to; nothing takes it out. */
export function setParameter(name: string, values: readonly string[]): void {
  const url = new URL(location.href);
  url.searchParams.delete(name);
  for (const value of values) url.searchParams.append(name, value);
  go(url.pathname + url.search, { replace: true });
}

export const hostPath = (name: string): string => `/hosts/${encodeURIComponent(name)}`;

export function askPath(question: {
  readonly from: string;
  readonly to: string;
  readonly port?: number | 'ping' | undefined;
  readonly protocol?: 'tcp' | 'udp' | undefined;
  readonly family?: 'ipv6' | undefined;
}): string {
  const words = Object.entries(question)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [key, String(value)]);
  return `/ask?${new URLSearchParams(words)}`;
}
