import fc from 'fast-check';
import { writeFileSync } from 'node:fs';
import { compile } from './packages/onsil/src/reach/model.ts';
import { randomRegion } from './packages/onsil/src/reach/packet-trace/random-region.ts';
import { judge } from './packages/onsil/src/verify/verify.ts';
import { randomProbes } from './packages/onsil/test/lab/differential/probes.ts';
import { combine } from './packages/onsil/test/lab/differential/combine.ts';
import { decidedOtherwise } from './packages/onsil/test/lab/differential/decided.ts';
import { randomNumbers } from './packages/onsil/src/verify/random.ts';
import { sendIn } from './packages/onsil/test/lab/differential/world.ts';
const seed = 20261122;
const region = combine(fc.sample(randomRegion, { seed, numRuns: 12 }));
const model = compile(region);
const probes = randomProbes(region, 2500, randomNumbers(seed));
const sent = await sendIn('diff-search', region, probes);
const r = judge(model, sent.probes, sent.fates);
const byHost = new Map<string, {arr:number, ans:number, kept:number, on:number}>();
for (const f of sent.fates) {
  const g = (h: string) => { if (!byHost.has(h)) byHost.set(h, {arr:0,ans:0,kept:0,on:0}); return byHost.get(h)!; };
  if (f.arrived) { g(f.arrived.host).arr++; if (f.answered) g(f.arrived.host).ans++; }
  for (const p of f.passed) { if (f.sentOn.includes(p)) g(p).on++; else g(p).kept++; }
}
const nc = r.notConclusive.map(n => ({...n, fate: sent.fates[probes.indexOf(n.probe)]}));
const notSent = sent.fates.filter(f=>f.notSent).map(f=>f.notSent);
writeFileSync('/tmp/verify-diag.json', JSON.stringify({ hosts: [...byHost], nc, notSent, region, dis: r.disagreed, labels: decidedOtherwise(model, sent) }, null, 1));
console.log(r.agreed, r.disagreed.length, r.notConclusive.length, notSent.length);
