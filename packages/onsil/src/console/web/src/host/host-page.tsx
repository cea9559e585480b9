/** One host: what it is, what can be done with it, what it says, and whom it talks to. */
import type { State } from '../../../api.ts';
import { useAnswer } from '../api/call.ts';
import { Answered } from '../kit/answered.tsx';
import { CommandLines } from '../kit/commands.tsx';
import { useText } from '../text.tsx';
import { MachineFacts, ManagedFacts } from './facts.tsx';
import { Groups } from './groups.tsx';
import { useLiveMachine } from './host-state.tsx';
import type { Host } from './hosts.ts';
import { Logs } from './logs.tsx';
import { Power } from './power.tsx';
import { ReachTables } from './reach.tsx';
import { TerminalPanel } from './terminal-panel.tsx';
import { TEXT } from './text.ts';
import './host-model.css';

interface Shown {
  readonly state: State;
  readonly host: Host;
}

export function HostPage({ state, host }: Shown) {
  const { name } = host;
  const machine = useLiveMachine(name);
  const isOn = host.kind === 'outside' || machine?.state === 'running';
  return (
    <>
      <Head state={state} host={host} />
      {host.kind !== 'managed' && <TerminalPanel state={state} name={name} isOn={isOn} />}
      {host.kind === 'machine' && <Logs key={name} state={state} usual={[name]} />}
      <Model state={state} host={host} />
    </>
  );
}

function Head({ state, host }: Shown) {
  const text = useText(TEXT);
  switch (host.kind) {
    case 'machine':
      return (
        <>
          <p className="dim purpose">{host.of.purpose}</p>
          <section className="panel">
            <MachineFacts state={state} machine={host.of} />
            <Power name={host.name} />
          </section>
        </>
      );
    case 'managed':
      return (
        <section className="panel">
          <ManagedFacts state={state} machine={host.of} />
        </section>
      );
    case 'outside':
      return <p className="dim purpose">{text.outsides[host.name]}</p>;
  }
}

/** What the region's rules make of it. */
function Model({ state, host }: Shown) {
  const known = useAnswer('GET /api/host', { query: { name: host.name } });
  return (
    <div className="host-model">
      <Answered of={known}>
        {(answer) => (
          <>
            <ReachTables state={state} host={answer} />
            <CommandLines commands={answer.commands} />
            {host.kind !== 'outside' && <Groups state={state} groups={answer.groups} />}
          </>
        )}
      </Answered>
    </div>
  );
}
