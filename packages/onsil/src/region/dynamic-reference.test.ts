import { expect, test } from 'vitest';
import { type DynamicReference, replaceReferences } from './dynamic-reference.ts';

function read(text: string): readonly DynamicReference[] {
  const found: DynamicReference[] = [];
  replaceReferences(text, (reference, whole) => {
    found.push(reference);
    return whole;
  });
  return found;
}
const ARN = 'arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:a/b-AbCdEf';

test.each<[string, DynamicReference]>([
  ['secretsmanager:a/b', { service: 'secretsmanager', id: 'a/b' }],
  ['secretsmanager:a/b:SecretString', { service: 'secretsmanager', id: 'a/b' }],
  ['secretsmanager:a:SecretString:k', { service: 'secretsmanager', id: 'a', key: 'k' }],
  [`secretsmanager:${ARN}:SecretString:k::`, { service: 'secretsmanager', id: ARN, key: 'k' }],
  ['secretsmanager:a:SecretString::S', { service: 'secretsmanager', id: 'a', stage: 'S' }],
  [
    'secretsmanager:a:SecretString:k::v-1',
    { service: 'secretsmanager', id: 'a', key: 'k', versionId: 'v-1' },
  ],
  ['ssm:/a/b', { service: 'ssm', name: '/a/b' }],
  ['ssm-secure:/a/b:3', { service: 'ssm-secure', name: '/a/b', version: '3' }],
  ['ssm-secure:/a/b:', { service: 'unknown', name: 'ssm-secure' }],
  ['secretsmanager:', { service: 'unknown', name: 'secretsmanager' }],
  ['vault:x', { service: 'unknown', name: 'vault' }],
])('{{resolve:%s}}', (text, reference) => {
  expect(read(`x{{resolve:${text}}}y`)).toEqual([reference]);
});

test('each one in a text is replaced, and nothing else', () => {
  const text = 'a{{resolve:ssm:b}}c{{resolve:ssm:d}}{e}}';
  expect(replaceReferences(text, (_reference, whole) => `<${whole.length}>`)).toBe(
    'a<17>c<17>{e}}',
  );
});
