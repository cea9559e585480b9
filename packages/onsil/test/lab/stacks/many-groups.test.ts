/** An update of many security groups at once, while a stream that they do not concern goes on. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findLabs, removeFabric } from '../../../src/lab/fabric/remove.ts';
import { StackLab } from '../support/stack-lab.ts';
import { manyGroups, STEADY_PORT } from './many-groups.ts';

const LAB = 'test-many-groups';
const [OLD, NEW] = [8000, 9000];
const size = { groups: 50, rules: 20 };
let lab: StackLab;

beforeEach(async () => {
  await removeFabric(LAB);
  lab = new StackLab(LAB);
});
afterEach(async () => {
  await lab.stop();
  expect(await findLabs()).not.toContain(LAB);
});

test('fifty groups with twenty rules each change in one update, and no byte of a stream is lost', async () => {
  expect((await lab.put(manyGroups())).status).toBe('CREATE_COMPLETE');
  await lab.listen('Server', STEADY_PORT, OLD, NEW);
  const stream = await lab.stream('Client', 'Server', STEADY_PORT);
  const connects = (): Promise<readonly string[]> =>
    Promise.all([OLD, NEW].map((port) => lab.probe('Client', 'Server', port)));
  expect(await connects()).toEqual(['timeout', 'timeout']);
  for (const [port, outcomes] of [
    [OLD, ['connected', 'timeout']],
    [NEW, ['timeout', 'connected']],
  ] as const) {
    expect((await lab.put(manyGroups({ ...size, port }))).status).toBe('UPDATE_COMPLETE');
    expect(await connects()).toEqual(outcomes);
    expect(Object.keys(lab.region().securityGroups).length).toBeGreaterThan(size.groups);
  }
  expect((await lab.put(manyGroups())).status).toBe('UPDATE_COMPLETE');
  const { lines, fault } = await stream.end();
  expect(fault).toBeUndefined();
  expect(lines).toBeGreaterThan(100);
});
