import type { Properties } from './properties.ts';

const NUMBERS: Readonly<Record<string, number>> = { tcp: 6, udp: 17, icmp: 1, icmpv6: 58, all: -1 };

/** A protocol by name or number as an IANA number, -1 for all; nothing where it is neither. */
export function protocolNumber(text: string): number | undefined {
  const number =
    NUMBERS[text.toLowerCase()] ?? (/^(-1|[0-9]{1,3})$/.test(text) ? Number(text) : 256);
  return number > 255 ? undefined : number;
}

/** As `protocolNumber`; reported where it is none. */
export function protocolOf(properties: Properties, name: string): number {
  const given = properties.requiredText(name);
  const protocol = protocolNumber(given) ?? 256;
  if (protocol > 255 && given !== '') {
    properties.report(
      name,
      `"${given}" is not a protocol.`,
      'Use tcp, udp, icmp, icmpv6, -1 for all, or an IANA number from 0 to 255.',
    );
  }
  return protocol;
}
