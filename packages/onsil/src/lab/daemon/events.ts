/** What happens in a lab, as it happens: one stream, shown by every renderer alike. */

export type SetupState = 'waiting' | 'starting' | 'running' | 'done' | 'failed' | 'none';

export type LabEvent =
  /** A piece of work that is not one machine's. */
  | {
      readonly kind: 'step';
      readonly step: string;
      readonly done: boolean;
      readonly detail?: string;
    }
  | {
      readonly kind: 'machine';
      readonly name: string;
      readonly setup: SetupState;
      /** What it is doing, in a few words. */
      readonly detail?: string;
    }
  /** What the stack engine does to one resource of a lab that is up, or to the stack itself. */
  | {
      readonly kind: 'resource';
      readonly logicalId: string;
      readonly type: string;
      /** CloudFormation's, e.g. `UPDATE_IN_PROGRESS`. */
      readonly status: string;
      readonly reason?: string;
    }
  /** Said once and for all, such as what is about to be installed. */
  | { readonly kind: 'note'; readonly message: string }
  | { readonly kind: 'warning'; readonly message: string }
  | { readonly kind: 'ready'; readonly seconds: number; readonly site?: string }
  | { readonly kind: 'failed'; readonly message: string };

export type TimedEvent = LabEvent & {
  /** Seconds since the command was given. */
  readonly at: number;
};

/** Keeps all events for those who listen later. */
export class EventLog {
  readonly #events: TimedEvent[] = [];
  readonly #listeners = new Set<(event: TimedEvent) => void>();
  readonly #startedAt: number;
  readonly #now: () => number;

  constructor(startedAt: number, now: () => number) {
    this.#startedAt = startedAt;
    this.#now = now;
  }

  /** Seconds since the command was given, to the millisecond. */
  seconds(): number {
    return Math.round(this.#now() - this.#startedAt) / 1000;
  }

  emit(event: LabEvent): void {
    const timed = { ...event, at: this.seconds() };
    this.#events.push(timed);
    for (const listener of this.#listeners) listener(timed);
  }

  /** Calls back with every event so far, then with each new one until unsubscribed. */
  subscribe(listener: (event: TimedEvent) => void): () => void {
    for (const event of this.#events) listener(event);
    return this.subscribeNew(listener);
  }

  /** Calls back with each event from now on until unsubscribed. */
  subscribeNew(listener: (event: TimedEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** The last word of an `up`. */
export function isFinal(event: LabEvent): event is LabEvent & { kind: 'ready' | 'failed' } {
  return event.kind === 'ready' || event.kind === 'failed';
}
