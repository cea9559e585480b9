import { lazy, Suspense, useState } from 'react';
import type { SceneCost } from '../../../../diagram/scene.ts';
import { usdText, useMapText } from './text.ts';

const Bill = lazy(() => import('./bill.tsx'));

/** What it costs, in the corner; it opens the bill. */
export function PriceCorner({ cost }: { readonly cost: SceneCost | undefined }) {
  const text = useMapText().bill;
  const [isOpen, setOpen] = useState(false);
  if (cost === undefined) return <p className="price dim">{text.none}</p>;
  const { usd, unknown, pricesSince } = cost;
  const notes = [pricesSince === null ? [] : text.since(pricesSince), text.missing(unknown)].flat();
  return (
    <>
      <button
        type="button"
        className="price"
        aria-haspopup="dialog"
        title={text.open}
        onClick={() => setOpen(true)}
      >
        <span>
          <strong>{usdText(usd)}</strong> {text.month}
        </span>
        <small className={unknown > 0 ? 'warn' : 'dim'}>{notes.join(' · ')}</small>
      </button>
      {isOpen && (
        <Suspense fallback={null}>
          <Bill close={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
