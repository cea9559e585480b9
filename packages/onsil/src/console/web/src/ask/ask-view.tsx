import './ask.css';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Question } from '../../../api.ts';
import { call, useAnswer } from '../api/call.ts';
import { Link } from '../kit/link.tsx';
import { useTitle } from '../kit/use-title.ts';
import { askPath, go, useRoute } from '../route.ts';
import { useText } from '../text.tsx';
import { AnswerShown } from './answer.tsx';
import { QuestionForm } from './form.tsx';
import { examplesOf, type Fields, fieldsOf, isFull, questionOf, serviceText } from './question.ts';
import { TEXT } from './text.ts';

export default function AskView() {
  const text = useText(TEXT);
  useTitle(text.title);
  const { search, searchParams } = useRoute();
  const asked = fieldsOf(searchParams);
  const question = isFull(asked) ? questionOf(asked) : undefined;
  /** The address at which a port was typed that is none. */
  const [badAt, setBadAt] = useState<string>();
  const queries = useQueryClient();
  const queryKey = ['POST /api/ask', question];
  const answer = useQuery({
    queryKey,
    queryFn: () => call('POST /api/ask', { body: question ?? { from: '', to: '' } }),
    enabled: question !== undefined,
  });
  const ask = (fields: Fields) => {
    const next = questionOf(fields);
    setBadAt(next === undefined ? search : undefined);
    if (next === undefined) return;
    go(askPath(next));
    // The same question once more is asked anew.
    void queries.invalidateQueries({ queryKey: ['POST /api/ask', next] });
  };
  const isPortBad = isFull(asked) && question === undefined;
  const failure = isPortBad || badAt === search ? text.badPort : question && answer.error?.message;
  return (
    <div className="ask">
      <h1>{text.title}</h1>
      <p className="dim">{text.lead}</p>
      <QuestionForm {...{ asked, failure, ask }} />
      {(question === undefined || answer.error !== null) && <Examples />}
      {question !== undefined && answer.error === null && (
        <AnswerShown key={askPath(question)} {...{ question, answer: answer.data }} />
      )}
    </div>
  );
}

function Examples() {
  const text = useText(TEXT);
  const { data: state } = useAnswer('GET /api/state', {});
  if (state === undefined) return null;
  const examples = examplesOf(state);
  const name = (question: Question): string =>
    `${question.from} → ${question.to}  ${serviceText(question) ?? text.everything}`;
  return (
    <section>
      <h2>{text.examples}</h2>
      {examples.length === 0 && <p className="dim">{text.noExamples}</p>}
      <ul className="ask-examples">
        {examples.map((each) => (
          <li key={name(each)}>
            <Link href={askPath(each)} className="mono">
              {name(each)}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
