import type { KeyPair } from '../../../../region/key-pair.ts';
import type { Volume } from '../../../../region/volume.ts';
import type { Operations } from '../operation.ts';
import { flag } from '../value.ts';
import { describes, tagged, tagSet, yesNo } from './describe.ts';

export const volumeOperations: Operations = {
  DescribeVolumes: describes<Volume>({
    set: 'Volumes',
    ids: {
      ...{ member: 'VolumeIds', code: 'InvalidVolume.NotFound', noun: 'volume' },
      of: ({ id }) => id,
    },
    all: ({ volumes }) => Object.values(volumes),
    filters: tagged({
      'volume-id': ({ id }) => id,
      'attachment.instance-id': ({ attachment }) => attachment?.instanceId,
      'attachment.device': ({ attachment }) => attachment?.device,
      'attachment.status': ({ attachment }) => (attachment === undefined ? undefined : 'attached'),
      'availability-zone': ({ zone }) => zone,
      encrypted: ({ encrypted }) => yesNo(encrypted),
      size: ({ size }) => String(size),
      status: ({ attachment }) => (attachment === undefined ? 'available' : 'in-use'),
      'volume-type': ({ type }) => type,
    }),
    print: ({ id, attachment, ...own }, { context }) => ({
      ...{ VolumeId: id, Size: own.size, VolumeType: own.type, Encrypted: own.encrypted },
      ...{ AvailabilityZone: own.zone, CreateTime: context.control.startedAt, SnapshotId: '' },
      ...{ State: attachment === undefined ? 'available' : 'in-use', Tags: tagSet(own.tags) },
      MultiAttachEnabled: false,
      Attachments:
        attachment === undefined
          ? []
          : [
              {
                ...{ AttachTime: context.control.startedAt, DeleteOnTermination: own.root },
                ...{ Device: attachment.device, InstanceId: attachment.instanceId },
                ...{ State: 'attached', VolumeId: id },
              },
            ],
    }),
  }),
};

export const keyPairOperations: Operations = {
  DescribeKeyPairs: {
    handle: (input, call) => {
      const withKey = flag(input, 'IncludePublicKey') === true;
      return describes<KeyPair>({
        set: 'KeyPairs',
        paged: false,
        ids: {
          ...{ member: 'KeyNames', code: 'InvalidKeyPair.NotFound', noun: 'key pair' },
          of: ({ name }) => name,
        },
        all: ({ keyPairs }) => Object.values(keyPairs),
        filters: { 'key-name': ({ name }) => name, 'key-pair-id': ({ id }) => id },
        print: ({ id, name, publicKey }, { context }) => ({
          ...{ KeyPairId: id, KeyName: name, Tags: [], CreateTime: context.control.startedAt },
          KeyType: publicKey.startsWith('ssh-ed25519') ? 'ed25519' : 'rsa',
          ...(withKey ? { PublicKey: publicKey } : {}),
        }),
      }).handle(input, call);
    },
  },
};
