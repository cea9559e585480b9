/** Which signals an instance owes, and whether they have come. */
import type { Stack } from '../../cloudformation/stack.ts';
import type { Instance } from '../../region/instance.ts';
import type { Json } from '../../region/json.ts';
import type { Region } from '../../region/region.ts';
import type { WaitCondition } from '../../region/wait-condition.ts';
import { signalKey } from '../stacks/signal-key.ts';

export interface Signal {
  readonly status: 'SUCCESS' | 'FAILURE';
  readonly reason: string;
  readonly uniqueId: string;
}

/** What a condition of signals comes to, whoever asks for it. */
export type OwedSignals = Pick<WaitCondition, 'logicalId' | 'handleId' | 'count' | 'timeout'>;

/**
 * What an instance owes: the wait conditions that its user data or its metadata signals, and the
 * creation policy of the resource that made it.
 */
export function owedBy(region: Region, instance: Instance, stack?: Stack): readonly OwedSignals[] {
  const maker = Object.values(stack?.resources ?? {}).find(({ entries }) =>
    entries.some(({ table, id }) => table === 'instances' && id === instance.id),
  );
  const text = `${instance.userData ?? ''}\n${JSON.stringify(maker?.metadata ?? {})}`;
  const urls = Object.values(region.waitConditionHandles).filter(({ url }) => text.includes(url));
  const handles = new Set(urls.map((handle) => handle.id));
  const conditions = Object.values(region.waitConditions).filter(({ handleId }) =>
    handles.has(handleId),
  );
  const policy = maker === undefined ? undefined : signalsOf(maker.creationPolicy);
  if (stack === undefined || maker === undefined || policy === undefined) return conditions;
  const { logicalId } = maker;
  return [...conditions, { logicalId, handleId: signalKey(stack.name, logicalId), ...policy }];
}

/**
 * How many signals within how many seconds. Undefined: none are waited for.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-creationpolicy.html
 */
export function signalsOf(creationPolicy: Json | undefined) {
  const signal = memberOf(creationPolicy, 'ResourceSignal');
  if (signal === undefined) return undefined;
  const count = Number(memberOf(signal, 'Count') ?? 1);
  return { count, timeout: secondsOf(String(memberOf(signal, 'Timeout') ?? 'PT5M')) };
}

function memberOf(value: Json | undefined, name: string): Json | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return (value as Readonly<Record<string, Json>>)[name];
}

/** A duration of ISO 8601, as `PT1H30M`. */
function secondsOf(duration: string): number {
  const parts = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(duration);
  if (parts === null) throw new Error(`"${duration}" is not a duration such as PT15M`);
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts
    .slice(1)
    .map((each) => Number(each ?? 0));
  return ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
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
  wait({ handleId, count, timeout, logicalId }: OwedSignals): Promise<void> {
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
