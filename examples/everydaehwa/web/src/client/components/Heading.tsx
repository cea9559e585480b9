import { useEffect, useRef } from 'react';

/**
 * The title of a page. It takes the focus when its page replaces another, so that a keyboard goes on
 * from there and a screen reader says where one is; not on the first page, where the browser does.
 */
export function Heading({ children }: { readonly children: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${children} · 에브리 대화`;
    if (hasFocusMoved) heading.current?.focus();
    hasFocusMoved = true;
  }, [children]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}

let hasFocusMoved = false;
