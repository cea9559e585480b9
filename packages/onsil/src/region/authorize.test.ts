import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { authorize } from './authorize.ts';
import type { PolicyStatement, Role } from './role.ts';

const role = (statements: readonly PolicyStatement[], managedPolicyArns: string[] = []): Role => ({
  id: 'AROA1',
  name: 'web-role',
  arn: 'arn:aws:iam::123456789012:role/web-role',
  trusts: [],
  statements,
  managedPolicyArns,
});
const allow = (actions: string[], resources: string[]): PolicyStatement => ({
  effect: 'Allow',
  actions,
  resources,
});

const RELEASE = 'arn:aws:s3:::releases/web/1.tar';
const read = allow(['s3:GetObject'], ['arn:aws:s3:::releases/web/*']);

test('nothing is allowed unless a statement says so', () => {
  expect(authorize(role([]), 's3:GetObject', RELEASE)).toEqual({ outcome: 'denied' });
  expect(authorize(role([read]), 's3:PutObject', RELEASE)).toEqual({ outcome: 'denied' });
  expect(authorize(role([read]), 's3:GetObject', 'arn:aws:s3:::releases/api/1.tar')).toEqual({
    outcome: 'denied',
  });
  expect(authorize(role([read]), 's3:GetObject', RELEASE)).toEqual({
    outcome: 'allowed',
    statement: read,
  });
});

test('actions are matched whatever their case, resources exactly', () => {
  expect(authorize(role([read]), 'S3:getobject', RELEASE).outcome).toBe('allowed');
  expect(authorize(role([read]), 's3:GetObject', RELEASE.replace('web', 'Web')).outcome).toBe(
    'denied',
  );
});

test('an explicit deny wins, wherever it stands', () => {
  const deny = { ...allow(['s3:*'], ['*']), effect: 'Deny' as const };
  for (const statements of [
    [read, deny],
    [deny, read],
  ]) {
    expect(authorize(role(statements), 's3:GetObject', RELEASE)).toEqual({
      outcome: 'denied',
      statement: deny,
    });
  }
});

describe('what is not modelled is never allowed', () => {
  const conditioned = { ...read, notModelled: ['Condition'] };
  const denying = { ...conditioned, effect: 'Deny' as const };

  test.each<[string, Role]>([
    ['an allow with a condition', role([conditioned])],
    ['a deny with a condition beside an allow', role([read, denying])],
    ['NotAction', role([{ ...allow([], ['*']), notModelled: ['NotAction'] }])],
    ['NotResource', role([{ ...allow(['s3:*'], []), notModelled: ['NotResource'] }])],
    ['a policy variable', role([allow(['s3:*'], [`arn:aws:s3:::$${'{aws:username}'}/*`])])],
    ['a managed policy', role([read], ['arn:aws:iam::aws:policy/PowerUserAccess'])],
  ])('%s', (_name, subject) => {
    expect(authorize(subject, 's3:GetObject', RELEASE)).toMatchObject({
      outcome: 'not-modelled',
      reason: expect.stringMatching(/Condition|Not|policy/),
    });
  });

  test('a condition on something else does not matter', () => {
    expect(authorize(role([conditioned]), 'ssm:GetParameter', 'arn:aws:ssm:x').outcome).toBe(
      'denied',
    );
    expect(authorize(role([conditioned, read]), 's3:GetObject', RELEASE).outcome).toBe('allowed');
  });
});

test('what AWS itself manages is known where its statements are', () => {
  const managed = (name: string) => role([], [`arn:aws:iam::aws:policy/${name}`]);
  const can = (name: string, action: string) => authorize(managed(name), action, '*').outcome;
  expect(can('AdministratorAccess', 'rds:CreateDBInstance')).toBe('allowed');
  expect(can('AWSCloudFormationReadOnlyAccess', 'cloudformation:DescribeStacks')).toBe('allowed');
  expect(can('AWSCloudFormationReadOnlyAccess', 'cloudformation:DeleteStack')).toBe('denied');
  expect(can('ReadOnlyAccess', 'ec2:DescribeVpcs')).toBe('allowed');
  // It allows more than is listed: what is not listed cannot be told.
  expect(can('ReadOnlyAccess', 'sqs:ListQueues')).toBe('not-modelled');
  const denying = role(
    [{ ...allow(['ec2:*'], ['*']), effect: 'Deny' }],
    ['arn:aws:iam::aws:policy/AdministratorAccess'],
  );
  expect(authorize(denying, 'ec2:DescribeVpcs', '*').outcome).toBe('denied');
});

/** Every way to read a pattern, tried one after the other. */
function oracle(pattern: string, text: string): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return text === '';
  const tail = rest.join('');
  if (first === '*') {
    return Array.from({ length: text.length + 1 }, (_, skip) => text.slice(skip)).some((left) =>
      oracle(tail, left),
    );
  }
  return text !== '' && (first === '?' || first === text[0]) && oracle(tail, text.slice(1));
}

test('wildcards and the order of effects agree with a dumb reading', () => {
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 6 });
  const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 6 });
  const statement: fc.Arbitrary<PolicyStatement> = fc.record({
    effect: fc.constantFrom('Allow', 'Deny'),
    actions: fc.array(pattern, { minLength: 1, maxLength: 2 }),
    resources: fc.array(pattern, { minLength: 1, maxLength: 2 }),
  });
  fc.assert(
    fc.property(
      fc.array(statement, { maxLength: 4 }),
      text,
      text,
      (statements, action, resource) => {
        const hit = statements.filter(
          (each) =>
            each.actions.some((one) => oracle(one, action)) &&
            each.resources.some((one) => oracle(one, resource)),
        );
        const expected =
          hit.length > 0 && hit.every(({ effect }) => effect === 'Allow') ? 'allowed' : 'denied';
        expect(authorize(role(statements), action, resource).outcome).toBe(expected);
      },
    ),
    { numRuns: 2_000 },
  );
});

test('a hostile pattern takes no time', () => {
  const pattern = `${'*a'.repeat(2_000)}b`;
  expect(authorize(role([allow(['x:y'], [pattern])]), 'x:y', 'a'.repeat(4_000)).outcome).toBe(
    'denied',
  );
});
