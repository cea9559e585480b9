import { expect, test } from 'vitest';
import { inVpc, stackOf } from '../cloudformation/testing.ts';
import { refusedTrust } from './trust.ts';

const ACCOUNT = '123456789012';
const USER = { arn: `arn:aws:iam::${ACCOUNT}:user/administrator`, account: ACCOUNT };
const SESSION = {
  ...{ arn: `arn:aws:sts::${ACCOUNT}:assumed-role/web/i-1`, account: ACCOUNT },
  roleArn: `arn:aws:iam::${ACCOUNT}:role/web`,
};

function roleWith(statements: string) {
  const { region } = stackOf(
    inVpc(`Role:
  Type: AWS::IAM::Role
  Properties: {RoleName: target, AssumeRolePolicyDocument: {Statement: ${statements}}}`),
  );
  return Object.values(region.roles).find(({ name }) => name === 'target') ?? expect.fail();
}
const allow = (principal: string, more = '') =>
  `{Effect: Allow, Action: 'sts:AssumeRole', Principal: ${principal}${more}}`;
const EXTERNAL = ", Condition: {StringEquals: {'sts:ExternalId': word}}";

test.each([
  ['the account', '{AWS: !Ref AWS::AccountId}', undefined],
  ['its root', "{AWS: !Join ['', ['arn:aws:iam::', !Ref AWS::AccountId, ':root']]}", undefined],
  ['everybody', "'*'", undefined],
  ['another account', "{AWS: 'arn:aws:iam::999999999999:root'}", 'does not name the caller'],
  ['a service', '{Service: ec2.amazonaws.com}', 'does not name the caller'],
  ['the role of somebody else', `{AWS: '${SESSION.roleArn}'}`, 'does not name the caller'],
])('a user where %s is trusted', (_what, principal, refused) => {
  const said = refusedTrust(roleWith(`[${allow(principal)}]`), USER);
  if (refused === undefined) expect(said).toBeUndefined();
  else expect(said).toContain(refused);
});

test('a session is meant by its role, or by itself', () => {
  for (const arn of [SESSION.roleArn, SESSION.arn]) {
    expect(refusedTrust(roleWith(`[${allow(`{AWS: ['${arn}']}`)}]`), SESSION)).toBeUndefined();
  }
});

test('a deny wins; the word that is asked for must be given; what is not modelled is no trust', () => {
  const all = allow("'*'");
  const deny = `{Effect: Deny, Action: 'sts:*', Principal: {AWS: '${USER.arn}'}}`;
  expect(refusedTrust(roleWith(`[${all}, ${deny}]`), USER)).toContain('an explicit deny');
  expect(refusedTrust(roleWith(`[${all}, ${deny}]`), SESSION)).toBeUndefined();
  const word = roleWith(`[${allow("'*'", EXTERNAL)}]`);
  expect(refusedTrust(word, USER)).toContain('another ExternalId');
  expect(refusedTrust(word, { ...USER, externalId: 'other' })).toContain('another ExternalId');
  expect(refusedTrust(word, { ...USER, externalId: 'word' })).toBeUndefined();
  const mfa = roleWith(
    `[${allow("'*'", ", Condition: {Bool: {'aws:MultiFactorAuthPresent': true}}")}]`,
  );
  expect(refusedTrust(mfa, USER)).toContain('the lab cannot tell');
  const both = ", Condition: {StringEquals: {'sts:ExternalId': word, 'aws:username': me}}";
  expect(
    refusedTrust(roleWith(`[${allow("'*'", both)}]`), { ...USER, externalId: 'word' }),
  ).toContain('the lab cannot tell');
  const other = "{Effect: Allow, Action: 'sts:TagSession', Principal: '*'}";
  expect(refusedTrust(roleWith(`[${other}]`), USER)).toContain('does not name the caller');
});
