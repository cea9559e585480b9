import { useLive } from '../api/live.tsx';
import { StateWord } from '../kit/state-word.tsx';
import type { Host } from './hosts.ts';

/** The last second of a machine; undefined where there is none of that name, or not yet. */
export function useLiveMachine(name: string) {
  return useLive().live?.machines.find((each) => each.name === name);
}

/** One word for any host; outside parties are always there. */
export function HostState({ host }: { readonly host: Host }) {
  const { live } = useLive();
  const machine = useLiveMachine(host.name);
  if (host.kind === 'machine') return <StateWord machine={machine} />;
  if (host.kind === 'outside') return null;
  const managed = live?.managed.find(({ id }) => id === host.of.id);
  return <span title={managed?.reason ?? undefined}>{managed?.state}</span>;
}
