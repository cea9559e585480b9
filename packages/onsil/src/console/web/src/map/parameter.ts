/** What of the map the address says, so that it can be linked to. */
import { go, useRoute } from '../route.ts';

/** @returns the value, and what sets it; null: it is not in the address */
export function useParameter(name: string): readonly [string | null, (to: string | null) => void] {
  const route = useRoute();
  const set = (to: string | null) => {
    const next = new URL(route);
    if (to === null) next.searchParams.delete(name);
    else next.searchParams.set(name, to);
    go(next.pathname + next.search, { replace: true });
  };
  return [route.searchParams.get(name), set];
}
