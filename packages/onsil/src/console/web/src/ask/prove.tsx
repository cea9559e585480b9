import { useMutation } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { Answer, Proof, Question } from '../../../api.ts';
import { call, useAnswer } from '../api/call.ts';
import { useLive } from '../api/live.tsx';
import { CommandLines } from '../kit/commands.tsx';
import { useText } from '../text.tsx';
import { whyNotProved } from './question.ts';
import { TEXT } from './text.ts';
import { Verdict } from './verdict.tsx';

interface Given {
  readonly question: Question;
  readonly answer: Answer;
}

/** One real connection, beside what the model says. */
export function Prove({ question, answer }: Given) {
  const text = useText(TEXT);
  const reason = useId();
  const { live } = useLive();
  const { data: state } = useAnswer('GET /api/state', {});
  const revision = live?.revision ?? state?.revision;
  const [sentAt, setSentAt] = useState<number>();
  const proof = useMutation({ mutationFn: () => call('POST /api/prove', { body: question }) });
  const send = () => {
    setSentAt(revision);
    proof.mutate();
  };
  const isOld = sentAt !== undefined && revision !== sentAt;
  const shown = isOld ? undefined : proof.data;
  const why = state && whyNotProved(question, state);
  return (
    <section className="ask-prove">
      <h2>{text.prove}</h2>
      <div className="row">
        <button
          type="button"
          disabled={state === undefined || why !== undefined || proof.isPending}
          aria-describedby={reason}
          onClick={send}
        >
          {proof.data === undefined ? text.send : text.again}
        </button>
        <p id={reason} className="dim">
          {why === undefined ? text.sends : text.not[why]}
        </p>
      </div>
      {why === undefined && (
        <>
          <div className="ask-sides">
            <div className="panel">
              <h3>{text.model}</h3>
              <p>
                <Verdict of={answer.verdict} />
              </p>
              {answer.verdict !== 'reachable' && (
                <p className="mono dim">{answer.outcomes[0]?.text ?? text.nobody}</p>
              )}
            </div>
            <div className="panel" role="status" aria-busy={proof.isPending}>
              <h3>{text.lab}</h3>
              {proof.isPending && <p className="dim">{text.sending}</p>}
              {!proof.isPending && shown === undefined && (
                <p className="dim">{isOld ? text.old : text.unsent}</p>
              )}
              {!proof.isPending && shown !== undefined && <Seen lab={shown.lab} />}
            </div>
          </div>
          <div className="ask-agreement" aria-live="polite">
            {proof.error !== null && <p className="failure">{proof.error.message}</p>}
            {!proof.isPending && shown !== undefined && <Agreement proof={shown} />}
          </div>
        </>
      )}
    </section>
  );
}

function Seen({ lab }: Pick<Proof, 'lab'>) {
  const text = useText(TEXT);
  const outcomes: Readonly<Record<string, string>> = text.outcomes;
  return (
    <>
      <p>
        <span className={`verdict verdict-${lab.reached ? 'reachable' : 'blocked'}`}>
          {outcomes[lab.outcome] ?? lab.outcome}
        </span>
      </p>
      <p className="mono dim">
        {lab.address} · {lab.ms} ms
      </p>
    </>
  );
}

function Agreement({ proof }: { readonly proof: Proof }) {
  const text = useText(TEXT);
  const isClear = proof.model === 'reachable' || proof.model === 'blocked';
  const name = proof.agree ? 'agree' : 'differ';
  return (
    <>
      <p className={isClear ? `ask-${name}` : 'dim'}>{isClear ? text[name] : text.open}</p>
      {proof.note !== null && <p>{proof.note}</p>}
      <CommandLines commands={proof.commands} />
    </>
  );
}
