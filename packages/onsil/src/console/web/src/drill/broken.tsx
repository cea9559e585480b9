import type { Ref } from 'react';
import type { DrillState } from '../../../api.ts';
import { useText } from '../text.tsx';
import { TEXT } from './text.ts';

/** What does not work now, whoever broke it. */
export function Broken({
  broken,
  heading,
}: {
  readonly broken: DrillState['broken'];
  readonly heading: Ref<HTMLHeadingElement>;
}) {
  const text = useText(TEXT);
  return (
    <section className="panel drill-broken" aria-labelledby="drill-broken">
      <h2 id="drill-broken" tabIndex={-1} ref={heading}>
        {text.broken}{' '}
        <span className="count" aria-live="polite">
          {text.brokenCount(broken.length)}
        </span>
      </h2>
      {broken.length === 0 ? (
        <p className="dim">{text.nothingBroken}</p>
      ) : (
        <ul>
          {broken.map(({ kind, text: sentence }) => (
            <li key={`${kind} ${sentence}`}>
              <span className="kind">{text.kinds[kind]}</span>
              <span>{sentence}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
