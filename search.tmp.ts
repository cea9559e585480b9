import fc from 'fast-check';
import { writeFileSync } from 'node:fs';
import { compile } from './packages/onsil/src/reach/model.ts';
import { randomRegion } from './packages/onsil/src/reach/packet-trace/random-region.ts';
import { compare } from './packages/onsil/src/verify/compare.ts';
import { predict } from './packages/onsil/src/verify/predict.ts';
import { randomProbes } from './packages/onsil/test/lab/differential/probes.ts';
import { fatesIn } from './packages/onsil/test/lab/differential/world.ts';
const seed = Number(process.argv[2]); const ms = Number(process.argv[3]) * 1000;
const counts = new Map<string, number>(); const dis: unknown[] = [];
let state = (seed % 2147483646) + 1;
const random = (b: number) => { state = (state * 48271) % 2147483647; return state % b; };
const start = performance.now(); let worlds = 0;
for (const [index, region] of fc.sample(randomRegion, { seed, numRuns: 2000 }).entries()) {
  if (performance.now() - start > ms) break;
  const model = compile(region);
  const probes = randomProbes(region, 300, random);
  let fates;
  try { fates = await fatesIn('diff-search', region, probes); } catch (e) { dis.push({ index, error: String(e).slice(0, 600) }); continue; }
  worlds++;
  probes.forEach((probe, at) => {
    const p = predict(model, probe); const fate = fates[at]!; const c = compare(p, fate);
    const name = c.kind === 'agreed' ? `agreed: ${p.outcome.verdict.kind}` : c.kind;
    counts.set(name, (counts.get(name) ?? 0) + 1);
    if (c.kind === 'disagreed' || c.kind === 'not-conclusive') dis.push({ index, probe, ...c, fate, forward: p.outcome.forward, back: p.outcome.back });
  });
}
console.log(worlds, 'worlds', Math.round(performance.now() - start), 'ms', counts);
writeFileSync(`/tmp/verify-dis-${seed}.json`, JSON.stringify({ seed, dis }, null, 1));
