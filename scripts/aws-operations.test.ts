import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { page, withOperations } from './aws-operations.ts';

test('the table of operations is that of the code', () => {
  const text = readFileSync(page, 'utf8');
  expect(text).toContain('AuthorizeSecurityGroupIngress');
  expect(withOperations(text)).toBe(text);
});
