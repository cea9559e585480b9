import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useMapText } from './text.ts';

/** A panel at the side. Escape closes it; the focus goes back to where it came from. */
export function Sheet({
  title,
  close,
  children,
}: {
  readonly title: string;
  readonly close: () => void;
  readonly children: ReactNode;
}) {
  const text = useMapText();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const { current } = dialog;
    if (current === null || current.open) return;
    // A click beside it too, where the browser knows that.
    current.setAttribute('closedby', 'any');
    current.showModal();
  }, []);
  return (
    <dialog ref={dialog} className="sheet" aria-labelledby={id} onClose={close}>
      <header>
        <h2 id={id}>{title}</h2>
        <button type="button" className="quiet" onClick={() => dialog.current?.close()}>
          {text.close}
        </button>
      </header>
      {children}
    </dialog>
  );
}
