import type { CfnSecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { Host, type Surroundings } from './host.ts';
import { gatewayScript } from './user-data/parts.ts';

/** The inner nginx: one address in front of all hosts of the API. */
export class Gateway extends Host {
  constructor(scope: Construct, id: string, around: Surroundings, securityGroup: CfnSecurityGroup) {
    super(scope, id, around, {
      name: 'gateway',
      kind: 'gateway',
      purpose: 'nginx to APIs :80',
      tier: around.network.app,
      securityGroup,
      script: gatewayScript(around.service),
      address: 'private',
    });
  }
}
