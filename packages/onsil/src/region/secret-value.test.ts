import { describe, expect, test } from 'vitest';
import { refusal, stackOf } from '../cloudformation/testing.ts';
import { secretValue } from './secret-value.ts';

const template = (generate: string) =>
  `Resources: {S: {Type: AWS::SecretsManager::Secret, Properties: {GenerateSecretString: ${generate}}}}`;

function passwords(generate: string, count = 200): readonly string[] {
  const [secret] = Object.values(stackOf(template(generate)).region.secrets);
  if (secret === undefined) throw new Error('no secret');
  return Array.from({ length: count }, (_, salt) => secretValue(secret, `${salt}`) ?? '');
}

const TYPES = [/[a-z]/, /[A-Z]/, /[0-9]/, /[!-/:-@[-`{-~]/];

describe('a generated password', () => {
  test('has 32 characters of four types, and each of them, where nothing else is said', () => {
    for (const password of passwords('{}')) {
      expect(password).toMatch(/^[!-~]{32}$/);
      for (const type of TYPES) expect(password).toMatch(type);
    }
  });
  test('has each type also where there is one place for each', () => {
    for (const password of passwords('{PasswordLength: 5, IncludeSpace: true}')) {
      for (const type of [...TYPES, / /]) expect(password).toMatch(type);
    }
  });
  test.each([
    ['{ExcludeLowercase: true}', /^[^a-z]{32}$/],
    ['{ExcludeUppercase: true}', /^[^A-Z]{32}$/],
    ['{ExcludeNumbers: true}', /^[^0-9]{32}$/],
    ['{ExcludePunctuation: true}', /^[a-zA-Z0-9]{32}$/],
    ['{ExcludeCharacters: "abc012!\\"#"}', /^[^abc012!"#]{32}$/],
    ['{PasswordLength: 7, ExcludePunctuation: true, IncludeSpace: true}', /^[a-zA-Z0-9 ]{7}$/],
  ])('%s', (generate, form) => {
    for (const password of passwords(generate, 50)) expect(password).toMatch(form);
  });
  test('may lack a type where not each is required', () => {
    const made = passwords('{PasswordLength: 4, RequireEachIncludedType: false}');
    expect(made.some((password) => TYPES.some((type) => !type.test(password)))).toBe(true);
  });
  test.each([
    ['{PasswordLength: 3}', /too short based on the required types: 3 for 4 of them/],
    ['{PasswordLength: 0}', /PasswordLength/],
    [
      '{ExcludeLowercase: true, ExcludeUppercase: true, ExcludeNumbers: true, ExcludePunctuation: true}',
      /Every character is excluded/,
    ],
  ])('is refused: %s', (generate, message) => {
    expect(refusal(template(generate)).join('\n')).toMatch(message);
  });
});
