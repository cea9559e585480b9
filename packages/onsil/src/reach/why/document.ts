/** An answer as JSON, each verdict with its sentence. */
import type { NameSpace } from '../endpoint.ts';
import { servicesText, sourcePortsOf } from '../text/packets.ts';
import { changeText, verdictText } from '../text/path.ts';
import type { Answer, Way } from './why.ts';

/** What `onsil why --json` prints. @param way absent where the answer is yes */
export function whyDocument(
  { model: { region } }: NameSpace,
  from: string,
  to: string,
  { verdict, outcomes }: Answer,
  way: Way | undefined,
) {
  return {
    ...{ from, to, verdict },
    outcomes: outcomes.map(({ packets, verdict: each, forward, back }) => ({
      services: servicesText(packets),
      sourcePorts: sourcePortsOf(packets),
      verdict: each,
      text: verdictText(region, each),
      forward,
      return: back,
    })),
    ...(way === undefined
      ? {}
      : {
          changes: way.changes.map((change) => ({ ...change, text: changeText(region, change) })),
          proved: way.proved,
        }),
  };
}
