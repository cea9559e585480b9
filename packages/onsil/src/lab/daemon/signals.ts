/** Which signals an instance owes, and whether they have come. */
import type { Instance } from '../../region/instance.ts';
import type { Region } from '../../region/region.ts';
import type { WaitCondition } from '../../region/wait-condition.ts';

export interface Signal {
  readonly status: 'SUCCESS' | 'FAILURE';
  readonly reason: string;
  readonly uniqueId: string;
}

/** What is waited for. */
export type Awaited = Pick<WaitCondition, 'logicalId' | 'handleId' | 'count' | 'timeout'> & {
  /** How many of the signals must be of success. Default: all, 100. */
  readonly minSuccessfulPercent?: number;
};

/** How many signals of success it takes. */
function enough({
  count,
  minSuccessfulPercent = 100,
}: Pick<Awaited, 'count' | 'minSuccessfulPercent'>): number {
  return Math.ceil((count * minSuccessfulPercent) / 100);
}

/** A condition was not met, or a signal said that it never will be. */
export class SignalError extends Error {
  override readonly name = 'SignalError';
  readonly #condition: Awaited;
  readonly #signals: readonly Signal[];

  constructor(message: string, condition: Awaited, signals: readonly Signal[]) {
    super(message);
    this.#condition = condition;
    this.#signals = signals;
  }

  /** As CloudFormation gives it, for a wait condition or for a CreationPolicy. */
  reasonOf(what: 'condition' | 'resource'): string {
    const { count, minSuccessfulPercent = 100 } = this.#condition;
    const failures = this.#signals.filter(({ status }) => status === 'FAILURE');
    const [failure] = failures;
    const got = this.#signals.length - failures.length;
    if (what === 'condition') {
      return failure === undefined
        ? `WaitCondition timed out. Received ${got} conditions when expecting ${count}`
        : `WaitCondition received failed message: '${failure.reason}' for uniqueId: ${failure.uniqueId}`;
    }
    return failure === undefined
      ? `Failed to receive ${enough(this.#condition) - got} resource signal(s) within the specified duration`
      : `Received ${failures.length} FAILURE signal(s) out of ${count}. ` +
          `Unable to satisfy ${minSuccessfulPercent}% MinSuccessfulInstancesPercent requirement`;
  }
}

/** In AWS's words where a signal is the cause. */
export function reasonFor(cause: unknown, of: 'condition' | 'resource'): unknown {
  for (let error = cause; error instanceof Error; error = error.cause) {
    if (error instanceof SignalError) return new Error(error.reasonOf(of), { cause });
  }
  return cause;
}

/** The wait conditions that an instance's user data signals. */
export function owedBy(region: Region, instance: Instance): readonly WaitCondition[] {
  const urls = Object.values(region.waitConditionHandles).filter(
    ({ url }) => instance.userData?.includes(url) ?? false,
  );
  const handles = new Set(urls.map((handle) => handle.id));
  return Object.values(region.waitConditions).filter(({ handleId }) => handles.has(handleId));
}

/** Collects signals as they come in; those that come early wait for whoever asks. */
export class SignalBox {
  readonly #signals = new Map<string, Map<string, Signal>>();
  readonly #listeners = new Set<() => void>();

  receive(handleId: string, signal: Signal): void {
    const of = this.#signals.get(handleId) ?? new Map<string, Signal>();
    of.set(signal.uniqueId, signal);
    this.#signals.set(handleId, of);
    for (const listener of this.#listeners) listener();
  }

  forget(handleId: string): void {
    this.#signals.delete(handleId);
  }

  /**
   * Settles when the condition is met; rejects with SignalError when too many signals of failure
   * came, or after its timeout.
   * @param until ends the waiting; nobody is told any more then
   */
  wait(condition: Awaited, until?: AbortSignal): Promise<void> {
    const { handleId, count, timeout, logicalId } = condition;
    const needed = enough(condition);
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#listeners.delete(look);
      };
      const signals = (): readonly Signal[] => [...(this.#signals.get(handleId)?.values() ?? [])];
      const fail = (message: string): void => {
        end();
        reject(new SignalError(message, condition, signals()));
      };
      const look = (): void => {
        const failures = signals().filter(({ status }) => status === 'FAILURE');
        const [failure] = failures;
        const got = signals().length - failures.length;
        if (failure !== undefined && failures.length > count - needed) fail(failure.reason);
        else if (got >= needed) {
          end();
          resolve();
        }
      };
      const timer = setTimeout(() => {
        const got = signals().filter(({ status }) => status === 'SUCCESS').length;
        fail(`${logicalId} got ${got} of ${needed} signals of success within ${timeout} s`);
      }, timeout * 1000);
      until?.addEventListener('abort', end, { once: true });
      this.#listeners.add(look);
      look();
    });
  }

  /**
   * Counts signals of a batch of instances: resolves when all are in, when more than `mayFail`
   * are of failure, or after the timeout, with how many failed; one that did not come failed, too.
   * @param until ends the waiting: resolves with what failed so far
   */
  tally(
    { handleId, count, timeout }: Awaited,
    mayFail: number,
    until: AbortSignal,
  ): Promise<number> {
    return new Promise((resolve) => {
      const signals = (): readonly Signal[] => [...(this.#signals.get(handleId)?.values() ?? [])];
      const failures = (): number => signals().filter(({ status }) => status === 'FAILURE').length;
      const end = (failed: number): void => {
        clearTimeout(timer);
        this.#listeners.delete(look);
        until.removeEventListener('abort', stop);
        resolve(failed);
      };
      const look = (): void => {
        if (signals().length >= count || failures() > mayFail) end(failures());
      };
      const stop = (): void => end(failures());
      const timer = setTimeout(
        () => end(failures() + Math.max(0, count - signals().length)),
        timeout * 1000,
      );
      this.#listeners.add(look);
      until.addEventListener('abort', stop);
      if (until.aborted) stop();
      else look();
    });
  }
}
