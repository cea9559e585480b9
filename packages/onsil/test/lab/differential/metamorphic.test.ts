/** Changes of a region of which is known what they do to every packet, without asking `reach`. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Fate, SentProbe } from '../../../src/lab/probe/exchange.ts';
import { seedOf } from '../../../src/reach/fuzz.ts';
import { less, more, split, turned, withoutNumbers } from '../../../src/reach/metamorphic.ts';
import { compile } from '../../../src/reach/model.ts';
import { randomRegion } from '../../../src/reach/packet-trace/random-region.ts';
import type { Region } from '../../../src/region/region.ts';
import { predict } from '../../../src/verify/predict.ts';
import { randomNumbers } from '../../../src/verify/random.ts';
import { combine } from './combine.ts';
import { randomProbes } from './probes.ts';
import { sendIn } from './world.ts';

const LAB = 'metamorphic';
const seed = seedOf(process.env);
const regions = fc.sample(randomRegion, { seed, numRuns: 6 }).map(withoutNumbers);
const world = (change: (region: Region) => Region): Region => combine(regions.map(change));
const same = (region: Region): Region => region;
/** Where AWS takes one of two routes, no two runs have to be alike. */
const probes = settled(randomProbes(world(same), 1500, randomNumbers(seed)));

function settled(all: readonly SentProbe[]): readonly SentProbe[] {
  const model = compile(world(same));
  return all.filter((probe) => {
    const { kind } = predict(model, probe).outcome.verdict;
    return kind === 'reachable' || kind === 'blocked';
  });
}

const fatesIn = async (change: (region: Region) => Region): Promise<readonly Fate[]> =>
  (await sendIn(LAB, world(change), probes)).fates;
const words = ({ arrived, returned }: Fate): string => `${arrived?.host} ${returned}`;
const arrivals = (fates: readonly Fate[]): ReadonlySet<number> =>
  new Set(fates.flatMap(({ arrived }, index) => (arrived === undefined ? [] : [index])));

test(`${probes.length} packets fare as the change of their region says (seed ${seed})`, async () => {
  const before = await fatesIn(same);
  const there = arrivals(before);
  expect((await fatesIn(turned)).map(words)).toEqual(before.map(words));
  expect((await fatesIn(split)).map(words)).toEqual(before.map(words));
  const wider = arrivals(await fatesIn(more));
  expect([...there.difference(wider)]).toEqual([]);
  const narrower = arrivals(await fatesIn(less));
  expect([...narrower.difference(there)]).toEqual([]);
  // Each change did something.
  expect(wider.size).toBeGreaterThan(there.size);
  expect(narrower.size).toBeLessThan(there.size);
});
