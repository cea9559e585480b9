/**
 * The one normal form of a packet set: a decision structure of five levels (protocol, source,
 * destination, first detail, second detail). A level is a list of spans, sorted and disjoint;
 * neighbours with equal rests are one span; what no span holds is not in the set. Equal sets are
 * therefore deep-equal values.
 *
 * Intervals, not bits: rules name ranges of ports and blocks of addresses, so a set of rules is
 * a few spans, and it prints as what was written.
 */

/** Below the last level stands `true`. */
export type Rest = Level | true;
export type Level = readonly Span[];

export interface Span {
  /** Both inclusive. */
  readonly first: number;
  readonly last: number;
  readonly rest: Rest;
}

/** What a combination does where only the left, only the right, or both have a value. */
export interface Operation {
  readonly left: boolean;
  readonly right: boolean;
  readonly both: (a: Rest, b: Rest) => Rest | undefined;
}

export function equalRests(a: Rest, b: Rest): boolean {
  if (a === b) return true;
  if (a === true || b === true || a.length !== b.length) return false;
  return a.every((span, index) => {
    const other = b[index];
    return (
      other !== undefined &&
      span.first === other.first &&
      span.last === other.last &&
      equalRests(span.rest, other.rest)
    );
  });
}

/** Adds a span behind the last one, merged with it where they touch and their rests are equal. */
export function append(spans: Span[], first: number, last: number, rest: Rest | undefined): void {
  if (rest === undefined || (rest !== true && rest.length === 0)) return;
  const previous = spans.at(-1);
  if (previous === undefined) {
    spans.push({ first, last, rest });
    return;
  }
  if (previous.last >= first) {
    throw new RangeError(`Span ${first}–${last} does not lie behind ${previous.last}.`);
  }
  if (previous.last + 1 === first && equalRests(previous.rest, rest)) {
    spans[spans.length - 1] = { first: previous.first, last, rest: previous.rest };
  } else {
    spans.push({ first, last, rest });
  }
}

/**
 * Sweeps two levels from left to right. At each step there are three cases: only `a` has values
 * (up to its end, or to where `b` begins), only `b` (the same), or both (up to the nearer end).
 */
export function combine(a: Level, b: Level, operation: Operation): Level {
  const result: Span[] = [];
  const { left, right } = operation;
  const isPair = a.length === 1 && b.length === 1;
  const both = isPair ? operation.both : rememberLast(operation.both);
  let [i, j] = [0, 0];
  let [x, y] = [a[0], b[0]];
  // Where the spans that are left begin: of the first of each some may be done.
  let [fromA, fromB] = [x?.first ?? 0, y?.first ?? 0];
  const nextA = (from: number): void => {
    if (x === undefined || from <= x.last) fromA = from;
    else {
      i += 1;
      x = a[i];
      fromA = x?.first ?? 0;
    }
  };
  const nextB = (from: number): void => {
    if (y === undefined || from <= y.last) fromB = from;
    else {
      j += 1;
      y = b[j];
      fromB = y?.first ?? 0;
    }
  };
  while (x !== undefined && y !== undefined) {
    if (fromA < fromB) {
      const last = Math.min(x.last, fromB - 1);
      if (left) append(result, fromA, last, x.rest);
      nextA(last + 1);
    } else if (fromB < fromA) {
      const last = Math.min(y.last, fromA - 1);
      if (right) append(result, fromB, last, y.rest);
      nextB(last + 1);
    } else {
      const last = Math.min(x.last, y.last);
      append(result, fromA, last, both(x.rest, y.rest));
      nextA(last + 1);
      nextB(last + 1);
    }
  }
  while (left && x !== undefined) {
    append(result, fromA, x.last, x.rest);
    nextA(x.last + 1);
  }
  while (right && y !== undefined) {
    append(result, fromB, y.last, y.rest);
    nextB(y.last + 1);
  }
  return result;
}

/** As many as there are kinds of details: see `box`. */
const REMEMBERED = 3;

/**
 * Thousands of spans of addresses may share one rest and meet one rest, and so may protocols:
 * once is enough, and what comes of it is shared again.
 */
function rememberLast(both: Operation['both']): Operation['both'] {
  const known: { readonly a: Rest; readonly b: Rest; readonly made: Rest | undefined }[] = [];
  let oldest = 0;
  return (a, b) => {
    if (a === b || a === true || b === true) return both(a, b);
    for (const each of known) if (each.a === a && each.b === b) return each.made;
    const made = both(a, b);
    known[oldest] = { a, b, made };
    oldest = (oldest + 1) % REMEMBERED;
    return made;
  };
}

export const unionOf: Operation = {
  left: true,
  right: true,
  both: (a, b) => (a === b || a === true || b === true ? a : combine(a, b, unionOf)),
};

export const intersectionOf: Operation = {
  left: false,
  right: false,
  both: (a, b) => (a === b || a === true || b === true ? a : combine(a, b, intersectionOf)),
};

export const differenceOf: Operation = {
  left: true,
  right: false,
  both: (a, b) => (a === b || a === true || b === true ? undefined : combine(a, b, differenceOf)),
};
