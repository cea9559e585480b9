import type { ReactNode } from 'react';

/** What may be wider or taller than its place: scrolled by keyboard too. */
export function Scroll({
  label,
  className = '',
  children,
}: {
  readonly label: string;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  const named = { role: 'region', tabIndex: 0, 'aria-label': label };
  return (
    <div className={`scroll ${className}`} {...named}>
      {children}
    </div>
  );
}
