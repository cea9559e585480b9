import { CfnKeyPair } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { Service } from '../config/service.ts';

/** The administrator's key on every instance, imported: AWS never sees the private one. */
export class KeyPair extends Construct {
  readonly keyName: string;

  constructor(scope: Construct, id: string, service: Service, publicKey: string) {
    super(scope, id);
    const keyPair = new CfnKeyPair(this, 'KeyPair', {
      keyName: `${service.name}-administrator`,
      publicKeyMaterial: publicKey,
    });
    this.keyName = keyPair.ref;
  }
}
