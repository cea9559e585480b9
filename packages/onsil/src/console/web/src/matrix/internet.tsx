import type { Matrix } from '../../../api.ts';
import { Scroll } from '../kit/scroll.tsx';
import { useText } from '../text.tsx';
import { PairLink } from './pair.tsx';
import { TEXT } from './text.ts';

export function Internet({ rows }: { readonly rows: Matrix['internet'] }) {
  const text = useText(TEXT);
  return (
    <section>
      <h2>{text.internet}</h2>
      {rows.length === 0 && <p className="dim">{text.noInternet}</p>}
      {rows.length > 0 && (
        <Scroll label={text.internet}>
          <table className="matrix-table">
            <caption className="hidden">{text.internet}</caption>
            <thead>
              <tr>
                <th scope="col">{text.to}</th>
                <th scope="col">{text.on}</th>
                <th scope="col">{text.sources}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ sources, ...row }) => (
                <tr key={JSON.stringify([row, sources])}>
                  <th scope="row">{row.to}</th>
                  <td>
                    <PairLink row={row} />
                  </td>
                  <td>{sources ?? text.anybody}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </section>
  );
}
