import type { MatrixRow } from '../../../api.ts';
import { Link } from '../kit/link.tsx';
import { shortOf } from '../kit/services.ts';
import { useText } from '../text.tsx';
import { pathOf } from './pairs.ts';
import { TEXT } from './text.ts';

/** All of it in words. */
export function useFullText() {
  const text = useText(TEXT);
  return ({ services, family, sources, unknown }: MatrixRow): string =>
    [
      ...(family === 'ipv6' ? ['IPv6:'] : []),
      services,
      ...(sources === undefined ? [] : [`(${text.only} ${sources})`]),
      ...(unknown === undefined ? [] : [`(${text.unknown})`]),
    ].join(' ');
}

interface Given {
  readonly row: MatrixRow;
  /** For a cell of the grid. */
  readonly isShort?: boolean;
}

/** Leads to how packets get there. */
export function PairLink({ row, isShort = false }: Given) {
  const text = useText(TEXT);
  const full = useFullText()(row);
  const isUnknown = row.unknown !== undefined;
  const { text: short, more } = shortOf(row.services);
  const marks = {
    ...(row.family === 'ipv6' ? { 'data-family': 'IPv6' } : {}),
    ...(more > 0 ? { 'data-more': `+${more}` } : {}),
    ...(isUnknown ? { 'data-unknown': text.unknown } : {}),
  };
  return (
    <Link
      href={pathOf(row)}
      className={isUnknown ? 'pair is-unknown' : 'pair'}
      // The style shows the marks: the name has all of it in words.
      {...(isShort ? { title: full, ...marks } : {})}
      aria-label={`${row.from} → ${row.to}: ${full}`}
    >
      {isShort ? short : full}
    </Link>
  );
}
