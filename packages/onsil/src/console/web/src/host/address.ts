/** What the address says of this view beyond its path: which logs, which text. */
import { useEffect, useState } from 'react';
import { setParameter, useRoute } from '../route.ts';

/** After the last key, before the server is asked. */
const SETTLED_MS = 300;

/** The hosts whose logs are read: `?log=api-1&log=web`, none of them: `?log=`. */
export function useChosen(usual: readonly string[]) {
  const given = useRoute().searchParams.getAll('log');
  const chosen = given.length === 0 ? usual : given.filter((name) => name !== '');
  const choose = (names: readonly string[]) => {
    const isUsual = names.length === usual.length && names.every((name) => usual.includes(name));
    setParameter('log', isUsual ? [] : names.length === 0 ? [''] : names);
  };
  return [chosen, choose] as const;
}

/** The text that lines must have: what is typed, and what of it has settled in the address. */
export function useMatch() {
  const settled = useRoute().searchParams.get('match') ?? '';
  const [draft, setDraft] = useState<string | null>(null);
  useEffect(() => {
    if (draft === null) return;
    const timer = setTimeout(() => {
      setParameter('match', draft === '' ? [] : [draft]);
      setDraft(null);
    }, SETTLED_MS);
    return () => clearTimeout(timer);
  }, [draft]);
  return { typed: draft ?? settled, settled, type: setDraft };
}
