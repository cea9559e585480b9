import { describe, expect, test } from 'vitest';
import { prepare } from './prepare.ts';
import type { TemplateMetadata } from './request.ts';

const METADATA: TemplateMetadata = {
  ...{ service: 'shop', domain: 'shop.example', site: 'https://shop.example' },
  ...{ health: 'https://shop.example/health', secrets: ['/shop/password'], releases: {} },
  administrator: { cidrParameter: 'AdminCidr', keyParameter: 'AdminKey' },
};
const OURS = {
  Metadata: { Onsil: METADATA },
  Parameters: { AdminCidr: { Type: 'String' }, AdminKey: { Type: 'String' } },
  Resources: {
    Key: {
      Type: 'AWS::EC2::KeyPair',
      Properties: { KeyName: 'k', PublicKeyMaterial: { Ref: 'AdminKey' } },
    },
  },
  Outputs: { Cidr: { Value: { Ref: 'AdminCidr' } } },
};
const KEY = 'ssh-ed25519 AAAA administrator@shop';

function prepared(template: unknown, parameters = {}, secret = 'salt') {
  const text = typeof template === 'string' ? template : JSON.stringify(template);
  const request = { lab: 'shop', region: 'eu-west-1', template: text, templateFile: 't.json' };
  return prepare({ ...request, parameters }, KEY, secret);
}

test('a template of ours gets the address and the key of the lab, and says what it needs', () => {
  const { region, stack, metadata } = prepared(OURS);
  expect(stack.name).toBe('shop');
  expect(stack.outputs['Cidr']?.value).toBe('198.51.100.10/32');
  expect(Object.values(region.keyPairs)).toMatchObject([
    { name: 'onsil', publicKey: KEY },
    { name: 'k', publicKey: KEY },
  ]);
  expect(metadata).toEqual(METADATA);
});

test('what the user gives wins', () => {
  const { stack } = prepared(OURS, { AdminCidr: '203.0.113.7/32' });
  expect(stack.outputs['Cidr']?.value).toBe('203.0.113.7/32');
});

test('any other template gets nothing of the sort', () => {
  const { metadata, region, problems } = prepared('Resources: {Q: {Type: AWS::SQS::Queue}}');
  expect(metadata).toBeUndefined();
  expect(region.name).toBe('eu-west-1');
  expect(problems.map(({ path }) => path)).toEqual(['Resources.Q']);
});

test("public parameters are those of the lab's region", () => {
  const { region } = prepared({
    ...{ Resources: { Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } } } },
  });
  expect(Object.keys(region.parameters).some((name) => name.includes('debian'))).toBe(true);
});

describe('mistakes', () => {
  test('all of them at once', () => {
    const vpc = (cidr: string) => ({ Type: 'AWS::EC2::VPC', Properties: { CidrBlock: cidr } });
    const text = { Resources: { A: vpc('10.0.0.0/8'), B: vpc('nonsense') } };
    expect(() => prepared(text)).toThrow(/Resources\.A[\s\S]*Resources\.B/);
  });
  test('a parameter that the template does not have', () => {
    expect(() => prepared(OURS, { Other: '1' })).toThrow('Other');
  });
});

test('addresses of signals cannot be guessed without the secret', () => {
  const text = `Resources: {H: {Type: AWS::CloudFormation::WaitConditionHandle}}`;
  const url = (secret: string) =>
    Object.values(prepared(text, {}, secret).region.waitConditionHandles)[0]?.url;
  expect(url('a')).toBe(url('a'));
  expect(url('a')).not.toBe(url('b'));
});
