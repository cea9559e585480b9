import type { CfnSecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Aws } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { databaseSecret } from '../config/service.ts';
import { Host, type Surroundings } from './host.ts';
import type { Releases } from './releases.ts';
import type { Roles } from './roles.ts';
import { apiScript } from './user-data/parts.ts';

/** One host of the API, from a release in the bucket, with the database's password. */
export class Api extends Host {
  constructor(
    scope: Construct,
    id: string,
    around: Surroundings,
    name: string,
    securityGroup: CfnSecurityGroup,
    releases: Releases,
    roles: Roles,
  ) {
    super(scope, id, around, {
      name,
      kind: 'api',
      purpose: `API :${around.service.api.port}`,
      tier: around.network.app,
      securityGroup,
      script: apiScript(around.service),
      variables: {
        REGION: Aws.REGION,
        BUCKET: releases.bucketName,
        SECRET: databaseSecret(around.service),
      },
      profile: roles.api,
      address: 'private',
    });
  }
}
