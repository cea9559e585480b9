/** The hosts: all of them, or the one that the address names. */
import { useAnswer } from '../api/call.ts';
import { Answered } from '../kit/answered.tsx';
import { useTitle } from '../kit/use-title.ts';
import { useText } from '../text.tsx';
import { HostList } from './host-list.tsx';
import { HostPage } from './host-page.tsx';
import { hostsOf } from './hosts.ts';
import { Switcher } from './switcher.tsx';
import { TEXT } from './text.ts';
import './host-page.css';

export default function HostView({ name }: { readonly name: string | undefined }) {
  const text = useText(TEXT);
  const state = useAnswer('GET /api/state', {});
  useTitle(name ?? text.hosts);
  if (name === undefined) {
    return (
      <>
        <h1>{text.hosts}</h1>
        <Answered of={state}>{(known) => <HostList state={known} />}</Answered>
      </>
    );
  }
  const hosts = state.data === undefined ? [] : hostsOf(state.data);
  const host = hosts.find((each) => each.name === name);
  return (
    <div className="host-frame">
      <Switcher hosts={hosts} name={name} />
      <div className="host-body">
        <h1>{name}</h1>
        <Answered of={state}>
          {(known) =>
            host === undefined ? (
              <p role="alert" className="failure">
                {text.nobody(name)}
              </p>
            ) : (
              <HostPage key={name} state={known} host={host} />
            )
          }
        </Answered>
      </div>
    </div>
  );
}
