import type { CfnSecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Aws } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { Host, type Surroundings } from './host.ts';
import type { Releases } from './releases.ts';
import type { Roles } from './roles.ts';
import { webScript } from './user-data/parts.ts';

/** The web server, from a release in the bucket. */
export class Web extends Host {
  constructor(
    scope: Construct,
    id: string,
    around: Surroundings,
    securityGroup: CfnSecurityGroup,
    releases: Releases,
    roles: Roles,
  ) {
    super(scope, id, around, {
      name: 'web',
      kind: 'web',
      purpose: `React server :${around.service.web.port}`,
      tier: around.network.app,
      securityGroup,
      script: webScript(around.service),
      variables: { REGION: Aws.REGION, BUCKET: releases.bucketName },
      profile: roles.web,
      address: 'private',
    });
  }
}
