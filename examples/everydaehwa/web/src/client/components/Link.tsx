import type { MouseEvent } from 'react';
import type { Page } from '../../pages.ts';
import { navigate } from '../navigation.ts';

export function Link({ to, children }: { readonly to: Page; readonly children: string }) {
  const follow = (event: MouseEvent) => {
    // With a key held, the browser opens a new tab or window: leave that to it.
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(to);
  };
  return (
    <a href={to} onClick={follow}>
      {children}
    </a>
  );
}
