/** Server-Sent Events: https://html.spec.whatwg.org/multipage/server-sent-events.html */
import type { ServerResponse } from 'node:http';
import type { StreamEnd } from '../api.ts';

/** Of one reader that does not keep up: what would be kept for it beyond this is left out. */
const MOST_WAITING_BYTES = 4 * 1024 * 1024;

export class EventStream<T> {
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
  }

  get isClosed(): boolean {
    return this.#response.closed || this.#response.destroyed;
  }

  /** @returns whether there was room for it */
  send(event: T | StreamEnd): boolean {
    if (this.isClosed || this.#response.writableLength > MOST_WAITING_BYTES) return false;
    this.#response.write(`data: ${JSON.stringify(event)}\n\n`);
    return true;
  }

  onClose(listener: () => void): void {
    if (this.isClosed) listener();
    else this.#response.once('close', listener);
  }

  end(reason: string): void {
    this.send({ end: reason });
    this.#response.end();
  }
}
