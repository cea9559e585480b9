import { expect, test } from 'vitest';
import { awsPrefixLists } from './prefix-list.ts';

test("AWS's own lists, by id, the same in every run, and without known entries", () => {
  const lists = awsPrefixLists('eu-west-1');
  expect(Object.values(lists).map(({ name }) => name)).toEqual([
    'com.amazonaws.eu-west-1.s3',
    'com.amazonaws.eu-west-1.dynamodb',
    'com.amazonaws.eu-west-1.s3express',
    'com.amazonaws.global.cloudfront.origin-facing',
  ]);
  for (const [id, list] of Object.entries(lists)) {
    expect(id).toMatch(/^pl-[0-9a-f]{8}$/);
    expect(list).toMatchObject({ id, family: 'ipv4' });
    expect(list).not.toHaveProperty('entries');
  }
  expect(awsPrefixLists('eu-west-1')).toEqual(lists);
});
