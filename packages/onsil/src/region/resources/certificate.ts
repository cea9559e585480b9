import { put } from '../region.ts';
import { arnOf, idOf, type ResourceType } from './resource-type.ts';

const NAME = /^(\*\.)?([a-z0-9_]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,63}$/i;

/**
 * Issued at once: nobody checks here who a domain belongs to.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-certificatemanager-certificate.html
 */
export const certificate: ResourceType = {
  type: 'AWS::CertificateManager::Certificate',
  properties: {
    real: ['DomainName', 'SubjectAlternativeNames'],
    recorded: [
      'CertificateAuthorityArn',
      'CertificateExport',
      'CertificateTransparencyLoggingPreference',
      'DomainValidationOptions',
      'KeyAlgorithm',
      'Tags',
      'ValidationMethod',
    ],
  },
  create(region, properties, context) {
    const domainName = properties.requiredText('DomainName');
    const subjectAlternativeNames = properties.texts('SubjectAlternativeNames');
    const wrong = (text: string) => text !== '' && (text.length > 253 || !NAME.test(text));
    if (wrong(domainName)) {
      properties.report('DomainName', `"${domainName}" is not a domain name.`);
    }
    const other = subjectAlternativeNames.find(wrong);
    if (other !== undefined) {
      properties.report('SubjectAlternativeNames', `"${other}" is not a domain name.`);
    }
    properties.check();
    const digits = ['first', 'second'].map((part) => idOf(context, 'd', part).slice(2)).join('');
    const id = digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
    const arn = arnOf(context, 'acm', `certificate/${id}`);
    const made = { arn, domainName, subjectAlternativeNames };
    return {
      region: put(region, 'certificates', arn, made),
      physicalId: arn,
      attributes: { Id: arn, CertificateArn: arn },
    };
  },
};
