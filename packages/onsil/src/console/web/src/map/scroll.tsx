import type { ReactNode } from 'react';

/** What may be wider than the page: it is scrolled on its own, by the keyboard too. */
export function Scroll({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ReactNode;
}) {
  const region = { role: 'region', tabIndex: 0, 'aria-label': label };
  return (
    <div className="scroll" {...region}>
      {children}
    </div>
  );
}
