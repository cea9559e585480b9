import type { TemplateDiff } from '@aws-cdk/cloudformation-diff';
import { parse } from 'yaml';

/**
 * What the properties of two templates differ in, and what the change comes to, by AWS's published
 * specification.
 * @param before JSON or YAML, with functions in their long form, as the toolkit sends them
 */
export async function templateDiff(before: string, after: string): Promise<TemplateDiff> {
  const { fullDiff } = await import('@aws-cdk/cloudformation-diff');
  return fullDiff(plain(before), plain(after));
}

const plain = (text: string): Record<string, unknown> => parse(text, { schema: 'yaml-1.1' });
