/** What a host is and how it is, as terms. */
import type { ReactNode } from 'react';
import type { Machine, ManagedMachine, State } from '../../../api.ts';
import { useLive } from '../api/live.tsx';
import { StateWord } from '../kit/state-word.tsx';
import { useText } from '../text.tsx';
import { useLiveMachine } from './host-state.tsx';
import { TEXT } from './text.ts';

export function MachineFacts({
  state,
  machine,
}: {
  readonly state: State;
  readonly machine: Machine;
}) {
  const text = useText(TEXT);
  const live = useLiveMachine(machine.name);
  const { usd, publicIp } = machine;
  const setup = live === undefined ? '' : text.setups[live.setup];
  const health = live?.health ?? null;
  return (
    <dl className="host-facts">
      <Fact term={text.state}>
        <span aria-live="polite">
          <StateWord machine={live} />
        </span>
      </Fact>
      <Fact term={text.setup}>
        {live?.reason === null || live === undefined ? (
          setup
        ) : (
          <span className="failure">
            {setup}: {live.reason}
          </span>
        )}
      </Fact>
      <Fact term={text.health}>{health === null ? text.notChecked : text.healths[health]}</Fact>
      <Fact term={text.type}>
        {machine.type}{' '}
        <span className="dim">{usd === null ? text.unknownPrice : text.usd(usd.toFixed(2))}</span>
      </Fact>
      <Fact term={text.privateIp} isCode>
        {machine.privateIp}
      </Fact>
      <Fact term={text.publicIp} isCode={publicIp !== null}>
        {publicIp ?? text.none}
      </Fact>
      <Places state={state} subnetIds={[machine.subnetId]} />
    </dl>
  );
}

export function ManagedFacts({
  state,
  machine,
}: {
  readonly state: State;
  readonly machine: ManagedMachine;
}) {
  const text = useText(TEXT);
  const live = useLive().live?.managed.find(({ id }) => id === machine.id);
  const said = [live?.state, live?.detail, live?.reason].filter((each) => each != null);
  return (
    <dl className="host-facts">
      <Fact term={text.state}>
        <span aria-live="polite">{said.join(': ')}</span>
      </Fact>
      <Fact term={text.type}>{machine.type}</Fact>
      <Fact term={text.privateIp} isCode>
        {machine.privateIps.join(', ')}
      </Fact>
      <Fact term={text.publicIp} isCode>
        {machine.publicIps.length === 0 ? text.none : machine.publicIps.join(', ')}
      </Fact>
      <Places state={state} subnetIds={machine.subnetIds} />
    </dl>
  );
}

function Places({
  state,
  subnetIds,
}: {
  readonly state: State;
  readonly subnetIds: readonly string[];
}) {
  const text = useText(TEXT);
  const vpcs = state.vpcs.filter(({ subnets }) => subnets.some(({ id }) => subnetIds.includes(id)));
  const subnets = vpcs
    .flatMap((vpc) => vpc.subnets)
    .filter(({ id }) => subnetIds.includes(id))
    .map(({ name, cidr, zone, isPublic }) => ({
      ...{ name, zone, cidr, kind: isPublic ? text.publicSubnet : text.privateSubnet },
    }));
  return (
    <>
      <Fact term={text.subnet}>
        {subnets.map(({ name, cidr, zone, kind }) => (
          <div key={name}>
            {name} <span className="dim">{[kind, cidr, zone].join(' · ')}</span>
          </div>
        ))}
      </Fact>
      <Fact term={text.vpc}>
        {vpcs.map(({ id, name, cidrs }) => (
          <div key={id}>
            {name} <span className="dim">{cidrs.join(', ')}</span>
          </div>
        ))}
      </Fact>
    </>
  );
}

function Fact({
  term,
  isCode = false,
  children,
}: {
  readonly term: string;
  readonly isCode?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <div>
      <dt>{term}</dt>
      <dd className={isCode ? 'mono' : undefined}>{children}</dd>
    </div>
  );
}
