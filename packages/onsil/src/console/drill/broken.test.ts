import { expect, test } from 'vitest';
import type { Arrow } from '../api.ts';
import { brokenPaths, brokenSite } from './broken.ts';

const arrow = (from: string, to: string, services: string): Arrow => ({
  ...{ from, to, services, family: 'ipv4' },
});

test('what a pair has lost is told with what is left of it', () => {
  const before = [arrow('api', 'db', 'tcp 22, 3306'), arrow('api', 'web', 'tcp 80')];
  const now = [arrow('api', 'db', 'tcp 22'), arrow('new', 'web', 'tcp 80')];
  expect(brokenPaths(before, now).map(({ text }) => text)).toEqual([
    'api → db: tcp 22, 3306 before, tcp 22 now',
    'api → web: tcp 80 before, nothing now',
  ]);
  expect(brokenPaths(before, before)).toEqual([]);
});

test('of very many the first are told, and how many more there are', () => {
  const before = Array.from({ length: 33 }, (_, index) => arrow(`api-${index}`, 'db', 'tcp 1'));
  const texts = brokenPaths(before, []).map(({ text }) => text);
  expect(texts).toHaveLength(31);
  expect(texts.at(-1)).toBe('and 3 more pairs');
});

test('a site that answers, and none, are not broken', () => {
  const site = { url: 'https://shop.example/health', answers: true, text: 'HTTP 200' };
  expect([brokenSite(site), brokenSite(null)]).toEqual([[], []]);
  const [broken] = brokenSite({ ...site, answers: false, text: 'HTTP 502' });
  expect(broken).toEqual({ kind: 'site', text: 'https://shop.example/health: HTTP 502' });
});
