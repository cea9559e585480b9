import type { Tags } from './region.ts';

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Volume.html */
export interface Volume {
  readonly id: string;
  /** GiB. */
  readonly size: number;
  readonly type: string;
  readonly encrypted: boolean;
  readonly zone: string;
  /** Made with an instance as its root: goes with the instance. */
  readonly root: boolean;
  readonly attachment?: { readonly instanceId: string; readonly device: string };
  readonly tags: Tags;
}
