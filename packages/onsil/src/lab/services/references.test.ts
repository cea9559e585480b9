import { describe, expect, test } from 'vitest';
import { inVpc, stackOf } from '../../cloudformation/testing.ts';
import { secretValue } from '../../region/secret-value.ts';
import { memorySecretStore } from './aws/secretsmanager/secret-store.ts';
import { demandSecrets, type ReferencePlace, resolveSecrets } from './references.ts';
import { memoryParameterStore } from './ssm.ts';

const { region } = stackOf(
  inVpc(`
Made:
  Type: AWS::SecretsManager::Secret
  Properties:
    Name: made
    GenerateSecretString: {SecretStringTemplate: '{"username":"me","port":5}', GenerateStringKey: password}
Plain: {Type: AWS::SecretsManager::Secret, Properties: {Name: plain, SecretString: x1}}
Empty: {Type: AWS::SecretsManager::Secret, Properties: {Name: empty}}
Outer: {Type: AWS::SecretsManager::Secret, Properties: {Name: outer, SecretString: '<{{resolve:secretsmanager:plain}}>'}}
Self: {Type: AWS::SecretsManager::Secret, Properties: {Name: self, SecretString: '{{resolve:secretsmanager:self}}'}}`),
);
const made = Object.values(region.secrets).find(({ name }) => name === 'made');

async function place(): Promise<ReferencePlace> {
  const secrets = memorySecretStore();
  await secrets.put({
    ...{ name: 'put', arn: 'arn:put-AbCdEf', tags: {}, createdAt: 1, changedAt: 1 },
    versions: [
      { id: 'v2', text: '{"a":"new"}', createdAt: 2 },
      { id: 'v1', text: '{"a":"old"}', createdAt: 1 },
    ],
  });
  const parameters = memoryParameterStore([
    { name: '/db', type: 'SecureString', value: 'hidden' },
    { name: '/open', type: 'String', value: 'seen' },
  ]);
  const context = {
    secrets,
    parameters,
    secretValue: (each: typeof made & object) => secretValue(each, 's'),
  };
  return { region, context };
}
const resolve = async (text: string) => resolveSecrets(`x{{resolve:${text}}}y`, await place());

describe('values', () => {
  test.each([
    ['secretsmanager:plain', 'xx1y'],
    [`secretsmanager:${made?.arn}:SecretString:username`, 'xmey'],
    ['secretsmanager:made:SecretString:port', 'x5y'],
    ['secretsmanager:outer', 'x<x1>y'],
    ['secretsmanager:put:SecretString:a', 'xnewy'],
    ['secretsmanager:put:SecretString:a:AWSPREVIOUS', 'xoldy'],
    ['secretsmanager:put:SecretString:a::v1', 'xoldy'],
    ['ssm-secure:/db', 'xhiddeny'],
    ['ssm-secure:/db:1', 'xhiddeny'],
  ])('%s', async (text, value) => {
    expect(await resolve(text)).toBe(value);
  });
  test('a generated one is the same each time', async () => {
    const { password } = JSON.parse(secretValue(made as never, 's') ?? '') as { password: string };
    expect(await resolve('secretsmanager:made:SecretString:password')).toBe(`x${password}y`);
  });
  test('what was put into a secret of a stack takes the place of its own', async () => {
    const there = await place();
    await there.context.secrets.put({
      ...{ name: 'plain', arn: 'arn:of-plain', tags: {}, createdAt: 1, changedAt: 1 },
      versions: [{ id: 'v', text: 'put', createdAt: 1 }],
    });
    expect(resolveSecrets('{{resolve:secretsmanager:plain}}', there)).toBe('put');
  });
});

describe('what is not there is told in the words of CloudFormation, with the reference', () => {
  test.each([
    [
      'secretsmanager:no',
      /^Secrets Manager can't find the specified secret\. \(Service: AWSSecretsManager; .*\{\{resolve:secretsmanager:no\}\}/,
    ],
    [
      'secretsmanager:empty',
      /^Secrets Manager can't find the specified secret value for staging label: AWSCURRENT/,
    ],
    ['secretsmanager:plain:SecretString::OTHER', /specified secret value for staging label: OTHER/],
    ['secretsmanager:put:SecretString:a::v3', /specified secret value for VersionId: v3/],
    ['secretsmanager:plain:SecretString:k', /^Could not parse SecretString JSON/],
    [
      'secretsmanager:made:SecretString:k',
      /^Could not find a value associated with JSONKey in SecretString\. .* asks for "k"; the secret has username, port, password/,
    ],
    ['secretsmanager:self', /refers to itself/],
    ['ssm-secure:/no', /^Parameters: \[ssm-secure:\/no\] cannot be found/],
    [
      'ssm-secure:/db:2',
      /^Parameters: \[ssm-secure:\/db:2\] cannot be found\..* Version 1 is the one/,
    ],
    ['ssm-secure:/open', /no SecureString: write \{\{resolve:ssm:\/open\}\}/],
  ])('%s', async (text, message) => {
    await expect(resolve(text)).rejects.toThrow(message);
  });
  test('anywhere in the properties of a resource', async () => {
    const there = await place();
    const properties = (text: string) => ({ A: 1, B: [{ C: text }] });
    demandSecrets(properties('{{resolve:secretsmanager:plain}}'), there);
    expect(() => demandSecrets(properties('{{resolve:secretsmanager:no}}'), there)).toThrow(
      /can't find/,
    );
  });
});
