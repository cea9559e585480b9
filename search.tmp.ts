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
let seed = Number(process.argv[2]); const ms = Number(process.argv[3]) * 1000;
const start = performance.now();
const out: any[] = [];
for (; performance.now() - start < ms; seed++) {
  const t = performance.now();
  const region = combine(fc.sample(randomRegion, { seed, numRuns: 12 }));
  const model = compile(region);
  const probes = randomProbes(region, 2500, randomNumbers(seed));
  try {
    const sent = await sendIn('diff-search', region, probes);
    const r = judge(model, sent.probes, sent.fates);
    const d = decidedOtherwise(model, sent);
    console.log(seed, Math.round(performance.now() - t), 'ms sent', r.sent, 'agreed', r.agreed, 'reachable', r.reachable, 'open', r.open, 'dis', r.disagreed.length, 'nc', r.notConclusive.length, 'labels', d.length, 'decisions', sent.decisions.length);
    out.push({ seed, disagreed: r.disagreed.slice(0, 40), nc: r.notConclusive.slice(0, 20), labels: d.slice(0, 40) });
  } catch (e) { console.log(seed, String(e).slice(0, 500)); }
  writeFileSync('/tmp/verify-dis.json', JSON.stringify(out, null, 1));
}
