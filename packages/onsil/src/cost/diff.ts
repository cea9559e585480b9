/** What of one bill is another one in the next. */
import type { Bill, BillLine } from './bill.ts';
import type { UnknownLine } from './item.ts';

export interface BillChange {
  readonly resource: string;
  readonly what: string;
  /** Absent: the older bill has no such line. */
  readonly before?: BillLine;
  /** Absent: the newer bill has no such line. */
  readonly after?: BillLine;
  /** US dollars a month; below zero where it becomes cheaper. */
  readonly usd: number;
}

export interface BillDiff {
  readonly changes: readonly BillChange[];
  readonly before: number;
  readonly after: number;
  /** Unknown in the newer bill, and not in the older one. */
  readonly newlyUnknown: readonly UnknownLine[];
  readonly noLongerUnknown: readonly UnknownLine[];
}

/** Lines are the same by their resource and what they are of; those that cost as much are left out. */
export function diffOf(older: Bill, newer: Bill): BillDiff {
  const before = new Map(older.lines.map((line) => [keyOf(line), line]));
  const after = new Map(newer.lines.map((line) => [keyOf(line), line]));
  const keys = new Set([...before.keys(), ...after.keys()]);
  const changes = [...keys].flatMap((key): readonly BillChange[] => {
    const was = before.get(key);
    const is = after.get(key);
    const line = is ?? was;
    if (line === undefined || (was?.usd === is?.usd && was?.quantity === is?.quantity)) return [];
    const { resource, what } = line;
    return [
      {
        ...{ resource, what, usd: (is?.usd ?? 0) - (was?.usd ?? 0) },
        ...(was === undefined ? {} : { before: was }),
        ...(is === undefined ? {} : { after: is }),
      },
    ];
  });
  return {
    ...{ changes, before: older.total, after: newer.total },
    newlyUnknown: lacking(newer.unknown, older.unknown),
    noLongerUnknown: lacking(older.unknown, newer.unknown),
  };
}

const keyOf = ({ resource, what }: Pick<BillLine, 'resource' | 'what'>): string =>
  `${resource}\n${what}`;

function lacking(
  all: readonly UnknownLine[],
  others: readonly UnknownLine[],
): readonly UnknownLine[] {
  const there = new Set(others.map(keyOf));
  return all.filter((each) => !there.has(keyOf(each)));
}
