import type { Tags } from './region.ts';

/** https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html */
export interface PrefixList {
  readonly id: string;
  readonly name: string;
  readonly family: 'ipv4' | 'ipv6';
  /** Canonical blocks. Absent where AWS keeps the list and its entries are not known here. */
  readonly entries?: readonly string[];
  readonly tags: Tags;
}
