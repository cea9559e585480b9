/** What AWS's clients see of values that refer to secrets; and whose values outlive a daemon. */
import { DescribeInstanceAttributeCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inVpc, stackOf } from '../../../cloudformation/testing.ts';
import { isOfInstance } from './operation.ts';
import { startTestLab, type TestLab } from './testing.ts';

const { region } = stackOf(
  inVpc(`
Inner: {Type: AWS::SecretsManager::Secret, Properties: {Name: inner, SecretString: '{"k":"hidden"}'}}
Outer: {Type: AWS::SecretsManager::Secret, Properties: {Name: outer, SecretString: '<{{resolve:secretsmanager:inner:SecretString:k}}>'}}
Plain: {Type: AWS::SSM::Parameter, Properties: {Name: /plain, Type: String, Value: '{{resolve:secretsmanager:inner:SecretString:k}}'}}
Box:
  Type: AWS::EC2::Instance
  Properties: {ImageId: ami-0123456789abcdef0, SubnetId: !Ref Private, UserData: !Base64 'x{{resolve:secretsmanager:inner:SecretString:k}}y'}`),
);
let lab: TestLab;
beforeAll(async () => {
  lab = await startTestLab(region);
});
afterAll(() => lab.close());

test('a secret, a parameter and user data have the value', async () => {
  const secrets = new SecretsManagerClient(lab.client);
  const secret = await secrets.send(new GetSecretValueCommand({ SecretId: 'outer' }));
  expect(secret.SecretString).toBe('<hidden>');
  const parameter = await new SSMClient(lab.client).send(
    new GetParameterCommand({ Name: '/plain' }),
  );
  expect(parameter.Parameter?.Value).toBe('hidden');
  const [InstanceId = ''] = Object.keys(region.instances);
  const { UserData } = await new EC2Client(lab.client).send(
    new DescribeInstanceAttributeCommand({ InstanceId, Attribute: 'userData' }),
  );
  expect(Buffer.from(UserData?.Value ?? '', 'base64').toString()).toBe('xhiddeny');
});

test('what the administrator puts lasts', async () => {
  const lasting: unknown[] = [];
  const { parameters, secrets } = lab.context;
  const [putParameter, putSecret] = [parameters.put, secrets.put];
  parameters.put = (parameter, isLasting) => {
    lasting.push([parameter.name, isLasting]);
    return putParameter(parameter, isLasting);
  };
  secrets.put = (secret, isLasting) => {
    lasting.push([secret.name, isLasting]);
    return putSecret(secret, isLasting);
  };
  await new SSMClient(lab.client).send(
    new PutParameterCommand({ Name: '/a', Type: 'String', Value: 'x' }),
  );
  await new SecretsManagerClient(lab.client).send(
    new CreateSecretCommand({ Name: 's', SecretString: 'x' }),
  );
  expect(lasting).toEqual([
    ['/a', true],
    ['s', true],
  ]);
});

test.each([
  [{ kind: 'administrator' }, false],
  [{ kind: 'role', roleName: 'r', instanceId: 'session' }, false],
  [{ kind: 'role', roleName: 'r', instanceId: 'i-0123456789abcdef0' }, true],
  [{ kind: 'instance', instanceId: 'i-0123456789abcdef0' }, true],
] as const)('%j is an instance: %s', (principal, expected) => {
  expect(isOfInstance({ principal })).toBe(expected);
});
