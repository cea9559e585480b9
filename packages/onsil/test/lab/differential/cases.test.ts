import { expect, test } from 'vitest';
import { compile } from '../../../src/reach/model.ts';
import { REFUSAL_LOST } from '../../../src/verify/compare.ts';
import { predict } from '../../../src/verify/predict.ts';
import { judge } from '../../../src/verify/verify.ts';
import { CASES, KNOWN } from './cases.ts';
import { decidedOtherwise } from './decided.ts';
import { sendIn } from './world.ts';

const LAB = 'cases';

test.each(CASES)('$name ($verdict): $page', async ({ region, probe, verdict }) => {
  const model = compile(region);
  expect(predict(model, probe).outcome.verdict.kind).toBe(verdict);
  const sent = await sendIn(LAB, region, [probe]);
  const { disagreed, notConclusive, agreed, open } = judge(model, sent.probes, sent.fates);
  expect(disagreed.map(({ expected, seen }) => ({ expected, seen }))).toEqual([]);
  expect(notConclusive).toEqual([]);
  expect({ agreed, open }).toEqual(
    verdict === 'ambiguous' ? { agreed: 0, open: 1 } : { agreed: 1, open: 0 },
  );
  expect(decidedOtherwise(model, sent)).toEqual([]);
});

test.each(KNOWN)('the lab still differs: $name', async ({ region, probe, verdict, closed }) => {
  const model = compile(region);
  expect(predict(model, probe).outcome.verdict.kind).toBe(verdict);
  const ports = closed === true ? [probe.destinationPort] : [];
  const sent = await sendIn(LAB, region, [probe], (plan) => plan, ports);
  const { disagreed, notConclusive } = judge(model, sent.probes, sent.fates);
  expect(disagreed).toHaveLength(closed === true ? 0 : 1);
  expect(notConclusive.map(({ reason }) => reason)).toEqual(closed === true ? [REFUSAL_LOST] : []);
});
