/**
 * Two independent answers, held together: random regions are built as real namespaces, thousands
 * of packets are sent in them, and each one's fate must be what `reach` says.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runsOf, seedOf } from '../../../src/reach/fuzz.ts';
import { compile } from '../../../src/reach/model.ts';
import { randomRegion } from '../../../src/reach/packet-trace/random-region.ts';
import { compare } from '../../../src/verify/compare.ts';
import { predict } from '../../../src/verify/predict.ts';
import { randomProbes } from './probes.ts';
import { fatesIn } from './world.ts';

const LAB = `differential-${process.pid}`;
const seed = seedOf(process.env);
const regions = fc.sample(randomRegion, { seed, numRuns: runsOf(process.env, 40) });

test(`every packet of ${regions.length} random regions (seed ${seed}) has the fate that reach says`, async () => {
  const counts = new Map<string, number>();
  const disagreements: unknown[] = [];
  const random = randomNumbers(seed);
  for (const [index, region] of regions.entries()) {
    const model = compile(region);
    const probes = randomProbes(region, 150, random);
    const fates = await fatesIn(LAB, region, probes);
    probes.forEach((probe, at) => {
      const prediction = predict(model, probe);
      const comparison = compare(
        prediction,
        fates[at] ?? { passed: [], answered: false, returned: false },
      );
      const name =
        comparison.kind === 'agreed'
          ? `agreed: ${prediction.outcome.verdict.kind}`
          : comparison.kind;
      counts.set(name, (counts.get(name) ?? 0) + 1);
      if (comparison.kind === 'disagreed' || comparison.kind === 'not-conclusive')
        disagreements.push({ index, probe, ...comparison });
    });
  }
  console.log(counts);
  const { writeFileSync } = await import('node:fs');
  writeFileSync('/tmp/verify-dis.json', JSON.stringify(disagreements, null, 1));
  expect(disagreements.length).toEqual(0);
});

/** Park and Miller's minimal standard generator: the same numbers for the same seed. */
function randomNumbers(start: number): (below: number) => number {
  let state = (start % 2147483646) + 1;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}
