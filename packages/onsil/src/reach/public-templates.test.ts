/** Public templates in the region: each is made, or refused, and connects, as was worked out by hand. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  EXPECTATIONS,
  MY_IP,
  REGION,
  TEMPLATES,
  type TemplateExpectation,
  WHY_SKIPPED,
} from '../../test/templates/expectations.ts';
import { parseTarget } from '../cli/commands/why.ts';
import { parseTemplate } from '../cloudformation/parse.ts';
import { createStack, type StackResult } from '../cloudformation/stack.ts';
import { baseRegion } from '../region/base-region.ts';
import { put, type Region } from '../region/region.ts';
import { endpointOf } from './endpoint.ts';
import { compile } from './model.ts';
import { notModelledOf } from './not-modelled-of.ts';
import type { Endpoint } from './trace/trace.ts';
import { ask } from './why/why.ts';

function regionFor({ keyPair }: TemplateExpectation): Region {
  const region = baseRegion(REGION, { publicKey: 'ssh-ed25519 AAAA own' });
  if (keyPair === undefined) return region;
  const key = { id: `key-${keyPair}`, name: keyPair, publicKey: 'ssh-ed25519 AAAA author' };
  return put(region, 'keyPairs', key.id, key);
}

function made(expectation: TemplateExpectation): StackResult {
  const stack = (region: Region, file: string, stackName: string, exports = {}) =>
    createStack(region, parseTemplate(readFileSync(join(TEMPLATES, file), 'utf8'), file), {
      ...{ stackName, parameters: expectation.parameters ?? {}, secret: 'salt', exports },
    });
  const { after, file } = expectation;
  const region = regionFor(expectation);
  if (after === undefined) return stack(region, file, 'demo');
  const first = stack(region, after.file, after.stackName);
  const exports = Object.values(first.stack.outputs).flatMap(({ exportName, value }) =>
    exportName === undefined ? [] : [[exportName, value]],
  );
  return stack(first.region, file, 'demo', Object.fromEntries(exports));
}

function isReachable({ region, stack }: StackResult, from: string, to: string): boolean {
  const model = compile(region, 'ipv4', { notModelled: notModelledOf(stack, region) });
  const target = parseTarget(to);
  const end = (text: string): Endpoint => {
    const found = endpointOf({ model, administrator: `${MY_IP}/32` }, text);
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
      const { outcome, connections = [] } = expectation;
      if (outcome.kind === 'reported') {
        expect(() => made(expectation)).toThrow(outcome.message);
        return;
      }
      const result = made(expectation);
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
      expect(connections.length > 0 || outcome.hosts.length === 0).toBe(true);
    },
  );
});
