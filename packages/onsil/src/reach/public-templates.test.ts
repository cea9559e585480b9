/** Public templates in the region: each is made, or refused, and connects, as was worked out by hand. */
import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { EXPECTATIONS, MY_IP, TEMPLATES, WHY_SKIPPED } from '../../test/templates/expectations.ts';
import { make, regionWith } from '../../test/templates/make.ts';
import { parseTarget } from '../cli/commands/why.ts';
import type { StackResult } from '../cloudformation/stack.ts';
import { endpointOf } from './endpoint.ts';
import { compile } from './model.ts';
import { notModelledOf } from './not-modelled-of.ts';
import type { Endpoint } from './trace/trace.ts';
import { ask } from './why/why.ts';

function isReachable({ region, stack }: StackResult, from: string, to: string): boolean {
  const model = compile(region, 'ipv4', { notModelled: notModelledOf(stack, region) });
  const target = parseTarget(to);
  const end = (text: string): Endpoint => {
    // Of an interface endpoint, the stack knows the name.
    const name =
      stack.resources[text]?.type === 'AWS::EC2::VPCEndpoint'
        ? stack.resources[text].physicalId
        : text;
    const found = endpointOf({ model, administrator: `${MY_IP}/32` }, name);
    if ('unknown' in found) throw new Error(`${text} is none of the template's ends.`);
    return found;
  };
  const packets = { packets: target.packets };
  const { verdict } = ask(model, { from: end(from), to: end(target.to), ...packets });
  // Neither "partly" nor "not modelled" is an answer that somebody could have worked out.
  expect(['reachable', 'blocked', 'no-route', 'unreachable']).toContain(verdict);
  return verdict === 'reachable';
}

describe.skipIf(!existsSync(TEMPLATES))(`public templates${WHY_SKIPPED}`, () => {
  test('every file has a line in the table', () => {
    const files = readdirSync(TEMPLATES).filter((each) => /\.(ya?ml|json|template)$/.test(each));
    const known = new Set(EXPECTATIONS.map(({ file }) => file));
    expect(files.filter((file) => !known.has(file))).toEqual([]);
    expect(files.length).toBeGreaterThanOrEqual(25);
  });

  test.each(EXPECTATIONS.map((each) => [each.file, each.outcome.kind, each] as const))(
    '%s %s',
    (_file, _kind, expectation) => {
      const { outcome, keyPair, connections = [] } = expectation;
      const made = () => make(regionWith(keyPair), expectation, 'demo');
      if (outcome.kind === 'reported') {
        expect(made).toThrow(outcome.message);
        return;
      }
      const result = made();
      const names = Object.values(result.region.instances).map(({ name }) => name);
      expect(names.toSorted()).toEqual([...outcome.hosts].toSorted());
      const recorded = result.problems.flatMap(
        ({ message }) => /^(\S+) is .*recorded, not run\.$/.exec(message)?.[1] ?? [],
      );
      expect([...new Set(recorded)].toSorted()).toEqual(outcome.recorded ?? []);
      for (const { from, to, port, allowed } of connections) {
        const isAllowed = isReachable(result, from, `${to}:${port}`);
        expect(`${from} → ${to} ${port} ${isAllowed}`).toBe(`${from} → ${to} ${port} ${allowed}`);
      }
      const outcomes = [...new Set(connections.map(({ allowed }) => allowed))].toSorted();
      expect(outcomes).toEqual(outcome.hosts.length === 0 ? [] : [false, true]);
    },
  );
});
