import { useState } from 'react';
import { useAnswer } from '../api/call.ts';
import { CommandLines } from '../kit/commands.tsx';
import { useTitle } from '../kit/use-title.ts';
import { go, useRoute } from '../route.ts';
import { useText } from '../text.tsx';
import { flowCommand } from './command.ts';
import { Filters, type Only } from './filters.tsx';
import './flow.css';
import { FlowTable } from './flow-table.tsx';
import { isConnection } from './rows.ts';
import { SendExample } from './send.tsx';
import { TEXT } from './text.ts';
import { useFlows } from './use-flows.ts';

/** Connections that are accepted and rejected, as it happens. */
export default function FlowView() {
  const text = useText(TEXT);
  useTitle(text.title);
  const { searchParams } = useRoute();
  const host = searchParams.get('host') ?? '';
  // Another host is another stream, with counts of its own.
  const [attempt, setAttempt] = useState(0);
  return (
    <>
      <h1>{text.title}</h1>
      <Watched
        key={`${attempt} ${host}`}
        host={host}
        only={onlyIn(searchParams)}
        again={() => setAttempt(attempt + 1)}
      />
    </>
  );
}

function onlyIn(query: URLSearchParams): Only {
  const only = query.get('only');
  return only === 'accepted' || only === 'rejected' ? only : 'all';
}

function Watched({
  host,
  only,
  again,
}: {
  readonly host: string;
  readonly only: Only;
  readonly again: () => void;
}) {
  const text = useText(TEXT);
  const { data: state } = useAnswer('GET /api/state', {});
  const watched = useFlows(
    host === '' ? '/api/flow' : `/api/flow?${new URLSearchParams({ host })}`,
  );
  const show = (next: { readonly host?: string; readonly only?: Only }) => {
    const words = { host, only, ...next };
    const query = new URLSearchParams();
    if (words.host !== '') query.set('host', words.host);
    if (words.only !== 'all') query.set('only', words.only);
    go(`/flow${query.size === 0 ? '' : `?${query}`}`, { replace: true });
  };
  const { flows, isConnected } = watched;
  const filter = {
    ...(host === '' ? {} : { host }),
    ...(only === 'all' ? {} : { only }),
  };
  return (
    <>
      <Filters
        {...{ host, only, show, watched }}
        names={(state?.machines ?? []).map(({ name }) => name)}
      />
      <div className="flow-lines">
        {state !== undefined && <CommandLines commands={[flowCommand(state, filter)]} />}
      </div>
      {!isConnected && (
        <p role="alert" className="failure flow-closed">
          {text.closed}{' '}
          <button type="button" onClick={again}>
            {text.again}
          </button>
        </p>
      )}
      <SendExample state={state} />
      <FlowTable
        rows={flows.rows.filter((row) => only === 'all' || row.kind === only || !isConnection(row))}
        names={new Set(state?.machines.map(({ name }) => name))}
        isFiltered={flows.rows.some(isConnection)}
      />
    </>
  );
}
