import { useEffect, useRef } from 'react';
import type { DrillRequest, DrillState } from '../../../api.ts';
import { Answered } from '../kit/answered.tsx';
import { ActionResult } from '../kit/result.tsx';
import { useTitle } from '../kit/use-title.ts';
import { useText } from '../text.tsx';
import { Broken } from './broken.tsx';
import { DoneList } from './done-list.tsx';
import './drill.css';
import { Offers } from './offers.tsx';
import { SiteState } from './site-state.tsx';
import { TEXT } from './text.ts';
import { useDrill } from './use-drill.ts';

/** Breaks things on purpose, shows what does not work then, and puts everything back. */
export default function DrillView() {
  const text = useText(TEXT);
  useTitle(text.title);
  const { state, change } = useDrill();
  return (
    <>
      <h1>{text.title}</h1>
      <p className="dim">{text.lead}</p>
      <Answered of={state}>{(drill) => <Parts drill={drill} change={change} />}</Answered>
    </>
  );
}

function Parts({
  drill,
  change,
}: {
  readonly drill: DrillState;
  readonly change: ReturnType<typeof useDrill>['change'];
}) {
  const text = useText(TEXT);
  const { data, error, isPending, isSuccess, variables, mutate } = change;
  const running = isPending ? variables : undefined;
  const broken = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // The button that was pressed may be gone; and this is what it was pressed for.
    if (isSuccess) broken.current?.focus();
  }, [isSuccess]);
  // It may be taller than the window beside the offers: scrolled by keyboard too.
  const scrolled = { role: 'region', tabIndex: 0, 'aria-label': text.now };
  return (
    <div className="drill">
      <div className="drill-now" {...scrolled}>
        <SiteState />
        <DoneList
          done={drill.done}
          isBusy={isPending}
          isRestoring={running === null}
          restore={() => mutate(null)}
        >
          {/* What was broken is in the list already. */}
          <ActionResult of={{ error, data: variables === null ? data : undefined }} />
        </DoneList>
        <Broken broken={drill.broken} heading={broken} />
      </div>
      <Offers
        offers={drill.offers}
        running={running ?? undefined}
        isBusy={isPending}
        begin={(request: DrillRequest) => mutate(request)}
      />
    </div>
  );
}
