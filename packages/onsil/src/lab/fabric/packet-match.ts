/** What rules of security groups and of network ACLs have in common. */

export interface PacketFields {
  /** IANA number, or -1 for all. */
  readonly protocol: number;
  readonly fromPort?: number;
  readonly toPort?: number;
}

const ICMP = 1;
const TCP = 6;
const UDP = 17;

/**
 * The nftables matches for protocol and ports, or ICMP type and code. Any protocol but TCP, UDP
 * and ICMP has no ports: they are ignored.
 * https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
 */
export function packetMatches({ protocol, fromPort, toPort }: PacketFields): readonly string[] {
  if (protocol === -1) return [];
  if (protocol === TCP || protocol === UDP) {
    const name = protocol === TCP ? 'tcp' : 'udp';
    // -1 as a port stands for all, as CloudFormation accepts it.
    const from = fromPort === undefined || fromPort === -1 ? 0 : fromPort;
    const to = toPort === undefined || toPort === -1 ? 65_535 : toPort;
    if (from === 0 && to === 65_535) return [`meta l4proto ${name}`];
    return [from === to ? `${name} dport ${from}` : `${name} dport ${from}-${to}`];
  }
  if (protocol === ICMP) {
    if (fromPort === undefined || fromPort === -1) return ['meta l4proto icmp'];
    const type = `icmp type ${fromPort}`;
    return toPort === undefined || toPort === -1 ? [type] : [type, `icmp code ${toPort}`];
  }
  return [`meta l4proto ${protocol}`];
}

/** `side` is `saddr` or `daddr`. Every address: no match is needed. */
export function addressMatches(side: 'saddr' | 'daddr', cidr: string): readonly string[] {
  return cidr.endsWith('/0') ? [] : [`ip ${side} ${cidr}`];
}
