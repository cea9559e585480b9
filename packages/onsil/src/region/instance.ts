import type { Tags } from './region.ts';

export interface MetadataOptions {
  readonly enabled: boolean;
  /** `required`: version 2 only, every request carries a session token. */
  readonly httpTokens: 'required' | 'optional';
  readonly hopLimit: number;
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html */
export interface Instance {
  readonly id: string;
  /** The Name tag, or else the logical id in the template; unique in a region. */
  readonly name: string;
  readonly logicalId: string;
  readonly imageId: string;
  readonly instanceType: string;
  readonly zone: string;
  readonly subnetId: string;
  readonly vpcId: string;
  /** Interface ids by device index; the first is the primary one. */
  readonly networkInterfaceIds: readonly string[];
  readonly keyName?: string;
  readonly instanceProfileName?: string;
  /** Decoded text. */
  readonly userData?: string;
  /** Base64, of user data that is no text, e.g. compressed. */
  readonly userDataBytes?: string;
  readonly metadataOptions: MetadataOptions;
  /** `ip-10-0-1-5.ap-northeast-2.compute.internal` */
  readonly privateDnsName: string;
  readonly rootVolumeId: string;
  /** Of the Auto Scaling group that launched it. */
  readonly autoScalingGroupName?: string;
  readonly tags: Tags;
}

/** What names begin with, without the number at the end: `api` of api-1, api-2. */
export function stemOf(names: readonly string[]): string {
  const [first = '', ...rest] = names;
  let length = first.length;
  for (const each of rest) {
    while (!each.startsWith(first.slice(0, length))) length -= 1;
  }
  const stem = first.slice(0, length).replace(/[-_ .\d]+$/, '');
  return stem === '' ? first : stem;
}
