import type { MatrixRow } from '../../../api.ts';
import { useText } from '../text.tsx';
import { PairLink } from './pair.tsx';
import { TEXT } from './text.ts';

/** What cannot be told, by what it depends on. */
export function Unknown({ rows }: { readonly rows: readonly MatrixRow[] }) {
  const text = useText(TEXT);
  if (rows.length === 0) return null;
  return (
    <section>
      <h3>{text.cannot}</h3>
      {[...Map.groupBy(rows, ({ unknown }) => unknown ?? '')].map(([unknown, own]) => (
        <details key={unknown}>
          <summary>
            {unknown} ({own.length})
          </summary>
          <ul>
            {own.map((row) => (
              <li key={JSON.stringify(row)}>
                {row.from} → {row.to} <PairLink row={row} />
              </li>
            ))}
          </ul>
        </details>
      ))}
    </section>
  );
}
