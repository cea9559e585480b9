/**
 * Holds the two answers together: what `reach` says of a lab's region, and what becomes of real
 * packets in the lab. The only place that knows both.
 */
import type { NamespaceReference } from '../lab/fabric/namespace.ts';
import { exchange, type Fate, type SentProbe } from '../lab/probe/exchange.ts';
import type { Model } from '../reach/model.ts';
import { compare } from './compare.ts';
import { hostsOf } from './hosts.ts';
import { type Prediction, predict } from './predict.ts';
import type { LeftOut } from './questions.ts';

export interface Report {
  readonly sent: number;
  readonly agreed: number;
  /** Of those that agreed. */
  readonly reachable: number;
  readonly disagreed: readonly Disagreement[];
  /** AWS leaves the outcome open. */
  readonly open: number;
  readonly notConclusive: readonly NotConclusive[];
  readonly left: readonly LeftOut[];
}

export interface Disagreement {
  readonly probe: SentProbe;
  readonly expected: string;
  readonly seen: string;
  readonly prediction: Prediction;
  readonly fate: Fate;
}

export interface NotConclusive {
  readonly probe: SentProbe;
  readonly reason: string;
}

/** In flight together. */
const BATCH = 4096;

export async function verify(options: {
  readonly lab: string;
  readonly model: Model;
  /** The network namespace of each instance that is running, by its name. */
  readonly guests: ReadonlyMap<string, NamespaceReference>;
  readonly probes: readonly SentProbe[];
  readonly left: readonly LeftOut[];
  /** Told after each batch how many packets were sent. */
  readonly onProgress?: (sent: number) => void;
}): Promise<Report> {
  const { lab, model, guests, probes, left, onProgress } = options;
  const hosts = hostsOf(lab, model.region, guests);
  const fates: Fate[] = [];
  for (let at = 0; at < probes.length; at += BATCH) {
    fates.push(...(await exchange(hosts, probes.slice(at, at + BATCH))));
    onProgress?.(fates.length);
  }
  return { ...judge(model, probes, fates), left };
}

/** @param fates of the probes, in their order */
export function judge(
  model: Model,
  probes: readonly SentProbe[],
  fates: readonly Fate[],
): Omit<Report, 'left'> {
  let [agreed, reachable, open] = [0, 0, 0];
  const disagreed: Disagreement[] = [];
  const notConclusive: NotConclusive[] = [];
  for (const [index, probe] of probes.entries()) {
    const fate = fates[index];
    if (fate === undefined) throw new RangeError(`There is no fate of probe ${index}.`);
    const prediction = predict(model, probe);
    const comparison = compare(prediction, fate);
    switch (comparison.kind) {
      case 'agreed':
        agreed += 1;
        if (prediction.outcome.verdict.kind === 'reachable') reachable += 1;
        break;
      case 'open':
        open += 1;
        break;
      case 'disagreed': {
        const { expected, seen } = comparison;
        disagreed.push({ probe, expected, seen, prediction, fate });
        break;
      }
      case 'not-conclusive':
        notConclusive.push({ probe, reason: comparison.reason });
        break;
    }
  }
  return { sent: probes.length, agreed, reachable, disagreed, open, notConclusive };
}
