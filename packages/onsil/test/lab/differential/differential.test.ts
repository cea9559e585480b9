/**
 * Two independent answers, held together: random regions are built as real namespaces, thousands
 * of packets are sent in them, and each one's fate, and who decided it, must be what `reach` says.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runsOf, seedOf } from '../../../src/reach/fuzz.ts';
import { compile } from '../../../src/reach/model.ts';
import { randomRegion } from '../../../src/reach/packet-trace/random-region.ts';
import { randomNumbers } from '../../../src/verify/random.ts';
import { judge } from '../../../src/verify/verify.ts';
import { combine } from './combine.ts';
import { decidedOtherwise } from './decided.ts';
import { randomProbes } from './probes.ts';
import { isKnown, sendIn } from './world.ts';

const LAB = 'differential';
/** Of two VPCs each, in one fabric. */
const REGIONS = 30;
const PROBES = 7500;
const ROUNDS = 1;
const seed = seedOf(process.env);
const rounds = runsOf(process.env, ROUNDS);
const random = randomNumbers(seed);
const all = fc.sample(randomRegion, { seed, numRuns: rounds * REGIONS });
const worlds = Array.from({ length: rounds }, (_, round) => {
  const region = combine(all.slice(round * REGIONS, (round + 1) * REGIONS));
  return { region, probes: randomProbes(region, PROBES, random) };
});
const sizes = worlds.map(({ region }) => Object.keys(region.networkInterfaces).length);
const packets = worlds.reduce((sum, { probes }) => sum + probes.length, 0);

test(`${packets} packets in worlds of ${sizes.join(', ')} interfaces have the fates that reach says (seed ${seed})`, async () => {
  expect(Math.min(...sizes)).toBeGreaterThan(200);
  const total = { agreed: 0, reachable: 0, open: 0 };
  for (const [round, { region, probes }] of worlds.entries()) {
    const model = compile(region);
    const sent = await sendIn(LAB, region, probes);
    const { agreed, reachable, open, disagreed, notConclusive } = judge(
      model,
      sent.probes,
      sent.fates,
    );
    expect(
      disagreed.map(({ probe, expected, seen }) => ({ round, probe, expected, seen })),
    ).toEqual([]);
    expect(notConclusive.filter(({ reason }) => !isKnown(reason))).toEqual([]);
    expect(decidedOtherwise(model, sent)).toEqual([]);
    total.agreed += agreed;
    total.reachable += reachable;
    total.open += open;
  }
  // The worlds are varied enough to be worth asking.
  expect(total.agreed).toBeGreaterThan(0.9 * rounds * PROBES);
  expect(total.reachable).toBeGreaterThan(0.05 * rounds * PROBES);
  expect(total.open).toBeGreaterThan(0);
});
