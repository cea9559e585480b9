import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { useAnswer } from '../api/call.ts';
import { useLive } from '../api/live.tsx';
import { useMapText } from './text.ts';

/** What one looks at first; its place is kept before anything is known. */
export function Vitals() {
  const text = useMapText().vitals;
  const { live } = useLive();
  const seconds = useSeconds();
  const machines = live?.machines ?? [];
  const running = machines.filter(({ state }) => state === 'running').length;
  const site = live?.site;
  const siteWord = site === undefined ? text.unknown : site === null ? text.none : site.text;
  const isBad = site != null && !site.answers;
  return (
    <section className="vitals panel" aria-label={text.title}>
      <dl>
        <Vital name={text.requests}>{live?.requestsPerSecond ?? text.unknown}</Vital>
        <Vital name={text.rejected} isBad={(live?.rejected ?? 0) > 0}>
          {live?.rejected ?? text.unknown}
        </Vital>
        <Vital name={text.site} isBad={isBad}>
          <span aria-live="polite" className={site?.answers === true ? 'good' : undefined}>
            {siteWord}
          </span>
        </Vital>
        <Vital name={text.machines} isBad={running < machines.length}>
          {live === undefined ? text.unknown : `${running}/${machines.length}`}
        </Vital>
        <Vital name={text.lab}>
          {live === undefined || seconds === undefined
            ? text.unknown
            : text.phases[live.phase](seconds)}
        </Vital>
      </dl>
      <p className="warn" aria-live="polite">
        {live?.pairsComplete === false && text.incomplete}
      </p>
    </section>
  );
}

function Vital({
  name,
  isBad = false,
  children,
}: {
  readonly name: string;
  readonly isBad?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={isBad ? 'bad' : undefined}>{children}</dd>
    </div>
  );
}

/** The state is asked again when the phase is another one: it has the seconds. */
function useSeconds(): number | undefined {
  const { data } = useAnswer('GET /api/state', {});
  const { live } = useLive();
  const queries = useQueryClient();
  const isOld = live !== undefined && data !== undefined && live.phase !== data.phase;
  useEffect(() => {
    if (isOld) void queries.invalidateQueries({ queryKey: ['GET /api/state'] });
  }, [isOld, queries]);
  return data?.seconds;
}
