import { hashOf } from './hash.ts';
import type { Table, Tags } from './region.ts';

/** https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html */
export interface PrefixList {
  readonly id: string;
  readonly name: string;
  readonly family: 'ipv4' | 'ipv6';
  /** Canonical blocks. Absent where AWS keeps the list and its entries are not known here. */
  readonly entries?: readonly string[];
  readonly tags: Tags;
}

/** Services with a gateway endpoint, whose routes name the prefix list of the service. */
const GATEWAY_SERVICES = ['s3', 'dynamodb', 's3express'];

/**
 * Lists that AWS keeps in every region. Their entries change; none is known here.
 * https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html
 */
export function awsPrefixLists(regionName: string): Table<PrefixList> {
  const names = [...gatewayServices(regionName), 'com.amazonaws.global.cloudfront.origin-facing'];
  return Object.fromEntries(
    names.map((name) => {
      const id = `pl-${hashOf('prefix list', regionName, name).slice(0, 8)}`;
      return [id, { id, name, family: 'ipv4', tags: {} }];
    }),
  );
}

/** Their names, which are those of their prefix lists. */
export function gatewayServices(regionName: string): readonly string[] {
  return GATEWAY_SERVICES.map((service) => `com.amazonaws.${regionName}.${service}`);
}
