/** Which property changes replace a resource, by AWS's published specification. */
import { createRequire } from 'node:module';
import type { CausesReplacement, Recreation } from '../../cloudformation/change.ts';

const WORDS: Readonly<Record<string, Recreation>> = { yes: 'Always', maybe: 'Conditionally' };

let known: ReadonlyMap<string, Recreation> | undefined;

/**
 * Reads the specification when it is first asked, which takes about a second; only what replaces
 * is kept. Types and properties that it does not know change in place.
 */
export const causesReplacement: CausesReplacement = (type, property) => {
  known ??= read();
  return known.get(`${type}.${property}`) ?? 'Never';
};

function read(): ReadonlyMap<string, Recreation> {
  const load = createRequire(import.meta.url);
  const { loadAwsServiceSpecSync } = load(
    '@aws-cdk/aws-service-spec',
  ) as typeof import('@aws-cdk/aws-service-spec');
  const found = new Map<string, Recreation>();
  for (const resource of loadAwsServiceSpecSync().all('resource')) {
    const type = resource.cloudFormationType;
    for (const [name, { causesReplacement: word }] of Object.entries(resource.properties)) {
      const recreation = WORDS[word ?? ''];
      if (recreation !== undefined) found.set(`${type}.${name}`, recreation);
    }
    for (const [name, ...below] of resource.additionalReplacementProperties ?? []) {
      if (below.length === 0) found.set(`${type}.${name}`, 'Always');
    }
  }
  return found;
}
