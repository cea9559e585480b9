import type { Policies } from '../../../api.ts';
import { keyed } from '../kit/keyed.ts';
import { Scroll } from '../kit/scroll.tsx';
import { useText } from '../text.tsx';
import { TEXT } from './text.ts';

type Policy = Policies['policies'][number];

const WORST_FIRST = ['broken', 'unknown', 'kept'];

/** Those that are not kept first, and open. */
export function PolicyList({ policies }: { readonly policies: Policies['policies'] }) {
  const text = useText(TEXT);
  if (policies.length === 0) return <p className="dim">{text.noPolicies}</p>;
  const kept = policies.filter(({ verdict }) => verdict === 'kept').length;
  const sorted = [...policies].sort(
    (a, b) => WORST_FIRST.indexOf(a.verdict) - WORST_FIRST.indexOf(b.verdict),
  );
  return (
    <>
      <p className="dim" role="status">
        {text.kept(kept, policies.length)}
      </p>
      <ul className="matrix-policies">
        {sorted.map((each) => (
          <li key={`${each.origin} ${each.text}`}>
            <PolicyLine policy={each} />
          </li>
        ))}
      </ul>
    </>
  );
}

function PolicyLine({ policy }: { readonly policy: Policy }) {
  const text = useText(TEXT);
  const { verdict, findings, origin, why } = policy;
  return (
    // Another key with another verdict: what broke meanwhile opens by itself.
    <details key={verdict} open={verdict !== 'kept'}>
      <summary>
        <span className={`policy policy-${verdict}`}>{text.verdicts[verdict]}</span>
        <span className="matrix-sentence">{policy.text}</span>
        <span className="dim matrix-wide">{text.origins[origin]}</span>
      </summary>
      {why !== null && (
        <p>
          {text.why}: {why}
        </p>
      )}
      <p className="dim matrix-narrow">{text.origins[origin]}</p>
      {findings.length > 0 && <Findings findings={findings} />}
    </details>
  );
}

function Findings({ findings }: Pick<Policy, 'findings'>) {
  const text = useText(TEXT);
  return (
    <Scroll label={text.findings}>
      <table className="matrix-table">
        <caption>{text.findings}</caption>
        <thead>
          <tr>
            <th scope="col">{text.from}</th>
            <th scope="col">{text.to}</th>
            <th scope="col">{text.on}</th>
            <th scope="col">{text.outcome}</th>
          </tr>
        </thead>
        <tbody>
          {keyed(findings).map(([key, each]) => (
            <tr key={key}>
              <td>{each.from.join(', ')}</td>
              <td>{each.to.join(', ')}</td>
              <td>{each.services}</td>
              <td>{each.text}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
