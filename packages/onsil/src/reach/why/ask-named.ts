/** A question by names, asked of the family of addresses that it is about. */
import type { Region } from '../../region/region.ts';
import { familyOf, type NameSpace } from '../endpoint.ts';
import { compile, type Model } from '../model.ts';
import type { Endpoint, Question } from '../trace/trace.ts';
import type { Target } from './target.ts';
import { type Answer, ask, type Way, wayThrough } from './why.ts';

export interface Asked {
  /** Of the family that was asked about. */
  readonly space: NameSpace;
  readonly ends: Question;
  readonly answer: Answer;
  /** Whether all that was asked about is reachable, or, without a port, anything. */
  readonly isGood: boolean;
  /** What would have to change; absent where it is good. */
  readonly way?: Way;
}

/** @param endOf reads a name in a name space; throws where there is no such end */
export function askNamed(
  asked: NameSpace,
  from: string,
  target: Target,
  endOf: (space: NameSpace, text: string) => Endpoint,
): Asked {
  const named = [from, target.to].filter((text) => familyOf(text) === 'ipv6');
  const { notModelled } = asked.model;
  const modelFor = (region: Region): Model =>
    compile(region, target.family, { named, notModelled });
  const space =
    target.family === 'ipv4' ? asked : { ...asked, model: modelFor(asked.model.region) };
  const ends = {
    from: endOf(space, from),
    to: endOf(space, target.to),
    packets: target.packets,
  };
  const answer = ask(space.model, ends);
  const isGood = answer.verdict === 'reachable' || (!target.exact && answer.verdict === 'partly');
  if (isGood) return { space, ends, answer, isGood };
  // What is outside depends on the region's public addresses: the names are read anew each time.
  const questionOf = (model: Model): Question => ({
    ...ends,
    from: endOf({ ...space, model }, from),
    to: endOf({ ...space, model }, target.to),
  });
  const way = wayThrough(space.model.region, questionOf, modelFor);
  return { space, ends, answer, isGood, way };
}
