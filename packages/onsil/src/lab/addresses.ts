/**
 * The lab's own addresses. Public ones come from the benchmarking block (RFC 2544), outside
 * hosts from TEST-NET-2 (RFC 5737): neither is routed anywhere on the real Internet.
 */

/** Elastic IPs and automatic public addresses of instances are taken from here by `region/`. */
export const PUBLIC_POOL = '198.18.0.0/16';

/** Every AWS endpoint but S3's, told apart by its name (SNI and Host). */
export const AWS_ENDPOINTS = '198.19.0.10';
/** S3 has an address of its own: prefix lists and gateway endpoints are for it alone. */
export const AWS_S3 = '198.19.0.11';
/** The public ACME directory. */
export const ACME = '198.19.0.20';
/** The public resolver, and authority for the lab's public hosted zones. */
export const PUBLIC_DNS = '198.19.0.53';
/** The way out to the real Internet: slirp4netns takes .2 (gateway), .3 (DNS), .100 (us). */
export const OUTSIDE_CIDR = '198.19.255.0/24';
export const OUTSIDE_GATEWAY = '198.19.255.2';
export const OUTSIDE_DNS = '198.19.255.3';
export const OUTSIDE_SELF = '198.19.255.100';

/** The Internet's own end of the outside hosts' network; host forwarders connect from here. */
export const INTERNET_SELF = '198.51.100.1';
/** The simulated outside hosts. */
export const OUTSIDE_HOSTS = {
  /** The administrator's "my IP". */
  admin: '198.51.100.10',
  /** A stranger. */
  internet: '198.51.100.20',
} as const;
export type OutsideHost = keyof typeof OUTSIDE_HOSTS;

/** https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html */
export const VPC_RESOLVER = '169.254.169.253';
/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html */
export const METADATA = '169.254.169.254';
/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/set-time.html */
export const TIME = '169.254.169.123';

/**
 * Requests of instances to link-local services carry, on their way to the service, a source
 * address that names the network interface: it is unique in the lab even where VPCs overlap.
 */
export const IDENTITY_POOL = '100.64.0.0/10';
