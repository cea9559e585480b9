/** Who can be looked at: machines, what AWS would run, and the outside parties. */
import type { Machine, ManagedMachine, State } from '../../../api.ts';
import { OUTSIDE, type Outside } from '../kit/outside.ts';

export type Host =
  | { readonly kind: 'machine'; readonly name: string; readonly of: Machine }
  | { readonly kind: 'managed'; readonly name: string; readonly of: ManagedMachine }
  | { readonly kind: 'outside'; readonly name: Outside };

export function hostsOf(state: State): readonly Host[] {
  return [
    ...state.machines.map((of) => ({ kind: 'machine', name: of.name, of }) as const),
    ...state.managed.map((of) => ({ kind: 'managed', name: of.name, of }) as const),
    ...OUTSIDE.map((name) => ({ kind: 'outside', name }) as const),
  ];
}

/** A number for a host's colour, the same wherever it is shown. */
export const colourOf = (names: readonly string[], name: string): number =>
  Math.max(0, names.indexOf(name)) % COLOURS;

const COLOURS = 8;
