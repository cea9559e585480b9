import { useMutation } from '@tanstack/react-query';
import type { State } from '../../../api.ts';
import { call } from '../api/call.ts';
import { CommandLines } from '../kit/commands.tsx';
import { useText } from '../text.tsx';
import { type Example, examplesOf } from './examples.ts';
import { TEXT } from './text.ts';

const pairOf = ({ from, to, port }: Example): string => `${from} → ${to}:${port}`;

/** Makes something happen: one that is accepted, one that is rejected. */
export function SendExample({ state }: { readonly state: State | undefined }) {
  const text = useText(TEXT);
  const sending = useMutation({
    mutationFn: ({ from, to, port }: Example) =>
      call('POST /api/prove', { body: { from, to, port } }),
  });
  const examples = state === undefined ? [] : examplesOf(state);
  return (
    <details className="flow-send">
      <summary>{text.send}</summary>
      <div className="row">
        {examples.map((example) => (
          <button
            key={pairOf(example)}
            type="button"
            disabled={sending.isPending}
            onClick={() => sending.mutate(example)}
          >
            <span className="mono">{pairOf(example)}</span>{' '}
            <span className="dim">{text.expected[`${example.accepted}`]}</span>
          </button>
        ))}
        {state !== undefined && state.site !== null && (
          <a href={state.site} target="_blank" rel="noreferrer">
            {text.site}
          </a>
        )}
      </div>
      <div className="flow-sent" aria-live="polite">
        {sending.isIdle && <p className="dim">{text.sendHint}</p>}
        {sending.isPending && <p>{text.sending}</p>}
        {sending.error !== null && <p className="failure">{sending.error.message}</p>}
        {sending.data !== undefined && (
          <>
            <p>{text.sent(pairOf(sending.variables), sending.data.lab.outcome)}</p>
            <CommandLines commands={sending.data.commands.slice(-1)} />
          </>
        )}
      </div>
    </details>
  );
}
