/**
 * What `cdk bootstrap` makes in an account before an app can be deployed, as far as a lab needs it:
 * the bucket that the app's files go into, and the version that its templates ask for.
 * https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html
 */
import { createReadStream } from 'node:fs';
import { BOOTSTRAP_VERSION } from '../../region/parameter.ts';
import { ACCOUNT } from '../../region/region.ts';
import type { ObjectStore } from '../services/object-store.ts';
import type { StackInput } from '../stacks/stack-service.ts';
import type { Asset, UpRequest } from './request.ts';

/** The CDK's own name for what makes one app's bootstrap differ from another's. */
const DEFAULT_QUALIFIER = 'hnb659fds';

/**
 * A stack for each bucket. That of the usual bucket has the CDK's own name, and its resources have
 * the CDK's logical ids: a `cdk bootstrap` that comes later updates it, and keeps the bucket.
 */
export function bootstraps({
  staging = [],
  region,
}: Pick<UpRequest, 'staging' | 'region'>): readonly StackInput[] {
  return staging.map((bucket) => {
    const qualifier = qualifierOf(bucket, region);
    const stackName =
      qualifier === DEFAULT_QUALIFIER ? 'CDKToolkit' : `CDKToolkit-${bucket.replaceAll('.', '-')}`;
    const version = {
      Type: 'AWS::SSM::Parameter',
      Properties: {
        ...{ Type: 'String', Value: BOOTSTRAP_VERSION },
        Name: `/cdk-bootstrap/${qualifier}/version`,
      },
    };
    const template = {
      Description: "The lab's own, in the place of what `cdk bootstrap` makes.",
      Resources: {
        StagingBucket: {
          Type: 'AWS::S3::Bucket',
          Properties: { BucketName: bucket, VersioningConfiguration: { Status: 'Enabled' } },
        },
        ...(qualifier === undefined ? {} : { CdkBootstrapVersion: version }),
      },
      // Without that of the version: whichever `cdk bootstrap` comes later takes this for older.
      Outputs: {
        BucketName: { Value: { Ref: 'StagingBucket' } },
        BucketDomainName: { Value: { 'Fn::GetAtt': ['StagingBucket', 'RegionalDomainName'] } },
      },
    };
    return {
      ...{ stackName, templateBody: JSON.stringify(template), parameters: {} },
      templateFile: `the bootstrap of ${bucket}`,
    };
  });
}

/** Of the bucket that a bootstrap of this account and region makes if nothing else is asked for. */
function qualifierOf(bucket: string, region: string): string | undefined {
  const [, qualifier, place] = /^cdk-([a-z0-9]+)-assets-(.+)$/.exec(bucket) ?? [];
  return place === `${ACCOUNT}-${region}` ? qualifier : undefined;
}

/** Puts an app's files where its instances look for them. Throws where one is not in the cache. */
export async function putAssets(
  objects: ObjectStore,
  assets: readonly Asset[] = [],
): Promise<void> {
  for (const { bucket, key, file } of assets) {
    await objects.put(bucket, key, bytesOf(file));
  }
}

/** Opened when it is read: nobody would hear of a failure before. */
async function* bytesOf(file: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(file);
}
