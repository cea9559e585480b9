import { expect, test } from 'vitest';
import { isFound } from './search.ts';

const text = 'revoke inbound rule tcp 3306 from App of database';

test.each(['', '  ', '3306', 'database 3306', 'DATABASE app'])('%j finds it', (words) => {
  expect(isFound(words, text)).toBe(true);
});

test.each(['443', 'database 443'])('%j does not', (words) => {
  expect(isFound(words, text)).toBe(false);
});
