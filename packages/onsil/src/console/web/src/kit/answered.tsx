import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type Texts, useText } from '../text.tsx';

const TEXT = {
  en: { loading: 'Asking the lab …', again: 'Ask again' },
  ko: { loading: '실습 환경에 묻는 중 …', again: '다시 묻기' },
} satisfies Texts<unknown>;

/** An answer, or that it is on its way, or why there is none. */
export function Answered<T>({
  of,
  children,
}: {
  readonly of: UseQueryResult<T>;
  readonly children: (answer: T) => ReactNode;
}) {
  const text = useText(TEXT);
  if (of.data !== undefined) return children(of.data);
  if (of.error === null) return <p className="dim">{text.loading}</p>;
  return (
    <div role="alert" className="failure">
      <p>{of.error.message}</p>
      <button type="button" onClick={() => void of.refetch()}>
        {text.again}
      </button>
    </div>
  );
}
