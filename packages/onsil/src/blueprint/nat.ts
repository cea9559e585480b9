import type { CfnSecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { Host, type Surroundings } from './host.ts';
import { natScript } from './user-data/parts.ts';

/**
 * The private tiers' way out without a NAT gateway's price.
 * https://docs.aws.amazon.com/vpc/latest/userguide/VPC_NAT_Instance.html
 */
export class Nat extends Host {
  constructor(scope: Construct, id: string, around: Surroundings, securityGroup: CfnSecurityGroup) {
    super(scope, id, around, {
      name: 'nat',
      kind: 'nat',
      purpose: 'NAT: the way out',
      tier: around.network.public,
      securityGroup,
      script: natScript(),
      variables: { VPC_CIDR: around.network.cidr },
      address: 'elastic',
      sourceDestCheck: false,
    });
  }

  /** What private routes point to: the interface, which a new instance takes over. */
  get networkInterfaceId(): string {
    if (this.networkInterface === undefined) throw new Error('nat has an interface of its own');
    return this.networkInterface.ref;
  }
}
