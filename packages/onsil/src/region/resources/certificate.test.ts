import { expect, test } from 'vitest';
import { inVpc, refusal, stackOf } from '../../cloudformation/testing.ts';

const certificate = (properties: string): string =>
  inVpc(`Own: {Type: AWS::CertificateManager::Certificate, Properties: ${properties}}`);

test('a certificate is there at once, by its ARN, with its names', () => {
  const { region, stack } = stackOf(
    certificate(
      "{DomainName: example.com, SubjectAlternativeNames: ['*.example.com'], ValidationMethod: DNS}",
    ),
  );
  const arn = stack.resources['Own']?.physicalId ?? '';
  expect(arn).toMatch(
    /^arn:aws:acm:ap-northeast-2:123456789012:certificate\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  );
  expect(region.certificates).toEqual({
    [arn]: { arn, domainName: 'example.com', subjectAlternativeNames: ['*.example.com'] },
  });
});

test.each([
  '{DomainName: "a b"}',
  '{DomainName: "*.*.example.com"}',
  '{DomainName: "-.example.com"}',
])('refuses %s', (properties) => {
  expect(refusal(certificate(properties))[0]).toMatch(/DomainName: ".*" is not a domain name\./);
});
