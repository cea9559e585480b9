import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { DrillRequest, Live } from '../../../api.ts';
import { call, useAnswer } from '../api/call.ts';
import { useLive } from '../api/live.tsx';

const KEY = ['GET /api/drill', {}];

/** What is broken, asked anew when the lab says that something of it has changed; and what changes it. */
export function useDrill() {
  const queries = useQueryClient();
  const { live } = useLive();
  const state = useAnswer('GET /api/drill', {});
  const seen = live === undefined ? undefined : seenIn(live);
  useEffect(() => {
    if (seen !== undefined) void queries.invalidateQueries({ queryKey: KEY });
  }, [seen, queries]);
  const change = useMutation({
    /** @param request null: puts everything back */
    mutationFn: (request: DrillRequest | null) =>
      request === null
        ? call('POST /api/drill/restore', { body: {} })
        : call('POST /api/drill', { body: request }),
    onSuccess: async ({ offers, done, broken }) => {
      // What was asked before the change would come after it.
      await queries.cancelQueries({ queryKey: KEY });
      queries.setQueryData(KEY, { offers, done, broken });
    },
    // Some of it may have been put back.
    onError: () => queries.invalidateQueries({ queryKey: KEY }),
  });
  return { state, change };
}

/** All that the answer depends on. */
function seenIn({ drills, revision, machines, managed, site }: Live): string {
  const states = [...machines, ...managed].map(({ id, state }) => [id, state]);
  return JSON.stringify([drills, revision, states, site?.text]);
}
