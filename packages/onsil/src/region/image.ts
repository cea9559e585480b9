import { hashOf } from './hash.ts';

/** A machine image, told by the public SSM parameter that names it. */
export interface Image {
  /** The last part of the parameter's path is left out where it only says `ami-id`. */
  readonly name: string;
  /** e.g. `debian-12`, `amazon-linux-2023`, `ubuntu-24.04`. */
  readonly os: string;
  readonly architecture: 'x86_64' | 'arm64';
}

/**
 * The well-known images by the path of their public parameter.
 * https://wiki.debian.org/Cloud/AmazonEC2Image, https://documentation.ubuntu.com/aws/aws-how-to/instances/find-ubuntu-images/,
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters-ami.html
 */
export const IMAGES: Readonly<Record<string, Image>> = {
  ...debian(),
  ...amazonLinux(),
  ...ubuntu(),
};

// Half of an id tells the image whatever the region, the other half differs by region as on AWS.
const BY_MARK = new Map(Object.entries(IMAGES).map(([path, image]) => [markOf(path), image]));

/** The AMI id that a public parameter gives in a region. */
export function imageIdOf(path: string, regionName: string): string {
  return `ami-0${markOf(path)}${hashOf('image', regionName, path).slice(0, 8)}`;
}

/** The image of an AMI id that a public parameter gave; nothing for any other AMI. */
export function imageOf(imageId: string): Image | undefined {
  return BY_MARK.get(imageId.slice('ami-0'.length, -8));
}

function markOf(path: string): string {
  return hashOf('image', path).slice(0, 8);
}

function debian(): Record<string, Image> {
  const images: Record<string, Image> = {};
  for (const release of ['11', '12', '13']) {
    for (const architecture of ['amd64', 'arm64'] as const) {
      images[`/aws/service/debian/release/${release}/latest/${architecture}`] = {
        name: `debian-${release}-${architecture}`,
        os: `debian-${release}`,
        architecture: architecture === 'amd64' ? 'x86_64' : 'arm64',
      };
    }
  }
  return images;
}

function amazonLinux(): Record<string, Image> {
  const images: Record<string, Image> = {};
  for (const architecture of ['x86_64', 'arm64'] as const) {
    const names = [
      `amzn2-ami-hvm-${architecture}-gp2`,
      `amzn2-ami-hvm-${architecture}-ebs`,
      `amzn2-ami-kernel-5.10-hvm-${architecture}-gp2`,
      `al2023-ami-kernel-default-${architecture}`,
      `al2023-ami-kernel-6.1-${architecture}`,
      `al2023-ami-minimal-kernel-default-${architecture}`,
    ];
    for (const name of names) {
      images[`/aws/service/ami-amazon-linux-latest/${name}`] = {
        name,
        os: name.startsWith('amzn2') ? 'amazon-linux-2' : 'amazon-linux-2023',
        architecture,
      };
    }
  }
  images['/aws/service/ami-amazon-linux-latest/amzn-ami-hvm-x86_64-gp2'] = {
    name: 'amzn-ami-hvm-x86_64-gp2',
    os: 'amazon-linux-1',
    architecture: 'x86_64',
  };
  return images;
}

function ubuntu(): Record<string, Image> {
  const images: Record<string, Image> = {};
  const releases = { '20.04': 'focal', '22.04': 'jammy', '24.04': 'noble' };
  for (const [release, codeName] of Object.entries(releases)) {
    for (const architecture of ['amd64', 'arm64'] as const) {
      for (const volume of ['gp2', 'gp3']) {
        for (const version of [release, codeName]) {
          const path = `/aws/service/canonical/ubuntu/server/${version}/stable/current/${architecture}/hvm/ebs-${volume}/ami-id`;
          images[path] = {
            name: `ubuntu-${release}-${architecture}`,
            os: `ubuntu-${release}`,
            architecture: architecture === 'amd64' ? 'x86_64' : 'arm64',
          };
        }
      }
    }
  }
  return images;
}
