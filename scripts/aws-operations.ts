/**
 * Writes the table of docs/aws-endpoints.md: which operations of which service the lab has.
 * `node scripts/aws-operations.ts`
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelOf } from '../packages/onsil/src/lab/services/aws/model.ts';
import { SERVICES } from '../packages/onsil/src/lab/services/aws/services.ts';

export const page = join(import.meta.dirname, '../docs/aws-endpoints.md');

/** Calls that only tell. */
const READS = /^(Describe|Get|List|Validate)/;

const START = '<!-- operations: node scripts/aws-operations.ts -->';
const END = '<!-- end of operations -->';

/** The page with the table as the code has it. */
export function withOperations(text: string): string {
  const [before = '', rest = ''] = text.split(START);
  const [, after = ''] = rest.split(END);
  return `${before}${START}\n\n${table()}\n\n${END}${after}`;
}

function table(): string {
  const rows = Object.entries(SERVICES).map(([service, { operations }]) => {
    const { metadata, others } = modelOf(service);
    const names = Object.keys(operations).toSorted();
    const list = (all: readonly string[]): string => all.join(', ') || '–';
    const writes = names.filter((name) => !READS.test(name));
    const reads = names.filter((name) => READS.test(name));
    return `| ${metadata.serviceFullName} (\`${service}\`) | ${list(writes)} | ${list(reads)} | ${others.length} |`;
  });
  return [
    '| service | changes the lab | tells what is there | not there |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

if (import.meta.main) writeFileSync(page, withOperations(readFileSync(page, 'utf8')));
