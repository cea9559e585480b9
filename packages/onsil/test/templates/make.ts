/** Makes the stacks of public templates. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseTemplate } from '../../src/cloudformation/parse.ts';
import { createStack, type StackResult } from '../../src/cloudformation/stack.ts';
import { baseRegion } from '../../src/region/base-region.ts';
import { put, type Region } from '../../src/region/region.ts';
import { REGION, TEMPLATES, type TemplateExpectation } from './expectations.ts';

/** The region with its default VPC, an own key pair, and those that the authors had. */
export function regionWith(...keyPairs: readonly (string | undefined)[]): Region {
  const region = baseRegion(REGION, { publicKey: 'ssh-ed25519 AAAA own' });
  return keyPairs.reduce<Region>((next, name) => {
    if (name === undefined) return next;
    const key = { id: `key-${name}`, name, publicKey: 'ssh-ed25519 AAAA author' };
    return put(next, 'keyPairs', key.id, key);
  }, region);
}

/** The region with the template's stack, and with the one that comes first. Throws TemplateError. */
export function make(
  region: Region,
  { file, after, parameters = {} }: TemplateExpectation,
  stackName: string,
): StackResult {
  const stack = (before: Region, name: string, path: string, exports = {}) =>
    createStack(before, parseTemplate(readFileSync(join(TEMPLATES, path), 'utf8'), path), {
      ...{ stackName: name, parameters, secret: 'salt', exports },
    });
  if (after === undefined) return stack(region, stackName, file);
  const first = stack(region, after.stackName, after.file);
  const exports = Object.values(first.stack.outputs).flatMap(({ exportName, value }) =>
    exportName === undefined ? [] : [[exportName, value]],
  );
  return stack(first.region, stackName, file, Object.fromEntries(exports));
}
