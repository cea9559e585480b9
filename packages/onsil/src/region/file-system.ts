import type { Tags } from './region.ts';

/** https://docs.aws.amazon.com/efs/latest/ug/API_FileSystemDescription.html */
export interface FileSystem {
  readonly id: string;
  readonly arn: string;
  /** `fs-….efs.ap-northeast-2.amazonaws.com`; resolves to the mount target of the asker's zone. */
  readonly dnsName: string;
  readonly encrypted: boolean;
  readonly tags: Tags;
}

/** https://docs.aws.amazon.com/efs/latest/ug/API_MountTargetDescription.html */
export interface MountTarget {
  readonly id: string;
  readonly fileSystemId: string;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly networkInterfaceId: string;
}
