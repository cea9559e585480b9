import { useEffect, useState } from 'react';
import { useLive } from '../api/live.tsx';

/** By the id of a group's rule: packets that it took since this is shown. */
export function useRuleCounts(): ReadonlyMap<string, number> {
  const { live } = useLive();
  const [counts, setCounts] = useState<ReadonlyMap<string, number>>(new Map());
  useEffect(() => {
    const taken = (live?.rules ?? []).filter(({ ruleId }) => ruleId !== undefined);
    if (taken.length === 0) return;
    setCounts((before) => {
      const sums = new Map(before);
      for (const { ruleId = '', packets } of taken) {
        sums.set(ruleId, (sums.get(ruleId) ?? 0) + packets);
      }
      return sums;
    });
  }, [live]);
  return counts;
}
