/** A shell on a host, when it is asked for. */
import { lazy, Suspense, useState } from 'react';
import type { State } from '../../../api.ts';
import { labLine } from '../../../shell-line.ts';
import { CommandLines } from '../kit/commands.tsx';
import { useText } from '../text.tsx';
import type { SessionEnd } from './terminal-session.ts';
import { TEXT } from './text.ts';
import './terminal.css';

const TerminalScreen = lazy(() => import('./terminal-screen.tsx'));

interface Shown {
  readonly state: State;
  readonly name: string;
  readonly isOn: boolean;
}

export function TerminalPanel({ state, name, isOn }: Shown) {
  const text = useText(TEXT).terminal;
  const [isOpen, setOpen] = useState(false);
  const [session, setSession] = useState(0);
  const [end, setEnd] = useState<SessionEnd>();
  const isAllowed = isOn || isOpen;
  const open = () => {
    setEnd(undefined);
    setSession(session + 1);
    setOpen(true);
  };
  return (
    <section className="panel terminal">
      <h2 className="hidden">{text.title}</h2>
      <div className="terminal-head">
        <button
          type="button"
          aria-disabled={!isAllowed}
          aria-expanded={isOpen}
          onClick={() => isAllowed && (isOpen ? setOpen(false) : open())}
        >
          {isOpen ? text.close : text.open}
        </button>
        {isOpen && end !== undefined && (
          <button type="button" aria-disabled={!isOn} onClick={() => isOn && open()}>
            {text.again}
          </button>
        )}
        <p aria-live="polite" className={end?.kind === 'failed' ? 'failure' : 'dim'}>
          {isOpen && end !== undefined ? endText(end, text) : isAllowed ? text.hint : text.off}
        </p>
      </div>
      {isOpen && (
        <div className="terminal-box">
          <Suspense fallback={<p>{text.opening}</p>}>
            <TerminalScreen key={session} host={name} label={text.label(name)} ended={setEnd} />
          </Suspense>
        </div>
      )}
      <CommandLines commands={[labLine(state, 'exec', name, '--', 'bash', '-l')]} />
    </section>
  );
}

function endText(end: SessionEnd, text: (typeof TEXT)['en']['terminal']): string {
  switch (end.kind) {
    case 'exited':
      return end.code === null ? text.gone : text.exited(end.code);
    case 'failed':
      return end.reason === '' ? text.lost : end.reason;
  }
}
