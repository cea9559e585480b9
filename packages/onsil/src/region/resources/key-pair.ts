import { hashOf } from '../hash.ts';
import { put } from '../region.ts';
import { idOf, type ResourceType } from './resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-keypair.html */
export const keyPair: ResourceType = {
  type: 'AWS::EC2::KeyPair',
  properties: {
    real: ['KeyName', 'PublicKeyMaterial'],
    recorded: ['KeyFormat', 'KeyType', 'Tags'],
  },
  create(region, properties, context) {
    const name = properties.requiredText('KeyName');
    const publicKey = properties.text('PublicKeyMaterial')?.trim();
    properties.ignore('KeyType', 'KeyFormat', 'Tags');
    if (publicKey === undefined) {
      properties.report(
        'PublicKeyMaterial',
        'AWS would generate the key here; onsil does not.',
        'Give the public key of yours in OpenSSH form, e.g. ssh-ed25519 AAAA….',
      );
    } else if (!/^(ssh-|ecdsa-sha2-)\S+ \S+/.test(publicKey)) {
      const message = 'This is not a public key in OpenSSH form, e.g. ssh-ed25519 AAAA….';
      properties.report('PublicKeyMaterial', message);
    }
    if (Object.values(region.keyPairs).some((other) => other.name === name)) {
      properties.report('KeyName', `There is already a key pair "${name}" in this region.`);
    }
    properties.check();
    const id = idOf(context, 'key');
    const fingerprint = hashOf('fingerprint', publicKey ?? '')
      .slice(0, 32)
      .match(/../g)
      ?.join(':');
    return {
      region: put(region, 'keyPairs', id, { id, name, publicKey: publicKey ?? '' }),
      physicalId: name,
      attributes: { KeyPairId: id, KeyFingerprint: fingerprint ?? '' },
    };
  },
};
