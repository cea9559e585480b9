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
const PROBES = 4000;
const seed = seedOf(process.env);
const rounds = runsOf(process.env, 2);

test(`packets in ${rounds * REGIONS} random regions have the fates that reach says (seed ${seed})`, async ({
  annotate,
}) => {
  const regions = fc.sample(randomRegion, { seed, numRuns: rounds * REGIONS });
  const random = randomNumbers(seed);
  const total = { interfaces: 0, sent: 0, agreed: 0, reachable: 0, open: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const region = combine(regions.slice(round * REGIONS, (round + 1) * REGIONS));
    const model = compile(region);
    const interfaces = Object.keys(region.networkInterfaces).length;
    expect(interfaces).toBeGreaterThan(200);
    const sent = await sendIn(LAB, region, randomProbes(region, PROBES, random));
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
    total.interfaces += interfaces;
    total.sent += sent.probes.length;
    total.agreed += agreed;
    total.reachable += reachable;
    total.open += open;
  }
  await annotate(
    `${rounds} fabrics, ${total.interfaces} interfaces, ${total.sent} packets: ` +
      `${total.agreed} agreed, ${total.open} open (seed ${seed})`,
  );
  // The worlds are varied enough to be worth asking.
  expect(total.agreed).toBeGreaterThan(0.9 * rounds * PROBES);
  expect(total.reachable).toBeGreaterThan(0.05 * rounds * PROBES);
  expect(total.open).toBeGreaterThan(0);
});
