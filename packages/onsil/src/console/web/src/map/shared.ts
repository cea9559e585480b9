/** What all parts of one map have in common. */
import { createContext, useContext } from 'react';
import type { Picture } from '../../../api.ts';
import type { Ends } from './ends.ts';
import type { Lit } from './lit.ts';
import type { LiveMap } from './live-map.ts';

export type Chosen =
  | { readonly kind: 'arrow'; readonly id: string }
  | { readonly kind: 'node'; readonly id: string };

export interface Shared {
  readonly scene: Picture;
  readonly ends: Ends;
  readonly live: LiveMap;
  readonly lit: Lit;
  /** Opens the panel about it. */
  readonly choose: (chosen: Chosen) => void;
}

const SharedContext = createContext<Shared | null>(null);
export const SharedProvider = SharedContext.Provider;

export function useShared(): Shared {
  const shared = useContext(SharedContext);
  if (shared === null) throw new Error('This is a part of the map, and stands outside of one.');
  return shared;
}
