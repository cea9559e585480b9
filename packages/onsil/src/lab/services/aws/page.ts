/** Answers in pages. */
import { AwsError } from '../endpoints/error.ts';

export interface Page<T> {
  readonly items: readonly T[];
  /** Absent on the last page. */
  readonly next?: string;
}

/**
 * The page that a token stands for; the first one without. A token is the number of what came
 * before, so it holds for a list that is not reordered meanwhile.
 * @param code of the error for a token that was never given out
 */
export function pageOf<T>(
  all: readonly T[],
  {
    size,
    token,
    code = 'InvalidNextToken',
  }: {
    readonly size: number;
    readonly token: string | undefined;
    readonly code?: string;
  },
): Page<T> {
  const start = token === undefined ? 0 : startOf(token, code);
  const items = all.slice(start, start + size);
  const end = start + items.length;
  return { items, ...(end < all.length ? { next: tokenOf(end) } : {}) };
}

const tokenOf = (start: number): string => Buffer.from(`onsil ${start}`).toString('base64');

function startOf(token: string, code: string): number {
  const [, start] = /^onsil (\d{1,9})$/.exec(Buffer.from(token, 'base64').toString()) ?? [];
  if (start !== undefined) return Number(start);
  throw new AwsError(
    400,
    code,
    'The token for the next page is not valid: take it from the page before.',
  );
}
