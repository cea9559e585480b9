import './answer.css';
import type { Answer, AnswerHop, AnswerOutcome, Question } from '../../../api.ts';
import { CommandLines } from '../kit/commands.tsx';
import { keyed } from '../kit/keyed.ts';
import { useText } from '../text.tsx';
import { Prove } from './prove.tsx';
import { serviceText } from './question.ts';
import { TEXT } from './text.ts';
import { Verdict } from './verdict.tsx';

interface Shown {
  readonly question: Question;
  readonly answer: Answer | undefined;
}

/** The place of the verdict is kept while the answer is on its way. */
export function AnswerShown({ question, answer }: Shown) {
  const text = useText(TEXT);
  const outcomes = [...(answer?.outcomes ?? [])].sort(
    (a, b) => Number(b.reachable) - Number(a.reachable),
  );
  return (
    <>
      <section className="ask-verdict" aria-live="polite">
        <h2>
          {answer === undefined ? '…' : <Verdict of={answer.verdict} />}
          <span className="mono">
            {question.from} → {question.to} {serviceText(question) ?? text.everything}
            {question.family === 'ipv6' && ' IPv6'}
          </span>
        </h2>
        <p className="dim">{answer && text.meaning[answer.verdict]}</p>
      </section>
      {answer !== undefined && (
        <>
          {outcomes.length === 0 && <p>{text.nobody}</p>}
          {keyed(outcomes).map(([key, each]) => (
            <Outcome key={key} outcome={each} />
          ))}
          {answer.fix !== undefined && <Fix fix={answer.fix} />}
          <CommandLines commands={answer.commands} />
          <Prove question={question} answer={answer} />
        </>
      )}
    </>
  );
}

function Outcome({ outcome }: { readonly outcome: AnswerOutcome }) {
  const text = useText(TEXT);
  const { forward, back, stops, reachable, services } = outcome;
  return (
    <section className="panel ask-outcome">
      <div className="ask-decides">
        <h3 className="mono">{services}</h3>
        <p className={reachable ? undefined : 'is-stopped mono'}>
          {reachable ? <Verdict of="reachable" /> : outcome.text}
        </p>
      </div>
      {forward.length === 0 ? (
        <p className="dim">{text.firstStop}</p>
      ) : (
        <div className="ask-ways">
          <Hops title={text.there} hops={forward} outcome={outcome} isEnd={stops === 'forward'} />
          {stops === 'forward' ? (
            <div>
              <h4>{text.back}</h4>
              <p className="dim">{text.noBack}</p>
            </div>
          ) : (
            <Hops title={text.back} hops={back} outcome={outcome} isEnd={stops === 'back'} />
          )}
        </div>
      )}
    </section>
  );
}

interface Way {
  readonly title: string;
  readonly hops: readonly AnswerHop[];
  readonly outcome: AnswerOutcome;
  /** Whether it goes no further than these. */
  readonly isEnd: boolean;
}

function Hops({ title, hops, outcome, isEnd }: Way) {
  const text = useText(TEXT);
  const isBlocked = /^(reply )?blocked: /.test(outcome.text);
  return (
    <div>
      <h4>{title}</h4>
      <ol className="ask-hops mono" aria-label={title}>
        {keyed(hops).map(([key, { text: said, decides }]) => (
          <li key={key} className={decides ? 'is-decisive' : undefined}>
            <HopText text={said} />
          </li>
        ))}
        {isEnd && <li className="is-end">{isBlocked ? text.stops : text.unclear}</li>}
      </ol>
    </div>
  );
}

/** Where it is, and behind three blanks what is said there. */
function HopText({ text }: { readonly text: string }) {
  const [place = '', ...said] = text.split(/ {3}/);
  if (said.length === 0) return place;
  return (
    <>
      <span className="dim">{place}</span> <span>{said.join(' ')}</span>
    </>
  );
}

function Fix({ fix }: { readonly fix: NonNullable<Answer['fix']> }) {
  const text = useText(TEXT);
  if (!fix.proved) return <p className="dim">{text.unproved}</p>;
  return (
    <section>
      <h2>{text.fix}</h2>
      <ol className="ask-fix mono">
        {fix.changes.map((each) => (
          <li key={each.text}>{each.text}</li>
        ))}
      </ol>
      <p className="ask-proved">✓ {text.proved}</p>
    </section>
  );
}
