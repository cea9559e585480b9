import type { Region } from '../../region/region.ts';
import type { WaitConditionHandle } from '../../region/wait-condition.ts';
import { AwsError } from './endpoints/error.ts';
import { bodyOf, type Exchange, readAll, send } from './endpoints/exchange.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-waitcondition.html */
export interface Signal {
  readonly status: 'SUCCESS' | 'FAILURE';
  readonly reason: string;
  readonly uniqueId: string;
  readonly data: string;
}

export type OnSignal = (handleId: string, signal: Signal) => void | Promise<void>;

/** The `Data` of a signal holds 4,096 characters; a reason, the end of a log. */
const MAX_BODY_BYTES = 64 * 1024;

/** The handle whose URL this is, whatever the query: the path alone names it. */
export function handleAt(
  region: Region,
  host: string,
  path: string,
): WaitConditionHandle | undefined {
  return Object.values(region.waitConditionHandles).find(({ url }) => {
    const at = URL.canParse(url) ? new URL(url) : undefined;
    return at !== undefined && at.hostname === host && decoded(at.pathname) === decoded(path);
  });
}

/** Takes signals; one that repeats a UniqueId of its handle counts once. */
export function createWaitConditions(onSignal: OnSignal) {
  const seen = new Set<string>();
  return {
    async handle(exchange: Exchange, handle: WaitConditionHandle): Promise<void> {
      if (exchange.signed.method !== 'PUT') {
        throw new AwsError(405, 'MethodNotAllowed', 'A signal is sent to its handle with PUT.');
      }
      const signal = parseSignal((await readAll(bodyOf(exchange), MAX_BODY_BYTES)).toString());
      const key = `${handle.id} ${signal.uniqueId}`;
      if (!seen.has(key)) {
        seen.add(key);
        try {
          await onSignal(handle.id, signal);
        } catch (cause) {
          // The client may try again: this signal was not taken.
          seen.delete(key);
          throw cause;
        }
      }
      send(exchange, 200, {});
    },
  };
}

function parseSignal(text: string): Signal {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    throw malformed('it is not JSON');
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw malformed('it is not a JSON object');
  }
  const member = (name: string): string => {
    const value: unknown = Object.hasOwn(given, name) ? Reflect.get(given, name) : undefined;
    if (typeof value !== 'string') throw malformed(`${name} is missing or no string`);
    return value;
  };
  const status = member('Status');
  if (status !== 'SUCCESS' && status !== 'FAILURE') {
    throw malformed(`Status is "${status}": it must be SUCCESS or FAILURE`);
  }
  const uniqueId = member('UniqueId');
  if (uniqueId === '') throw malformed('UniqueId is empty');
  return { status, uniqueId, reason: member('Reason'), data: member('Data') };
}

function malformed(what: string): AwsError {
  return new AwsError(
    400,
    'InvalidRequest',
    `The signal is not {"Status", "Reason", "UniqueId", "Data"}: ${what}.`,
  );
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
