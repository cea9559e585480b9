import type { CfnSecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { Host, type Surroundings } from './host.ts';
import { bastionScript } from './user-data/parts.ts';

/** The administrator's way in: ssh from "my IP", and from here to the private hosts. */
export class Bastion extends Host {
  constructor(scope: Construct, id: string, around: Surroundings, securityGroup: CfnSecurityGroup) {
    super(scope, id, around, {
      name: 'bastion',
      kind: 'bastion',
      purpose: 'ssh entrance',
      tier: around.network.public,
      securityGroup,
      script: bastionScript(),
      address: 'automatic',
    });
  }
}
