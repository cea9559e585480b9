import { hashOf } from '../../../../region/hash.ts';
import { IMAGES, type Image, imageIdOf } from '../../../../region/image.ts';
import type { Region } from '../../../../region/region.ts';
import type { Operations } from '../operation.ts';
import { texts } from '../value.ts';
import { badValue, describes } from './describe.ts';

interface OwnedImage extends Image {
  readonly id: string;
  readonly owner: string;
  readonly alias?: string;
}

/** The accounts that publish them; https://wiki.debian.org/Cloud/AmazonEC2Image */
const OWNERS: readonly (readonly [prefix: string, owner: string, alias?: string])[] = [
  ['debian', '136693071363'],
  ['ubuntu', '099720109477'],
  ['amazon-linux', '137112412989', 'amazon'],
];

function imagesOf(region: Region): readonly OwnedImage[] {
  const known = Object.entries(IMAGES).map(([path, image]): OwnedImage => {
    const [, owner = '137112412989', alias] =
      OWNERS.find(([prefix]) => image.os.startsWith(prefix)) ?? [];
    return {
      ...image,
      id: imageIdOf(path, region.name),
      owner,
      ...(alias === undefined ? {} : { alias }),
    };
  });
  // What instances run on, of whatever name it is, is there too.
  const ids = new Set(known.map(({ id }) => id));
  const others = Object.values(region.instances).filter(({ imageId }) => !ids.has(imageId));
  const used = new Map(
    others.map(({ imageId }): readonly [string, OwnedImage] => [
      imageId,
      { id: imageId, name: imageId, os: 'linux', architecture: 'x86_64', owner: region.account },
    ]),
  );
  return [...known, ...used.values()];
}

const isOwned = (image: OwnedImage, owners: readonly string[], account: string): boolean =>
  owners.length === 0 ||
  owners.some((owner) =>
    owner === 'self' ? image.owner === account : owner === image.owner || owner === image.alias,
  );

const images = (owners: readonly string[]) =>
  describes<OwnedImage>({
    set: 'Images',
    ids: {
      ...{ member: 'ImageIds', code: 'InvalidAMIID.NotFound', noun: 'image id' },
      of: ({ id }) => id,
    },
    all: (region) => imagesOf(region).filter((each) => isOwned(each, owners, region.account)),
    filters: {
      'image-id': ({ id }) => id,
      name: ({ name }) => name,
      architecture: ({ architecture }) => architecture,
      state: () => 'available',
      'owner-id': ({ owner }) => owner,
      'owner-alias': ({ alias }) => alias,
      'root-device-type': () => 'ebs',
      'virtualization-type': () => 'hvm',
      'image-type': () => 'machine',
      'is-public': () => 'true',
      'ena-support': () => 'true',
      hypervisor: () => 'xen',
      'block-device-mapping.volume-type': () => 'gp3',
    },
    print: (image, { context }) => ({
      ...{ Architecture: image.architecture, ImageId: image.id, ImageType: 'machine' },
      CreationDate: new Date(context.control.startedAt).toISOString(),
      ImageLocation: `${image.alias ?? image.owner}/${image.name}`,
      ...{ Public: true, OwnerId: image.owner, PlatformDetails: 'Linux/UNIX', State: 'available' },
      ...{ UsageOperation: 'RunInstances', EnaSupport: true, Hypervisor: 'xen', Name: image.name },
      ...{ ImageOwnerAlias: image.alias, RootDeviceName: '/dev/xvda', RootDeviceType: 'ebs' },
      BlockDeviceMappings: [
        {
          DeviceName: '/dev/xvda',
          Ebs: {
            ...{ DeleteOnTermination: true, Encrypted: false, VolumeSize: 8, VolumeType: 'gp3' },
            SnapshotId: `snap-${hashOf('snapshot', image.id).slice(0, 17)}`,
          },
        },
      ],
      ...{
        SriovNetSupport: 'simple',
        VirtualizationType: 'hvm',
        Description: image.name,
        Tags: [],
      },
    }),
  });

export const imageOperations: Operations = {
  DescribeImages: {
    handle: (input, call) => {
      if (texts(input, 'ExecutableUsers').some((user) => user !== 'all' && user !== 'self'))
        throw badValue('The lab knows images for everybody only: ExecutableUsers is all or self.');
      return images(texts(input, 'Owners')).handle(input, call);
    },
  },
};
