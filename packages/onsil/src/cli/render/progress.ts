/**
 * Three renderers of one stream of events: a few live lines on a terminal, plain lines
 * elsewhere, NDJSON for programs. None clears the screen or pins anything to it.
 */
import type { TimedEvent } from '../../lab/daemon/events.ts';
import { style } from './style.ts';

export interface Progress {
  show(event: TimedEvent): void;
  /** Leaves the terminal as the next line of output expects it. */
  end(): void;
}

export function progressFor(stream: NodeJS.WriteStream, json: boolean): Progress {
  if (json) return jsonProgress(stream);
  const plain = !stream.isTTY || 'CI' in process.env || 'ONSIL_PLAIN' in process.env;
  return plain ? plainProgress(stream) : liveProgress(stream);
}

function jsonProgress(stream: NodeJS.WriteStream): Progress {
  return {
    show: (event) => stream.write(`${JSON.stringify(event)}\n`),
    end: () => {},
  };
}

function plainProgress(stream: NodeJS.WriteStream): Progress {
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

/** One line per machine and running step, drawn over in place until all is done. */
function liveProgress(stream: NodeJS.WriteStream): Progress {
  const lines = new Map<string, string>();
  let drawn = 0;
  const erase = (): void => {
    if (drawn > 0) stream.write(`\u001B[${drawn}A\u001B[0J`);
    drawn = 0;
  };
  const draw = (): void => {
    const width = (stream.columns ?? 80) - 1;
    for (const line of lines.values()) stream.write(`${line.slice(0, width)}\n`);
    drawn = lines.size;
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
      } else if (event.kind === 'warning') {
        stream.write(`${style(stream, 'yellow', '!')} ${event.message}\n`);
      }
      draw();
    },
    end: () => erase(),
  };
}

const mark = (setup: string): string =>
  ({ done: '✓', none: '✓', failed: '✗', waiting: ' ' })[setup] ?? '·';

function describe(event: TimedEvent): string | undefined {
  const detail = 'detail' in event && event.detail !== undefined ? `  ${event.detail}` : '';
  switch (event.kind) {
    case 'step':
      return `${event.step}${event.done ? '' : ' …'}${detail}`;
    case 'machine':
      return `${event.name.padEnd(10)} ${SETUP[event.setup]}${detail}`;
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
