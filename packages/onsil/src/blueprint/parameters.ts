import { CfnParameter } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Service } from '../config/service.ts';

/** What a stack is asked for when it is made. Nothing is looked up at synthesis. */
export class Parameters extends Construct {
  readonly administratorCidr: CfnParameter;
  readonly administratorPublicKey: CfnParameter;
  readonly image: CfnParameter;

  constructor(scope: Construct, id: string, service: Service) {
    super(scope, id);
    const { cidr, sshPublicKeys } = service.admin;
    const key = sshPublicKeys[0];
    this.administratorCidr = new CfnParameter(this, 'AdministratorCidr', {
      type: 'String',
      description: 'The one IPv4 block that may reach the bastion: "my IP", e.g. 203.0.113.7/32',
      allowedPattern: '^(\\d{1,3}\\.){3}\\d{1,3}/([1-9]|[12]\\d|3[0-2])$',
      constraintDescription: 'an IPv4 block such as 203.0.113.7/32, not the whole Internet',
      ...(cidr === undefined ? {} : { default: cidr }),
    });
    this.administratorPublicKey = new CfnParameter(this, 'AdministratorPublicKey', {
      type: 'String',
      description: 'OpenSSH public key of the administrator (ssh-ed25519 or ssh-rsa)',
      allowedPattern: '^ssh-(ed25519|rsa) [A-Za-z0-9+/=]+( .*)?$',
      constraintDescription: 'the line of a .pub file',
      ...(key === undefined ? {} : { default: key }),
    });
    // Debian's own publication: https://wiki.debian.org/Cloud/AmazonEC2Image/Bookworm
    const machine = service.architecture === 'arm64' ? 'arm64' : 'amd64';
    this.image = new CfnParameter(this, 'ImageId', {
      type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>',
      description: 'Debian 12',
      default: `/aws/service/debian/release/12/latest/${machine}`,
    });
  }
}
