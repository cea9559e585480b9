import type { ReactNode } from 'react';
import type { DrillState } from '../../../api.ts';
import { CommandLines } from '../kit/commands.tsx';
import { useText } from '../text.tsx';
import { TEXT } from './text.ts';

/** What is broken on purpose, and the button that puts it back. */
export function DoneList({
  done,
  isBusy,
  isRestoring,
  restore,
  children,
}: {
  readonly done: DrillState['done'];
  readonly isBusy: boolean;
  readonly isRestoring: boolean;
  readonly restore: () => void;
  /** What came of the last change. */
  readonly children: ReactNode;
}) {
  const text = useText(TEXT);
  return (
    <section className="panel drill-done" aria-labelledby="drill-done">
      <div className="heading">
        <h2 id="drill-done">{text.done}</h2>
        <button
          type="button"
          className="primary"
          disabled={done.length === 0 || isBusy}
          onClick={restore}
        >
          {isRestoring ? text.restoring : text.restore}
        </button>
      </div>
      {done.length === 0 ? (
        <p className="dim">{text.nothingDone}</p>
      ) : (
        <ol>
          {done.map((each) => (
            <li key={`${each.at} ${each.text}`}>
              <span className="time">{new Date(each.at).toTimeString().slice(0, 8)}</span>{' '}
              {each.text}
              <CommandLines commands={each.commands} />
            </li>
          ))}
        </ol>
      )}
      {children}
    </section>
  );
}
