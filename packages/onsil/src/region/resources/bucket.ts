import { put } from '../region.ts';
import { arnOf, nameOf, type ResourceType } from './resource-type.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-s3-bucket.html */
export const bucket: ResourceType = {
  type: 'AWS::S3::Bucket',
  properties: {
    real: ['BucketName', 'VersioningConfiguration'],
    recorded: [
      'BucketEncryption',
      'LifecycleConfiguration',
      'LoggingConfiguration',
      'OwnershipControls',
      'PublicAccessBlockConfiguration',
      'Tags',
    ],
  },
  create(region, properties, context) {
    const name = properties.text('BucketName') ?? nameOf(context, 63).toLowerCase();
    const status = properties
      .group('VersioningConfiguration')
      ?.oneOf('Status', ['Enabled', 'Suspended']);
    properties.ignore(
      'BucketEncryption',
      'LifecycleConfiguration',
      'LoggingConfiguration',
      'OwnershipControls',
      'PublicAccessBlockConfiguration',
      'Tags',
    );
    if (!NAME.test(name)) {
      const hint = 'Use 3 to 63 lower-case letters, digits, dots and hyphens.';
      properties.report('BucketName', `"${name}" is not a bucket name.`, hint);
    }
    if (region.buckets[name] !== undefined) {
      properties.report('BucketName', `There is already a bucket "${name}".`);
    }
    properties.check();
    return {
      region: put(region, 'buckets', name, { name, versioning: status === 'Enabled' }),
      physicalId: name,
      attributes: {
        Arn: arnOf(context, 's3', name),
        DomainName: `${name}.s3.amazonaws.com`,
        DualStackDomainName: `${name}.s3.dualstack.${region.name}.amazonaws.com`,
        RegionalDomainName: `${name}.s3.${region.name}.amazonaws.com`,
        WebsiteURL: `http://${name}.s3-website.${region.name}.amazonaws.com`,
      },
    };
  },
};
