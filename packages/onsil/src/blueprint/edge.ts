import type { CfnSecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { Host, type Surroundings } from './host.ts';
import { edgeScript } from './user-data/parts.ts';

/** The public entrance: nginx with TLS, to the gateway for `/api` and to web for the rest. */
export class Edge extends Host {
  constructor(scope: Construct, id: string, around: Surroundings, securityGroup: CfnSecurityGroup) {
    super(scope, id, around, {
      name: 'edge',
      kind: 'edge',
      purpose: 'nginx with TLS',
      tier: around.network.public,
      securityGroup,
      script: edgeScript(around.service),
      address: 'elastic',
    });
  }

  get publicIp(): string {
    if (this.elasticIp === undefined) throw new Error('edge has an Elastic IP');
    return this.elasticIp.attrPublicIp;
  }
}
