import { useCallback, useRef, useSyncExternalStore } from 'react';
import { type StateName, useStateText } from '../kit/state-word.tsx';
import { countStates } from './live-map.ts';
import { useShared } from './shared.ts';

/** How many of equal machines are in which state. */
export function FoldedStates({ of }: { readonly of: readonly string[] }) {
  const { live } = useShared();
  const watch = useCallback(
    (tell: () => void) => {
      const ends = of.map((name) => live.machines.watch(name, tell));
      return () => {
        for (const end of ends) end();
      };
    },
    [of, live],
  );
  const last = useRef<ReturnType<typeof countStates>>([]);
  const counts = useSyncExternalStore(watch, () => {
    const now = countStates(of.map((name) => live.machines.get(name)));
    // Equal counts are the same object, else it would be drawn for ever.
    if (JSON.stringify(now) !== JSON.stringify(last.current)) last.current = now;
    return last.current;
  });
  return counts.map(([name, count]) => <Count key={name} name={name} count={count} />);
}

function Count({ name, count }: { readonly name: StateName; readonly count: number }) {
  return (
    <span className={`state state-${name}`}>
      {count} {useStateText(name)}
    </span>
  );
}
