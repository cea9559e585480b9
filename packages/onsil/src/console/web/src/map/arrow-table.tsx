import { memo, useState } from 'react';
import type { ScenePair } from '../../../../diagram/scene.ts';
import { Link } from '../kit/link.tsx';
import { Scroll } from '../kit/scroll.tsx';
import { firstOf } from '../kit/services.ts';
import { askPath } from '../route.ts';
import { useCell } from './cells.ts';
import { pairKey } from './ends.ts';
import { usePath } from './paths.tsx';
import { useShared } from './shared.ts';
import { useMapText } from './text.ts';
import { TrafficCells } from './traffic-cells.tsx';

/** More are shown when asked for: with 100 machines there may be thousands. */
const MOST = 200;

export function ArrowTable() {
  const text = useMapText();
  const { ends, scene } = useShared();
  const path = usePath(scene.paths);
  const [isWhole, showWhole] = useState(false);
  const all = ends.pairs.filter(({ arrow }) => path === undefined || arrow.paths.includes(path));
  const rows = isWhole ? all : all.slice(0, MOST);
  return (
    <section className="panel">
      <h2>{text.arrows}</h2>
      {path !== undefined && <p className="dim">{text.table.onPath(text.paths[path])}</p>}
      <Scroll label={text.arrows}>
        <PairTable pairs={rows.map(({ pair }) => pair)} caption={text.arrows} />
      </Scroll>
      {rows.length < all.length && (
        <button type="button" onClick={() => showWhole(true)}>
          {text.table.all(all.length)}
        </button>
      )}
      {all.length === 0 && <p className="dim">{text.table.none}</p>}
    </section>
  );
}

/** Each pair of the proof, with the packets between the two. */
export function PairTable({
  pairs,
  caption,
}: {
  readonly pairs: readonly ScenePair[];
  readonly caption: string;
}) {
  const text = useMapText().table;
  return (
    <table className="pairs">
      <caption className="hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{text.from}</th>
          <th scope="col">{text.to}</th>
          <th scope="col" className="wide-only">
            {text.services}
          </th>
          <th scope="col" className="number">
            {text.accepted}
          </th>
          <th scope="col" className="number">
            {text.rejected}
          </th>
          <th scope="col" className="number wide-only">
            {text.total}
          </th>
          <th scope="col">
            <span className="hidden">{text.ask}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {pairs.map((pair) => (
          <PairRow key={`${pair.from} ${pair.to} ${pair.family} ${pair.services}`} pair={pair} />
        ))}
      </tbody>
    </table>
  );
}

const PairRow = memo(function PairRow({ pair }: { readonly pair: ScenePair }) {
  const text = useMapText().table;
  const { live } = useShared();
  const { from, to, family, services, sources } = pair;
  const key = pairKey(from, to);
  const six = family === 'ipv6' ? { family } : {};
  const question = { from, to, ...firstOf(services), ...six };
  const only = sources === undefined ? '' : ` ${text.sources(sources)}`;
  const what = `${family === 'ipv6' ? 'IPv6 ' : ''}${services}${only}`;
  return (
    <tr>
      <th scope="row">{from}</th>
      <td>
        {to}
        <small className="dim narrow-only">{what}</small>
      </td>
      <td className="wide-only">{what}</td>
      <TrafficCells cells={live.pairs} of={key} />
      <Total of={key} />
      <td>
        <Link href={askPath(question)} aria-label={`${text.ask}: ${key}`}>
          {text.ask}
        </Link>
      </td>
    </tr>
  );
});

function Total({ of }: { readonly of: string }) {
  const text = useMapText().table;
  const { live } = useShared();
  const { accepted, rejected } = useCell(live.totals, of);
  return (
    <td className="number wide-only" title={text.totals(accepted, rejected)}>
      {accepted}
      {rejected > 0 && <span className="bad"> +{rejected} ✕</span>}
    </td>
  );
}
