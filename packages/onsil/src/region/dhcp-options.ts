import type { Tags } from './region.ts';

/** https://docs.aws.amazon.com/vpc/latest/userguide/VPC_DHCP_Options.html */
export interface DhcpOptions {
  readonly id: string;
  readonly domainName?: string;
  /** Addresses, or `AmazonProvidedDNS`: the resolver of the VPC. */
  readonly domainNameServers: readonly string[];
  readonly ntpServers: readonly string[];
  readonly netbiosNameServers: readonly string[];
  readonly netbiosNodeType?: number;
  readonly tags: Tags;
}
