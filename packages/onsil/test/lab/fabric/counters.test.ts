/** The kernel's own words against those of `nft`, whose answer takes several datagrams. */
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCounters } from '../../../src/lab/fabric/counters.ts';
import { TABLE } from '../../../src/lab/fabric/ruleset.ts';
import { run } from '../../../src/lab/process.ts';

/** Its name is that of no lab, so that none takes it for its own. */
const NAMESPACE = `counters-${process.pid}`;
const COUNT = 3000;
/** More than a number of 32 bits has room for. */
const PACKETS = 2 ** 40;

const inside = (program: string, args: readonly string[], input = '') =>
  run('ip', ['netns', 'exec', NAMESPACE, program, ...args], { input });

/** Adds as many counters with labels of all lengths, all at once. */
const add = (from: number) =>
  inside('nft', ['-f', '-'], `table ${TABLE} {\n${counters(from).join('\n')}\n}`);

const counters = (from: number): readonly string[] =>
  Array.from({ length: COUNT }, (_, at) => {
    const label = `${from + at}${'-'.repeat(at % 100)}`;
    return `counter c${from + at} { packets ${PACKETS + at} bytes ${at}; comment "${label}"; }`;
  });

const OTHERS = `
table ${TABLE} { counter silent { }; quota other { 5 bytes; }; }
table ip of-another { counter c { comment "of another"; }; }
table inet onsil { counter c { comment "of another family"; }; }`;

beforeAll(async () => {
  await run('ip', ['netns', 'add', NAMESPACE]);
  await add(0);
  await inside('nft', ['-f', '-'], OTHERS);
});
afterAll(() => run('ip', ['netns', 'del', NAMESPACE]));

test('are those that nft lists: of our table, with a label', async () => {
  const { stdout } = await inside('nft', ['-j', 'list', 'counters']);
  const { nftables }: Listing = JSON.parse(stdout);
  const listed = nftables.flatMap(({ counter }) =>
    counter?.comment !== undefined && `${counter.family} ${counter.table}` === TABLE
      ? [[counter.comment, { packets: counter.packets, bytes: counter.bytes }] as const]
      : [],
  );
  expect(listed).toHaveLength(COUNT);
  expect(readCounters(NAMESPACE)).toEqual(new Map(listed));
});

test('are of before a change or of after it, never of both', async () => {
  const times = [1, 2, 3, 4, 5, 6, 7, 8];
  const sizes: number[] = [];
  for (const time of times) {
    let isChanging = true;
    const change = add(time * COUNT).finally(() => {
      isChanging = false;
    });
    while (isChanging) {
      sizes.push(readCounters(NAMESPACE).size);
      await setImmediate();
    }
    await change;
  }
  expect(sizes).toEqual(expect.arrayContaining(times.map((time) => time * COUNT)));
  expect(sizes.filter((size) => size % COUNT !== 0)).toEqual([]);
});

test('are none where there is no table', async () => {
  await inside('nft', ['delete', 'table', ...TABLE.split(' ')]);
  expect(readCounters(NAMESPACE)).toEqual(new Map());
});

test('of a namespace that is not there, it says so', () => {
  expect(() => readCounters('counters-of-nobody')).toThrow('/run/netns/counters-of-nobody');
});

interface Listing {
  readonly nftables: readonly {
    readonly counter?: {
      readonly family: string;
      readonly table: string;
      readonly comment?: string;
      readonly packets: number;
      readonly bytes: number;
    };
  }[];
}
