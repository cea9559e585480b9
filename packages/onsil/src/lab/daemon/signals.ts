/** Which signals an instance owes, and whether they have come. */
import type { Instance } from '../../region/instance.ts';
import type { Region } from '../../region/region.ts';
import type { WaitCondition } from '../../region/wait-condition.ts';

export interface Signal {
  readonly status: 'SUCCESS' | 'FAILURE';
  readonly reason: string;
  readonly uniqueId: string;
}

/** A condition was not met, or a signal said that it never will be. */
export class SignalError extends Error {
  override readonly name = 'SignalError';
  readonly #condition: Pick<WaitCondition, 'count'>;
  readonly #signals: readonly Signal[];

  constructor(
    message: string,
    condition: Pick<WaitCondition, 'count'>,
    signals: readonly Signal[],
  ) {
    super(message);
    this.#condition = condition;
    this.#signals = signals;
  }

  /** As CloudFormation gives it, for a wait condition or for a CreationPolicy. */
  reasonOf(what: 'condition' | 'resource'): string {
    const { count } = this.#condition;
    const failures = this.#signals.filter(({ status }) => status === 'FAILURE');
    const [failure] = failures;
    const got = this.#signals.length - failures.length;
    if (what === 'condition') {
      return failure === undefined
        ? `WaitCondition timed out. Received ${got} conditions when expecting ${count}`
        : `WaitCondition received failed message: '${failure.reason}' for uniqueId: ${failure.uniqueId}`;
    }
    return failure === undefined
      ? `Failed to receive ${count - got} resource signal(s) within the specified duration`
      : `Received ${failures.length} FAILURE signal(s) out of ${count}. ` +
          'Unable to satisfy 100% MinSuccessfulInstancesPercent requirement';
  }
}

/** Stands for the handle of signals to a resource itself (`SignalResource`, cfn-signal). */
export function resourceHandle(stackName: string, logicalId: string): string {
  return `${stackName}/${logicalId}`;
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
   * Settles when the condition is met; rejects with SignalError on a signal of failure or after
   * its timeout.
   * @param until ends the waiting; nobody is told any more then
   */
  wait(condition: WaitCondition, until?: AbortSignal): Promise<void> {
    const { handleId, count, timeout, logicalId } = condition;
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
        const failure = signals().find(({ status }) => status === 'FAILURE');
        if (failure !== undefined) fail(failure.reason);
        else if (signals().length >= count) {
          end();
          resolve();
        }
      };
      const timer = setTimeout(() => {
        const got = signals().length;
        fail(`${logicalId} got ${got} of ${count} signals of success within ${timeout} s`);
      }, timeout * 1000);
      until?.addEventListener('abort', end, { once: true });
      this.#listeners.add(look);
      look();
    });
  }
}
