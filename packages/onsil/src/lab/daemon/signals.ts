/** Which signals an instance owes, and whether they have come. */
import type { Instance } from '../../region/instance.ts';
import type { Region } from '../../region/region.ts';
import type { WaitCondition } from '../../region/wait-condition.ts';

export interface Signal {
  readonly status: 'SUCCESS' | 'FAILURE';
  readonly reason: string;
  readonly uniqueId: string;
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

  /** Settles when the condition is met; rejects on a signal of failure or after its timeout. */
  wait({ handleId, count, timeout, logicalId }: WaitCondition): Promise<void> {
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        this.#listeners.delete(look);
        settle();
      };
      const look = (): void => {
        const signals = [...(this.#signals.get(handleId)?.values() ?? [])];
        const failure = signals.find((signal) => signal.status === 'FAILURE');
        if (failure !== undefined) finish(() => reject(new Error(failure.reason)));
        else if (signals.length >= count) finish(resolve);
      };
      const timer = setTimeout(() => {
        const got = this.#signals.get(handleId)?.size ?? 0;
        finish(() =>
          reject(
            new Error(`${logicalId} got ${got} of ${count} signals of success within ${timeout} s`),
          ),
        );
      }, timeout * 1000);
      this.#listeners.add(look);
      look();
    });
  }
}
