/** Test files run side by side, so two that name the same lab tear down each other's. */
import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const LAB_NAME = /(?:\bLAB = |\bLab\.start\()'([^']+)'/g;

test('no two test files use a lab of the same name', () => {
  const uses = globSync('packages/onsil/test/**/*.ts').flatMap((file) => {
    const names = [...readFileSync(file, 'utf8').matchAll(LAB_NAME)].map((match) => match[1]);
    return [...new Set(names)].map((name) => ({ name, file }));
  });
  const filesOf = Object.groupBy(uses, ({ name }) => name ?? '');
  expect(Object.keys(filesOf)).toEqual(expect.arrayContaining(['test-acl', 'e2e-console']));
  expect(Object.values(filesOf).filter((files) => files?.length !== 1)).toEqual([]);
});
