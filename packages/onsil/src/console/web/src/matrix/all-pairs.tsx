import './all-pairs.css';
import type { Matrix } from '../../../api.ts';
import { Scroll } from '../kit/scroll.tsx';
import { useText } from '../text.tsx';
import { PairLink } from './pair.tsx';
import { byPair, endsIn, endsOf, isWanted } from './pairs.ts';
import { TEXT } from './text.ts';

interface Given {
  readonly matrix: Matrix;
  readonly filter: string;
}

/** A grid where there is room, else a list; both are there, and the style shows one. */
export function AllPairs({ matrix, filter }: Given) {
  const text = useText(TEXT);
  const rows = matrix.rows.filter((row) => isWanted(row, filter));
  if (rows.length === 0) {
    return <p className="dim">{matrix.rows.length === 0 ? text.noPairs : text.noMatch}</p>;
  }
  const ends = endsOf(matrix);
  const isAll = rows.length === matrix.rows.length;
  const [from, to] = isAll ? [ends, ends] : [endsIn(rows, ends, 'from'), endsIn(rows, ends, 'to')];
  const pair = byPair(rows);
  return (
    <>
      <Grid {...{ from, to, pair }} />
      <div className="matrix-list">
        {endsIn(rows, ends, 'from').map((name) => (
          <section key={name}>
            <h3>{name}</h3>
            <ul>
              {to.flatMap((other) =>
                pair(name, other).map((row) => (
                  <li key={JSON.stringify(row)}>
                    <span>→ {other}</span> <PairLink row={row} />
                  </li>
                )),
              )}
            </ul>
          </section>
        ))}
      </div>
    </>
  );
}

interface Ends {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly pair: ReturnType<typeof byPair>;
}

function Grid({ from, to, pair }: Ends) {
  const text = useText(TEXT);
  return (
    <Scroll className="matrix-grid" label={text.pairs}>
      <table>
        <caption className="hidden">{`${text.pairs}: ${text.cells}`}</caption>
        <thead>
          <tr>
            <th scope="col" className="dim">
              {text.fromTo}
            </th>
            {to.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {from.map((name) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {to.map((other) => (
                <td key={other} className={name === other ? 'is-self' : undefined}>
                  {pair(name, other).map((row) => (
                    <PairLink key={JSON.stringify(row)} row={row} isShort />
                  ))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
