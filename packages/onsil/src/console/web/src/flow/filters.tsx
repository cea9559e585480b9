import { OUTSIDE } from '../kit/outside.ts';
import { Segments } from '../kit/segments.tsx';
import { useText } from '../text.tsx';
import { TEXT } from './text.ts';
import type { WatchedFlows } from './use-flows.ts';

export type Only = 'all' | 'accepted' | 'rejected';

const ONLY = ['all', 'accepted', 'rejected'] as const;

/** Whose connections and which; how many there were; pause. */
export function Filters({
  host,
  only,
  names,
  watched,
  show,
}: {
  readonly host: string;
  readonly only: Only;
  readonly names: readonly string[];
  readonly watched: WatchedFlows;
  readonly show: (next: { readonly host?: string; readonly only?: Only }) => void;
}) {
  const text = useText(TEXT);
  const { flows, isPaused, since, pause } = watched;
  const options = (all: readonly string[]) => all.map((name) => <option key={name}>{name}</option>);
  return (
    <div className="flow-bar">
      <label className="field">
        {text.filter.host}
        <select value={host} onChange={({ target }) => show({ host: target.value })}>
          <option value="">{text.filter.everything}</option>
          <optgroup label={text.filter.machines}>{options(names)}</optgroup>
          <optgroup label={text.filter.outside}>{options(OUTSIDE)}</optgroup>
          {host !== '' && ![...names, ...OUTSIDE].includes(host) && options([host])}
        </select>
      </label>
      <Segments
        legend={text.show}
        name="only"
        options={ONLY.map((each) => [each, text.only[each]] as const)}
        chosen={only}
        choose={(each) => show({ only: each })}
      />
      <button type="button" onClick={() => pause(!isPaused)}>
        {isPaused ? text.resume : text.pause}
      </button>
      <span className="flow-since">{isPaused && text.since(since)}</span>
      <dl className="flow-counts" aria-label={text.counts} title={text.counts}>
        <div className="accepted">
          <dt>{text.accepted}</dt>
          <dd>{flows.accepted}</dd>
        </div>
        <div className="rejected">
          <dt>{text.rejected}</dt>
          <dd>{flows.rejected}</dd>
        </div>
      </dl>
    </div>
  );
}
