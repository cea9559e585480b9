/** Lines of several journals in the order of their time, as they are shown. Pure. */
import type { LogLine } from '../../../api.ts';

/** More than that nobody reads, and a page gets slow of. */
const MOST_LINES = 1000;

export interface LogState {
  readonly lines: readonly LogLine[];
  /** What came while nothing was to move. */
  readonly held: readonly LogLine[];
  readonly isPaused: boolean;
  /** The reader has scrolled up. */
  readonly isReading: boolean;
  /** Why the server has no more. */
  readonly end: string | null;
}

export type LogAction =
  | { readonly kind: 'came'; readonly lines: readonly LogLine[] }
  | { readonly kind: 'ended'; readonly reason: string }
  | { readonly kind: 'pause' }
  | { readonly kind: 'follow' }
  | { readonly kind: 'scrolled'; readonly isAtEnd: boolean };

export const NO_LINES: LogState = {
  ...{ lines: [], held: [], end: null },
  ...{ isPaused: false, isReading: false },
};

export const isFollowing = ({ isPaused, isReading }: LogState): boolean => !isPaused && !isReading;

export function next(state: LogState, action: LogAction): LogState {
  switch (action.kind) {
    case 'came': {
      if (isFollowing(state)) {
        return { ...state, lines: merged(state.lines, action.lines), end: null };
      }
      const shown = new Set(state.lines.map(keyOf));
      const fresh = action.lines.filter((line) => !shown.has(keyOf(line)));
      return { ...state, held: merged(state.held, fresh), end: null };
    }
    case 'ended':
      return { ...state, end: action.reason === '' ? null : action.reason };
    case 'pause':
      return { ...state, isPaused: true };
    case 'follow':
      return released({ ...state, isPaused: false, isReading: false });
    case 'scrolled':
      if (action.isAtEnd === !state.isReading) return state;
      return released({ ...state, isReading: !action.isAtEnd });
  }
}

function released(state: LogState): LogState {
  if (!isFollowing(state) || state.held.length === 0) return state;
  return { ...state, lines: merged(state.lines, state.held), held: [] };
}

/** A stream that is opened again tells its last lines once more. */
function merged(lines: readonly LogLine[], more: readonly LogLine[]): readonly LogLine[] {
  const byKey = new Map([...lines, ...more].map((line) => [keyOf(line), line]));
  if (byKey.size === lines.length) return lines;
  return [...byKey.values()].toSorted((one, two) => one.at - two.at).slice(-MOST_LINES);
}

export const keyOf = ({ host, cursor }: LogLine): string => `${host} ${cursor}`;
