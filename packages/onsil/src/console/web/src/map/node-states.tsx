import { useCallback, useRef, useSyncExternalStore } from 'react';
import type { SceneNode } from '../../../../diagram/scene.ts';
import { type StateName, StateWord, useStateText } from '../kit/state-word.tsx';
import { useCell } from './cells.ts';
import { countStates } from './live-map.ts';
import { useShared } from './shared.ts';

export const isMachine = ({ kind }: SceneNode): boolean =>
  kind === 'instance' || kind === 'nat-instance';

/** What a node does now: a machine's word, counts of equal ones, or what AWS's own would say. */
export function NodeStates({ node }: { readonly node: SceneNode }) {
  const [name, ...others] = node.names;
  if (name === undefined) return null;
  if (!isMachine(node)) return <ManagedState of={name} />;
  return (
    <span className="card-state">
      {others.length === 0 ? <MachineState of={name} /> : <FoldedStates of={node.names} />}
    </span>
  );
}

export function MachineState({ of }: { readonly of: string }) {
  const { live } = useShared();
  return <StateWord machine={useCell(live.machines, of)} />;
}

function ManagedState({ of }: { readonly of: string }) {
  const { live } = useShared();
  const state = useCell(live.managed, of);
  if (state === undefined) return null;
  return (
    <span className="card-state" title={state.reason ?? undefined}>
      {state.state}
    </span>
  );
}

function FoldedStates({ of }: { readonly of: readonly string[] }) {
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
