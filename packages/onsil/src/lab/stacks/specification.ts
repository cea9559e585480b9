/** Which property changes replace a resource, by AWS's published specification. */
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { CausesReplacement, Recreation } from '../../cloudformation/change.ts';

const WORDS: Readonly<Record<string, Recreation>> = { yes: 'Always', maybe: 'Conditionally' };
/** What this file is told where it is a worker. */
const TASK = 'onsil: read the specification';

let known: ReadonlyMap<string, Recreation> | undefined;
let reading: Promise<void> | undefined;

/**
 * Types and properties that the specification does not know change in place. Where nobody has
 * waited for `learnReplacements`, the first question reads it, and everything waits a second or two.
 */
export const causesReplacement: CausesReplacement = (type, property) => {
  known ??= read();
  return known.get(`${type}.${property}`) ?? 'Never';
};

/** Reads the specification in a thread of its own, once. */
export function learnReplacements(): Promise<void> {
  reading ??= known === undefined ? learn() : Promise.resolve();
  return reading;
}

async function learn(): Promise<void> {
  const worker = new Worker(new URL(import.meta.url), { workerData: TASK });
  const [found] = (await once(worker, 'message')) as [ReadonlyMap<string, Recreation>];
  known ??= found;
  await worker.terminate();
}

/** Only what replaces is kept. */
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

if (!isMainThread && workerData === TASK) parentPort?.postMessage(read());
