/** All hosts, and beside them what their journals say. */
import type { State } from '../../../api.ts';
import { CommandLines } from '../kit/commands.tsx';
import { Link } from '../kit/link.tsx';
import { hostPath } from '../route.ts';
import { useText } from '../text.tsx';
import { HostState } from './host-state.tsx';
import { type Host, hostsOf } from './hosts.ts';
import { Logs } from './logs.tsx';
import { TEXT } from './text.ts';
import './host-list.css';

/** So many are read when nobody has chosen. */
const FIRST_READ = 8;

export function HostList({ state }: { readonly state: State }) {
  const text = useText(TEXT);
  const names = state.machines.map(({ name }) => name);
  return (
    <div className="hosts">
      <section className="panel">
        <table className="host-table">
          <caption className="hidden">{text.hosts}</caption>
          <thead>
            <tr>
              <th scope="col">
                {text.host}
                <span className="narrow">, {text.month}</span>
              </th>
              <th scope="col">{text.state}</th>
              <th scope="col">{text.addresses}</th>
              <th scope="col" className="number wide">
                {text.type}, {text.month}
              </th>
            </tr>
          </thead>
          <tbody>
            {hostsOf(state).map((host) => (
              <HostRow key={host.name} host={host} />
            ))}
          </tbody>
        </table>
        <CommandLines commands={state.commands} />
      </section>
      <Logs state={state} usual={names.slice(0, FIRST_READ)} />
    </div>
  );
}

function HostRow({ host }: { readonly host: Host }) {
  const text = useText(TEXT);
  const purpose = {
    machine: () => (host.kind === 'machine' ? host.of.purpose : ''),
    managed: () => text.managed,
    outside: () => (host.kind === 'outside' ? text.outsides[host.name] : ''),
  };
  const type = host.kind === 'outside' ? '' : host.of.type;
  const usd = host.kind === 'machine' ? host.of.usd : undefined;
  return (
    <tr>
      <th scope="row">
        <Link href={hostPath(host.name)}>{host.name}</Link>
        <div className="dim what">{purpose[host.kind]()}</div>
        {usd != null && (
          <span className="dim what narrow">
            {type} {usd.toFixed(2)}
          </span>
        )}
      </th>
      <td className="state-cell">
        <HostState host={host} />
      </td>
      <td className="mono">
        {addressesOf(host).map((address) => (
          <div key={address}>{address}</div>
        ))}
      </td>
      <td className="number wide">
        <div>{type}</div>
        <div className="dim">{usd === null ? text.unknownPrice : usd?.toFixed(2)}</div>
      </td>
    </tr>
  );
}

function addressesOf(host: Host): readonly string[] {
  if (host.kind === 'outside') return [];
  if (host.kind === 'managed') return [...host.of.privateIps, ...host.of.publicIps];
  const { privateIp, publicIp } = host.of;
  return publicIp === null ? [privateIp] : [privateIp, publicIp];
}
