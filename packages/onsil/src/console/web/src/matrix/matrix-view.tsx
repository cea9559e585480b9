import './matrix.css';
import type { Matrix } from '../../../api.ts';
import { useAnswer } from '../api/call.ts';
import { Answered } from '../kit/answered.tsx';
import { CommandLines } from '../kit/commands.tsx';
import { useTitle } from '../kit/use-title.ts';
import { setParameter, useRoute } from '../route.ts';
import { useText } from '../text.tsx';
import { AllPairs } from './all-pairs.tsx';
import { Internet } from './internet.tsx';
import { countOf, isWanted } from './pairs.ts';
import { PolicyList } from './policies.tsx';
import { Removable } from './removable.tsx';
import { TEXT } from './text.ts';
import { Unknown } from './unknown.tsx';
import { UnusedRules } from './unused.tsx';

export default function MatrixView() {
  const text = useText(TEXT);
  useTitle(text.title);
  const matrix = useAnswer('GET /api/matrix', {});
  const policies = useAnswer('GET /api/policies', {});
  return (
    <div className="matrix">
      <h1>{text.title}</h1>
      <p className="dim">{text.lead}</p>
      <Answered of={matrix}>{(answer) => <Pairs matrix={answer} />}</Answered>
      <section>
        <h2>{text.policies}</h2>
        <Answered of={policies}>
          {(answer) => (
            <>
              <PolicyList policies={answer.policies} />
              <h2>{text.removable}</h2>
              <Removable removable={answer.removable} />
              <CommandLines commands={answer.commands} />
            </>
          )}
        </Answered>
      </section>
      <UnusedRules />
    </div>
  );
}

/** The filter is in the address. */
function Pairs({ matrix }: { readonly matrix: Matrix }) {
  const text = useText(TEXT);
  const filter = useRoute().searchParams.get('filter') ?? '';
  const keep = (next: string) => setParameter('filter', next === '' ? [] : [next]);
  const shown = matrix.rows.filter((row) => isWanted(row, filter));
  const [reach, ofInternet] = matrix.commands;
  return (
    <>
      <section>
        <h2>{text.pairs}</h2>
        <div className="row matrix-filter">
          <label className="field">
            {text.filter}
            <input
              type="search"
              placeholder={text.filterHint}
              value={filter}
              onChange={({ target }) => keep(target.value)}
            />
          </label>
          <p role="status">{text.count(countOf(shown), countOf(matrix.rows))}</p>
        </div>
        <p className="dim">
          {text.cells} <span className="matrix-wide">{text.tcp}</span>
        </p>
        <AllPairs {...{ matrix, filter }} />
        <Unknown rows={shown.filter(({ unknown }) => unknown !== undefined)} />
        <CommandLines commands={reach === undefined ? [] : [reach]} />
      </section>
      <Internet rows={matrix.internet} />
      <CommandLines commands={ofInternet === undefined ? [] : [ofInternet]} />
    </>
  );
}
