import { lazy, Suspense, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { Picture as Drawn } from '../../../api.ts';
import { useAnswer } from '../api/call.ts';
import { useLive } from '../api/live.tsx';
import { Answered } from '../kit/answered.tsx';
import { CommandLines } from '../kit/commands.tsx';
import { useTitle } from '../kit/use-title.ts';
import { Ends } from './ends.ts';
import { Lit } from './lit.ts';
import { LiveMap } from './live-map.ts';
import { PathChoice } from './paths.tsx';
import { PriceCorner } from './price.tsx';
import { type Chosen, type Shared, SharedProvider, useShared } from './shared.ts';
import { Tables, TablesButton, useTables } from './tables.tsx';
import { useMapText } from './text.ts';
import { Vitals } from './vitals.tsx';
import './map.css';

/** Narrower ones get the tables: a picture of this size says nothing there. */
const WIDE = matchMedia('(min-width: 720px)');
const load = () => import('./picture.tsx');
// Its code comes while the server is asked what to draw.
if (WIDE.matches) void load();
const Picture = lazy(load);
const Details = lazy(() => import('./details.tsx'));

function useIsWide(): boolean {
  return useSyncExternalStore(
    (tell) => {
      WIDE.addEventListener('change', tell);
      return () => WIDE.removeEventListener('change', tell);
    },
    () => WIDE.matches,
  );
}

export default function MapView() {
  const text = useMapText();
  useTitle(text.title);
  const picture = useAnswer('GET /api/map', {});
  const isWide = useIsWide();
  const { data } = picture;
  return (
    <div className="map">
      <div className="map-head">
        <h1>{text.title}</h1>
        <div className="map-tools">
          {data !== undefined && <PathChoice paths={data.paths} />}
          {isWide && <TablesButton />}
        </div>
        <div className="map-price">{data !== undefined && <PriceCorner cost={data.cost} />}</div>
      </div>
      <Vitals />
      {data === undefined && isWide ? (
        <div className="picture-place panel">
          <Answered of={picture}>{() => null}</Answered>
        </div>
      ) : (
        <Answered of={picture}>{(scene) => <Parts scene={scene} isWide={isWide} />}</Answered>
      )}
    </div>
  );
}

function Parts({ scene, isWide }: { readonly scene: Drawn; readonly isWide: boolean }) {
  const [live] = useState(() => new LiveMap());
  const [lit] = useState(() => new Lit());
  const [chosen, choose] = useState<Chosen>();
  const ends = useMemo(() => new Ends(scene), [scene]);
  const shared: Shared = useMemo(
    () => ({ scene, ends, live, lit, choose }),
    [scene, ends, live, lit],
  );
  const [isTable] = useTables();
  return (
    <SharedProvider value={shared}>
      <Feed />
      {isWide && (
        <Suspense fallback={<div className="picture-place panel" />}>
          <Picture />
        </Suspense>
      )}
      {(isTable || !isWide) && <Tables />}
      <CommandLines commands={scene.commands} />
      {chosen !== undefined && (
        <Suspense fallback={null}>
          <Details of={chosen} close={() => choose(undefined)} />
        </Suspense>
      )}
    </SharedProvider>
  );
}

/** Hands each second on; alone, so that nothing else is drawn again by it. */
function Feed() {
  const { live: second } = useLive();
  const { live, ends } = useShared();
  useEffect(() => {
    if (second !== undefined) live.take(second, ends);
  }, [second, live, ends]);
  return null;
}
