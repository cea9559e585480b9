import { CfnInstanceProfile, CfnRole } from 'aws-cdk-lib/aws-iam';
import { Aws } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { databaseSecret, type Service } from '../config/service.ts';
import { accept } from './acknowledged.ts';
import type { Releases } from './releases.ts';

interface Statement {
  readonly Effect: 'Allow';
  readonly Action: string;
  readonly Resource: string | readonly string[];
}

/** What one kind of host may ask of AWS, as an instance profile. */
class HostRole extends Construct {
  readonly profile: string;

  constructor(scope: Construct, id: string, statements: readonly Statement[]) {
    super(scope, id);
    const role = new CfnRole(this, 'Role', {
      assumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'ec2.amazonaws.com' },
            Action: 'sts:AssumeRole',
          },
        ],
      },
      policies: [
        {
          policyName: 'host',
          policyDocument: { Version: '2012-10-17', Statement: [...statements] },
        },
      ],
    });
    this.profile = new CfnInstanceProfile(this, 'InstanceProfile', { roles: [role.ref] }).ref;
  }
}

/** Roles of web, api and database. The other hosts ask nothing of AWS and have none. */
export class Roles extends Construct {
  readonly web: string;
  readonly api: string;
  readonly database: string;

  constructor(scope: Construct, id: string, service: Service, releases: Releases) {
    super(scope, id);
    // The default key of SecureStrings may be used through the parameter store by whoever may read
    // the parameter: no statement about KMS. systems-manager/secure-string-parameter-kms-encryption
    const readSecret: Statement = {
      Effect: 'Allow',
      Action: 'ssm:GetParameter',
      Resource: `arn:${Aws.PARTITION}:ssm:${Aws.REGION}:${Aws.ACCOUNT_ID}:parameter${databaseSecret(service)}`,
    };
    const readReleases = (app: string): Statement => ({
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: [`${releases.bucketArn}/releases/${app}/*`, `${releases.bucketArn}/runtimes/*`],
    });
    const web = new HostRole(this, 'Web', [readReleases('web')]);
    const api = new HostRole(this, 'Api', [readReleases('api'), readSecret]);
    const database = new HostRole(this, 'Database', [readSecret]);
    const reason = 'Archives are named by their hash: the prefix is the narrowest name there is.';
    for (const [role, app] of [
      [web, 'web'],
      [api, 'api'],
    ] as const) {
      accept(role, `IAM5[Resource::<ReleasesBucket.Arn>/releases/${app}/*]`, reason);
      accept(role, 'IAM5[Resource::<ReleasesBucket.Arn>/runtimes/*]', reason);
    }
    this.web = web.profile;
    this.api = api.profile;
    this.database = database.profile;
  }
}
