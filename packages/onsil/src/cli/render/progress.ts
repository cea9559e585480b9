/**
 * Three renderers of one stream of events: a few live lines on a terminal, plain lines
 * elsewhere, NDJSON for programs. None clears the screen or pins anything to it.
 */
import { stripVTControlCharacters } from 'node:util';
import type { TimedEvent } from '../../lab/daemon/events.ts';
import { type Screen, style } from './style.ts';
import { fit } from './table.ts';

export interface Progress {
  show(event: TimedEvent): void;
  /** Leaves the terminal as the next line of output expects it. */
  end(): void;
}

export function progressFor(stream: Screen, json: boolean): Progress {
  if (json) return jsonProgress(stream);
  const plain = !stream.isTTY || 'CI' in process.env || 'ONSIL_PLAIN' in process.env;
  return plain ? plainProgress(stream) : liveProgress(stream);
}

function jsonProgress(stream: Screen): Progress {
  return {
    show: (event) => stream.write(`${JSON.stringify(event)}\n`),
    end: () => {},
  };
}

function plainProgress(stream: Screen): Progress {
  return {
    show: (event) => {
      // What a step's programs print moves on a terminal; here it would bury the steps.
      if (event.kind === 'step' && !event.done && event.detail !== undefined) return;
      const text = describe(event);
      if (text !== undefined) stream.write(`${event.at.toFixed(1).padStart(6)} s  ${text}\n`);
    },
    end: () => {},
  };
}

/**
 * One line per machine and running step, drawn over in place until all is done. No line wraps and
 * no more are drawn than the screen has: the cursor cannot go back to what scrolled away.
 */
function liveProgress(stream: Screen): Progress {
  const lines = new Map<string, string>();
  let drawn = 0;
  const erase = (): void => {
    if (drawn > 0) stream.write(`\u001B[${drawn}A\u001B[0J`);
    drawn = 0;
  };
  const draw = (): void => {
    const width = (stream.columns ?? 80) - 1;
    const room = Math.max((stream.rows ?? 24) - 2, 1);
    const hidden = Math.max(lines.size - room, 0);
    const shown = [...lines.values()].slice(hidden);
    if (hidden > 0) shown.unshift(`  and ${hidden} more`);
    for (const line of shown) stream.write(`${fit(printable(line), width)}\n`);
    drawn = shown.length;
  };
  return {
    show: (event) => {
      erase();
      if (event.kind === 'step') {
        if (event.done) {
          lines.delete(`step ${event.step}`);
          stream.write(`${style(stream, 'green', '✓')} ${describe(event)}\n`);
        } else lines.set(`step ${event.step}`, `· ${describe(event)}`);
      } else if (event.kind === 'machine') {
        lines.set(`machine ${event.name}`, `${mark(event.setup)} ${describe(event)}`);
      } else if (event.kind === 'resource') {
        // One line that changes while it is worked on, and stays when that is over.
        if (event.status.endsWith('_IN_PROGRESS')) {
          lines.set(`resource ${event.logicalId}`, `· ${describe(event)}`);
        } else {
          lines.delete(`resource ${event.logicalId}`);
          const failed = event.status.includes('FAILED') || event.status.includes('ROLLBACK');
          const sign = failed ? style(stream, 'red', '✗') : style(stream, 'green', '✓');
          stream.write(`${sign} ${describe(event)}\n`);
        }
      } else if (event.kind === 'note') {
        stream.write(`${event.message}\n`);
      } else if (event.kind === 'warning') {
        stream.write(`${style(stream, 'yellow', '!')} ${event.message}\n`);
      }
      draw();
    },
    end: () => erase(),
  };
}

/** Without a program's own colours and cursor movements, tabs and the like. */
const printable = (line: string): string =>
  stripVTControlCharacters(line).replaceAll(/\p{Cc}/gu, ' ');

const mark = (setup: string): string =>
  ({ done: '✓', none: '✓', failed: '✗', waiting: ' ' })[setup] ?? '·';

function describe(event: TimedEvent): string | undefined {
  const detail = 'detail' in event && event.detail !== undefined ? `  ${event.detail}` : '';
  switch (event.kind) {
    case 'step':
      return `${event.step}${event.done ? '' : ' …'}${detail}`;
    case 'machine':
      return `${event.name.padEnd(10)} ${SETUP[event.setup]}${detail}`;
    case 'resource': {
      const reason = event.reason === undefined ? '' : `  ${event.reason}`;
      return `${event.logicalId.padEnd(10)} ${event.status}${reason}`;
    }
    case 'note':
      return event.message;
    case 'warning':
      return `warning: ${event.message}`;
    default:
      return undefined;
  }
}

const SETUP = {
  waiting: 'waits',
  starting: 'starts',
  running: 'is being set up',
  done: 'is set up',
  failed: 'failed',
  none: 'is up',
} as const;
