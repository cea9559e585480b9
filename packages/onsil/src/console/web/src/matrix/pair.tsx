import type { MatrixRow } from '../../../api.ts';
import { Link } from '../kit/link.tsx';
import { shortText } from '../kit/services.ts';
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
  const name = `${row.from} → ${row.to}: ${full}`;
  const isUnknown = row.unknown !== undefined;
  return (
    <Link
      href={pathOf(row)}
      className={isUnknown ? 'pair is-unknown' : 'pair'}
      {...(isShort ? { title: full } : {})}
      aria-label={name}
    >
      {!isShort && full}
      {isShort && row.family === 'ipv6' && <small>IPv6</small>}
      {isShort && shortText(row.services, text.everything)}
      {isShort && isUnknown && <small>{text.unknown}</small>}
    </Link>
  );
}
