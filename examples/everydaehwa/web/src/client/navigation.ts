import { useSyncExternalStore } from 'react';
import type { Page } from '../pages.ts';

/** Goes to another page of the site without loading it anew; the back button works as ever. */
export function navigate(page: Page): void {
  history.pushState(null, '', page);
  dispatchEvent(new PopStateEvent('popstate'));
}

export function usePath(): string {
  return useSyncExternalStore(subscribe, () => location.pathname);
}

function subscribe(changed: () => void): () => void {
  addEventListener('popstate', changed);
  return () => removeEventListener('popstate', changed);
}
