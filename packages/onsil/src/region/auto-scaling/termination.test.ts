import { expect, test } from 'vitest';
import type { TerminationPolicy } from '../auto-scaling-group.ts';
import { toTerminate } from './termination.ts';
import { groupOf } from './testing.ts';

const SUBNETS = ['a1', 'b1'];
const version = (number: number) => ({
  launch: { kind: 'launch-template', id: 'lt', version: String(number) } as const,
});
const configured = (name: string) => ({ launch: { kind: 'launch-configuration', name } as const });

function gone(
  members: Parameters<typeof groupOf>[1],
  count = 1,
  policies: readonly TerminationPolicy[] = ['Default'],
): readonly string[] {
  const { region, group } = groupOf(SUBNETS, members, { terminationPolicies: policies });
  return toTerminate(region, group, count);
}

test('zones stay in balance, whatever is older', () => {
  const members = [
    { id: 'one', in: 'a1' },
    { id: 'two', in: 'b1', ...version(2) },
    { id: 'three', in: 'b1', ...version(3) },
  ];
  expect(gone(members)).toEqual(['two']);
  expect(gone(members, 2)).toEqual(['two', 'one']);
});

test('by default the oldest launch goes first, a launch configuration before a template', () => {
  const members = [
    { id: 'new', in: 'a1', ...version(10) },
    { id: 'old', in: 'a1', ...version(9) },
    { id: 'first', in: 'a1', ...configured('first') },
    { id: 'second', in: 'a1', ...configured('second') },
  ];
  expect(gone(members, 4)).toEqual(['first', 'second', 'old', 'new']);
});

test('the oldest instance goes where nothing else decides', () => {
  const members = [
    { id: 'one', in: 'a1' },
    { id: 'two', in: 'a1' },
  ];
  expect(gone(members)).toEqual(['one']);
});

test('never one that is protected, in standby or on its way out: rather fewer', () => {
  const members = [
    { id: 'safe', in: 'a1', protectedFromScaleIn: true },
    { id: 'spare', in: 'a1', state: 'Standby' as const },
    { id: 'ending', in: 'a1', state: 'Terminating' as const },
    { id: 'one', in: 'b1' },
  ];
  expect(gone(members, 3)).toEqual(['one']);
});

test.each([
  ['NewestInstance', ['three']],
  ['OldestInstance', ['one']],
  ['OldestLaunchConfiguration', ['two']],
  ['OldestLaunchTemplate', ['three']],
] as const)('%s', (policy, expected) => {
  const members = [
    { id: 'one', in: 'a1', ...version(7) },
    { id: 'two', in: 'a1', ...configured('first') },
    { id: 'three', in: 'a1', ...version(1) },
  ];
  expect(gone(members, 1, [policy])).toEqual(expected);
});

test('a further policy decides among what the first one leaves', () => {
  const members = [
    { id: 'one', in: 'a1', ...version(1) },
    { id: 'two', in: 'a1', ...version(1) },
    { id: 'three', in: 'a1', ...version(2) },
  ];
  expect(gone(members, 1, ['OldestLaunchTemplate', 'NewestInstance'])).toEqual(['two']);
});
