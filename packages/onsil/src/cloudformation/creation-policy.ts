/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-creationpolicy.html */
import { isMap, type Json, type JsonMap } from '../region/json.ts';

/** Signals that a resource waits for. */
export interface SignalPolicy {
  readonly count: number;
  /** Seconds. */
  readonly timeout: number;
  /** How many of them must be of success, in percent; the others may be of failure or missing. */
  readonly minSuccessfulPercent: number;
}

/** Nothing for a resource that waits for no signal. */
export function creationPolicyOf(policy: Json | undefined): SignalPolicy | undefined {
  const own = partOf(policy, 'ResourceSignal');
  if (own === undefined) return undefined;
  const percent = partOf(policy, 'AutoScalingCreationPolicy')?.['MinSuccessfulInstancesPercent'];
  return {
    count: Number(own['Count'] ?? 1),
    timeout: secondsOf(String(own['Timeout'] ?? 'PT5M')),
    minSuccessfulPercent: Number(percent ?? 100),
  };
}

/** A part of a policy; absent where the policy has it not. */
export function partOf(policy: Json | undefined, name: string): JsonMap | undefined {
  const part = isMap(policy ?? null) ? (policy as JsonMap)[name] : undefined;
  return part !== undefined && isMap(part) ? part : undefined;
}

/** Of a duration such as `PT1H30M` (ISO 8601). */
export function secondsOf(text: string): number {
  const [, hours = 0, minutes = 0, seconds = 0] =
    /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/.exec(text) ?? [];
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}
