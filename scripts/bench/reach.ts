/** How long it takes to work out who reaches whom, in regions up to AWS's quotas. */
import { compile, type Model } from '../../packages/onsil/src/reach/model.ts';
import { reachability } from '../../packages/onsil/src/reach/reachability.ts';
import {
  type LargeRegionSize,
  largeRegion,
} from '../../packages/onsil/src/reach/scenarios/large-region.ts';
import { ask } from '../../packages/onsil/src/reach/why/why.ts';
import type { Region } from '../../packages/onsil/src/region/region.ts';

/** Groups grow with the region, up to 200; each has 60 rules in each direction, AWS's quota. */
export const REACH_SIZES = {
  reach10: { interfaces: 10, groups: 10, groupsEach: 1, rules: 60 },
  reach100: { interfaces: 100, groups: 50, groupsEach: 1, rules: 60 },
  reach1000: { interfaces: 1000, groups: 200, groupsEach: 1, rules: 60 },
  reach5000: { interfaces: 5000, groups: 200, groupsEach: 1, rules: 60 },
  reach10000: { interfaces: 10_000, groups: 200, groupsEach: 1, rules: 60 },
  reach1000Five: { interfaces: 1000, groups: 200, groupsEach: 5, rules: 60 },
  reach5000Five: { interfaces: 5000, groups: 200, groupsEach: 5, rules: 60 },
} as const satisfies Record<string, LargeRegionSize>;

export type ReachId = keyof typeof REACH_SIZES;

/** Milliseconds of each round. */
export type ReachTimes = Readonly<Record<ReachId | 'why', readonly number[]>>;

/** Every size in each round, so that what else the machine does meets all of them. */
export function measureReach(rounds: number, say: (text: string) => void): ReachTimes {
  const ids = Object.keys(REACH_SIZES) as ReachId[];
  const times: Record<ReachId | 'why', number[]> = {
    ...{ reach10: [], reach100: [], reach1000: [], reach5000: [], reach10000: [] },
    ...{ reach1000Five: [], reach5000Five: [], why: [] },
  };
  const regions = new Map(ids.map((id) => [id, largeRegion(REACH_SIZES[id])]));
  for (let round = 1; round <= rounds; round += 1) {
    say(`who reaches whom: ${round} of ${rounds}`);
    for (const [id, region] of regions) times[id].push(allPairs(region));
    const largest = regions.get('reach5000Five');
    if (largest !== undefined) times.why.push(...singleQuestions(compile(largest)));
  }
  return times;
}

/** From the region to an answer for every pair and every port. */
function allPairs(region: Region): number {
  const began = performance.now();
  const { classes, none } = reachability(compile(region));
  let open = 0;
  for (const from of classes) {
    for (const to of classes) if (!none(from, to)) open += 1;
  }
  const milliseconds = performance.now() - began;
  if (open === 0) throw new Error('Nobody reaches anybody: there was nothing to work out.');
  return milliseconds;
}

/** Some questions after loading: between neighbours, tiers, and from the Internet. */
function singleQuestions(model: Model): readonly number[] {
  const internet = { kind: 'addresses', ranges: model.outside } as const;
  const at = (name: string) => ({ kind: 'network-interface', id: `eni-${name}` }) as const;
  const questions = [
    { from: at('m6'), to: at('m7') },
    { from: at('m7'), to: at('m8') },
    { from: at('m8'), to: at('m14') },
    { from: internet, to: at('m24') },
    { from: at('m7'), to: internet },
  ];
  return questions.map((question) => {
    const began = performance.now();
    const { outcomes } = ask(model, question);
    const milliseconds = performance.now() - began;
    if (outcomes.length === 0) throw new Error('A question without an answer is no figure.');
    return milliseconds;
  });
}
