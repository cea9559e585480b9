/** Decisions of the lab, a line each. */
import type { FlowEvent } from '../../lab/daemon/flow.ts';
import { becauseOf, endsOf, type FlowRecord, serviceOf } from '../../lab/flow-record.ts';
import type { Region } from '../../region/region.ts';
import { cells, fit } from './table.ts';

/** AWS's line, and after it what decided. */
export function fullLine(record: FlowRecord): string {
  const { because, ...fields } = record;
  return `${Object.values(fields).join(' ')}  ${because}`;
}

/** The same for a person: names for addresses, and only what differs from line to line. */
export function shortLine(region: Region, event: FlowEvent, width: number): string {
  const { packet, accepted } = event;
  const time = new Date(event.time).toTimeString().slice(0, 8);
  const [source, destination] = endsOf(region, event);
  const pair = `${source} → ${destination} ${serviceOf(packet)}`;
  const action = accepted ? 'ACCEPT' : 'REJECT';
  const padded = pair + ' '.repeat(Math.max(0, PAIR - cells(pair)));
  return fit(`${time} ${action} ${padded}  ${becauseOf(region, event)}`, width);
}

/** Cells for who speaks to whom about what: the reason has most of the rest of 80. */
const PAIR = 26;
