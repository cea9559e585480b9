import { expect, test } from 'vitest';
import { namesText } from './names.ts';

test.each<[readonly string[], string]>([
  [[], ''],
  [['web'], 'web'],
  [['api-1', 'api-2', 'api-3', 'web'], 'api-1…api-3, web'],
  [['api-1', 'api-3'], 'api-1, api-3'],
  [['api-2', 'api-1'], 'api-2, api-1'],
  [['m9', 'm10', 'm11'], 'm9…m11'],
  [['web', 'web'], 'web'],
  [['a', 'b', 'c', 'd'], 'a, b, c, d'],
  [['a', 'b', 'c', 'd', 'e'], 'a, b, c and 2 more'],
])('%j is %j', (names, text) => {
  expect(namesText(names)).toBe(text);
});
