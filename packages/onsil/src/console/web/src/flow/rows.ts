/** What the Flow view shows of the decisions that come: one row for each connection. */
import type { Flow, FlowLost, StreamEnd } from '../../../api.ts';

/** Of each kind: many that are accepted do not push out the few that are rejected. */
export const MOST_ROWS = 500;

/** Decisions about the same packet are this near to each other, and equal ones are told as one row. */
const SAME_MS = 1000;

export interface Reason {
  readonly text: string;
  readonly count: number;
}

export interface Connection {
  readonly kind: 'accepted' | 'rejected';
  readonly key: number;
  readonly at: number;
  readonly from: string;
  readonly to: string;
  readonly service: string;
  readonly bytes: number;
  /** How often within a second. */
  readonly count: number;
  /** The gates that let it through: a sender's and a receiver's, as a rule. */
  readonly passed: readonly Reason[];
  /** What stopped it: then the others had let it through before. */
  readonly refused: readonly Reason[];
}

/** What is said of the stream itself, in its place. */
export type Remark = { readonly key: number } & (
  | { readonly kind: 'lost'; readonly lost: number }
  | { readonly kind: 'end'; readonly end: string }
);

export type Row = Connection | Remark;

export const isConnection = (row: Row | undefined): row is Connection =>
  row?.kind === 'accepted' || row?.kind === 'rejected';

export interface Flows {
  /** The newest first. */
  readonly rows: readonly Row[];
  /** Since the first one, also those that are not kept any more. */
  readonly accepted: number;
  readonly rejected: number;
}

export const NO_FLOWS: Flows = { rows: [], accepted: 0, rejected: 0 };

export function withEvent(flows: Flows, event: Flow | FlowLost | StreamEnd): Flows {
  if ('at' in event) return withFlow(flows, event);
  const [newest] = flows.rows;
  if ('lost' in event && newest?.kind === 'lost') {
    const row = { ...newest, lost: newest.lost + event.lost };
    return { ...flows, rows: flows.rows.with(0, row) };
  }
  const key = nextKey(flows);
  const row: Remark =
    'lost' in event ? { kind: 'lost', key, ...event } : { kind: 'end', key, ...event };
  return { ...flows, rows: trimmed([row, ...flows.rows], row.kind) };
}

function withFlow(flows: Flows, flow: Flow): Flows {
  const place = placeOf(flows.rows, flow);
  const before = flows.rows[place];
  const isKnown = isConnection(before);
  const row = joined(isKnown ? before : firstOf(flow, nextKey(flows)), flow);
  const rows = isKnown ? flows.rows.with(place, row) : trimmed([row, ...flows.rows], row.kind);
  const more = (kind: Connection['kind']): number =>
    (row.kind === kind ? row.count : 0) - (isKnown && before.kind === kind ? before.count : 0);
  return {
    rows,
    accepted: flows.accepted + more('accepted'),
    rejected: flows.rejected + more('rejected'),
  };
}

const nextKey = ({ rows: [newest] }: Flows): number => (newest?.key ?? 0) + 1;

/** Of the row that tells of the same connection; -1: none does. */
function placeOf(rows: readonly Row[], { at, from, to, service }: Flow): number {
  for (const [place, row] of rows.entries()) {
    if (!isConnection(row)) continue;
    if (at - row.at >= SAME_MS) return -1;
    if (row.from === from && row.to === to && row.service === service) return place;
  }
  return -1;
}

function firstOf({ at, from, to, service, accepted }: Flow, key: number): Connection {
  const kind = accepted ? 'accepted' : 'rejected';
  return { kind, key, at, from, to, service, bytes: 0, count: 0, passed: [], refused: [] };
}

/** A packet that one gate lets through and the next one does not is rejected. */
function joined(row: Connection, { accepted, because, bytes }: Flow): Connection {
  const passed = accepted ? counted(row.passed, because) : row.passed;
  const refused = accepted ? row.refused : counted(row.refused, because);
  const isRejected = refused.length > 0;
  // Each gate decides about each of them once.
  const count = Math.max(...(isRejected ? refused : passed).map((each) => each.count));
  const isMore = count > row.count;
  return {
    ...{ ...row, kind: isRejected ? 'rejected' : 'accepted', passed, refused, count },
    bytes: row.bytes + (isMore ? bytes : 0),
  };
}

function counted(reasons: readonly Reason[], text: string): readonly Reason[] {
  const place = reasons.findIndex((each) => each.text === text);
  const known = reasons[place];
  if (known === undefined) return [...reasons, { text, count: 1 }];
  return reasons.with(place, { text, count: known.count + 1 });
}

/** Without the oldest one of a kind where there are too many. */
function trimmed(rows: readonly Row[], kind: Row['kind']): readonly Row[] {
  if (rows.filter((each) => each.kind === kind).length <= MOST_ROWS) return rows;
  return rows.toSpliced(
    rows.findLastIndex((each) => each.kind === kind),
    1,
  );
}

/** What a row can be asked about: nothing where it is not of a kind that questions have. */
export function questionOf({ from, to, service }: Connection) {
  const [, protocol, number] = /^(tcp|udp|icmp) (\d+)$/.exec(service) ?? [];
  if (protocol === undefined || number === undefined) return undefined;
  if (protocol === 'tcp') return { from, to, port: Number(number) };
  if (protocol === 'udp') return { from, to, port: Number(number), protocol: 'udp' as const };
  const ECHO_REQUEST = '8';
  return number === ECHO_REQUEST ? { from, to, port: 'ping' as const } : undefined;
}
