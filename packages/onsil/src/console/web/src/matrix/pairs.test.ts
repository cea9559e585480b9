import { expect, test } from 'vitest';
import type { MatrixRow } from '../../../api.ts';
import { byPair, countOf, endsIn, endsOf, isWanted, pathOf } from './pairs.ts';

const row = (from: string, to: string, services: string, more = {}): MatrixRow => ({
  ...{ from, to, services, family: 'ipv4', ...more },
});
const api = row('api-1', 'database', 'tcp 3306');
const out = row('edge', 'internet', 'everything');
const six = row('edge', 'api-1', 'udp 53', { family: 'ipv6' });
const open = row('edge', 'api-1', 'tcp 22', { unknown: 'not modelled: depends on Firewall' });
const rows = [api, out, six, open];
const wanted = (filter: string) => rows.filter((each) => isWanted(each, filter));

test('a filter is names and ports', () => {
  expect(wanted('')).toEqual(rows);
  expect(wanted('Data')).toEqual([api]);
  expect(wanted('3306')).toEqual([api, out]);
  expect(wanted('330')).toEqual([out]);
  expect(wanted('edge 22')).toEqual([out, open]);
  expect(wanted('udp')).toEqual([six]);
  expect(wanted('ipv6')).toEqual([six]);
  expect(wanted('firewall')).toEqual([open]);
  expect(wanted('nobody')).toEqual([]);
});

test('the outside comes first, and no end is missing', () => {
  const ends = endsOf({ names: ['edge', 'internet', 'admin'], rows });
  expect(ends).toEqual(['internet', 'admin', 'edge', 'api-1', 'database']);
  expect(endsIn(rows, ends, 'from')).toEqual(['edge', 'api-1']);
  expect(endsIn(rows, ends, 'to')).toEqual(['internet', 'api-1', 'database']);
});

test('a pair has all of its rows', () => {
  expect(byPair(rows)('edge', 'api-1')).toEqual([six, open]);
  expect(countOf(rows)).toBe(3);
  expect(byPair(rows)('api-1', 'edge')).toEqual([]);
});

test('a row leads to its first service', () => {
  expect(pathOf(api)).toBe('/ask?from=api-1&to=database&port=3306');
  expect(pathOf(out)).toBe('/ask?from=edge&to=internet');
  expect(pathOf(six)).toBe('/ask?from=edge&to=api-1&port=53&protocol=udp&family=ipv6');
});
