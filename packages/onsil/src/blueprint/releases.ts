import { CfnBucket, CfnBucketPolicy } from 'aws-cdk-lib/aws-s3';
import { CfnDeletionPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { accept } from './acknowledged.ts';

/**
 * The bucket of releases: `releases/<app>/current.json` names what runs, archives are kept under
 * their SHA-256.
 */
export class Releases extends Construct {
  readonly bucketName: string;
  readonly bucketArn: string;
  readonly bucket: CfnBucket;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.bucket = new CfnBucket(this, 'Bucket', {
      bucketEncryption: {
        serverSideEncryptionConfiguration: [
          { serverSideEncryptionByDefault: { sseAlgorithm: 'AES256' } },
        ],
      },
      publicAccessBlockConfiguration: {
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      ownershipControls: { rules: [{ objectOwnership: 'BucketOwnerEnforced' }] },
      versioningConfiguration: { status: 'Enabled' },
    });
    // CloudFormation cannot delete a bucket that holds objects.
    this.bucket.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN;
    this.bucket.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
    accept(
      this.bucket,
      'S1',
      'It holds built code that only two roles read; access logs would need a second bucket that costs more than it tells.',
    );
    new CfnBucketPolicy(this, 'BucketPolicy', {
      bucket: this.bucket.ref,
      policyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'OnlyOverTls',
            Effect: 'Deny',
            Principal: '*',
            Action: 's3:*',
            Resource: [this.bucket.attrArn, `${this.bucket.attrArn}/*`],
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    });
    this.bucketName = this.bucket.ref;
    this.bucketArn = this.bucket.attrArn;
  }
}
