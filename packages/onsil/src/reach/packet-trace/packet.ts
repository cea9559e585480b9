/** One packet with its addresses as text, and the packet that answers it. */
export interface TextPacket {
  readonly protocol: number;
  readonly source: string;
  readonly destination: string;
  /** tcp and udp: ports. icmp and icmpv6: type and code. */
  readonly detail: readonly [number, number];
}

const ANSWERS: Readonly<Record<string, number>> = {
  ...{ '1 8': 0, '1 13': 14, '1 15': 16, '1 17': 18, '58 128': 129 },
};

export function replyOf({ protocol, source, destination, detail }: TextPacket) {
  const [one, two] = detail;
  const back = { protocol, source: destination, destination: source };
  if (protocol !== 1 && protocol !== 58) return { ...back, detail: [two, one] as const };
  const type = ANSWERS[`${protocol} ${one}`];
  return type === undefined ? undefined : { ...back, detail: [type, two] as const };
}
