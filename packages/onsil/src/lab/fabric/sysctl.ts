/**
 * Kernel settings of the fabric's namespaces. All of them are per network namespace; the host's
 * own stay as they are. A new namespace copies the host's IPv4 values, so whatever matters is
 * written, both as `all` and as the `default` that new links copy. The size of the connection
 * table (nf_conntrack_max) is the host's alone and is left alone.
 */

/** Every namespace of the fabric. IPv6 is not modelled yet: off rather than unfiltered. */
const IPV6_OFF = [
  'net.ipv6.conf.all.disable_ipv6=1',
  'net.ipv6.conf.default.disable_ipv6=1',
] as const;

export const HOST_SYSCTLS: readonly string[] = [...IPV6_OFF];

/** Namespaces that forward. */
const FORWARD = [
  'net.ipv4.ip_forward=1',
  // A VPC checks a source against its interface, never against the way back (no uRPF).
  'net.ipv4.conf.all.rp_filter=0',
  'net.ipv4.conf.default.rp_filter=0',
  'net.ipv4.conf.all.send_redirects=0',
  'net.ipv4.conf.default.send_redirects=0',
  'net.ipv4.conf.all.arp_filter=0',
  'net.ipv4.conf.default.arp_filter=0',
  'net.ipv4.conf.all.arp_ignore=0',
  'net.ipv4.conf.default.arp_ignore=0',
] as const;

export const INTERNET_SYSCTLS: readonly string[] = [...IPV6_OFF, ...FORWARD];

export const ROUTER_SYSCTLS: readonly string[] = [
  ...IPV6_OFF,
  ...FORWARD,
  'net.ipv4.conf.all.proxy_arp=1',
  // A NAT instance hands on the router's "fragmentation needed" with the router's own source.
  'net.ipv4.conf.all.accept_local=1',
  'net.ipv4.conf.default.accept_local=1',
];

/** Its only link leads back to where a packet came from. */
export const NAT_GATEWAY_SYSCTLS: readonly string[] = [...IPV6_OFF, ...FORWARD];

/**
 * Idle for longer, a connection is forgotten.
 * https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html
 */
const NAT_GATEWAY_IDLE_SECONDS = 350;

export const NAT_GATEWAY_CONNTRACK_SYSCTLS: readonly string[] = [
  'net.netfilter.nf_conntrack_tcp_loose=0',
  ...['tcp_timeout_established', 'udp_timeout', 'udp_timeout_stream', 'icmp_timeout'].map(
    (name) => `net.netfilter.nf_conntrack_${name}=${NAT_GATEWAY_IDLE_SECONDS}`,
  ),
];

/** A packet in the middle of no known connection opens none. */
export const ROUTER_CONNTRACK_SYSCTLS: readonly string[] = [
  'net.netfilter.nf_conntrack_tcp_loose=0',
];
