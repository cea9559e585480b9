/** Address blocks as a template writes them, made canonical as AWS does. */
import { canonicalBlock, parseBlock } from '../ipv4.ts';
import { canonicalBlock6, parseAddress6, parseBlock6 } from '../ipv6.ts';
import type { Properties } from './properties.ts';

/** The canonical IPv4 block of a property; reported, and as it was written, where it is none. */
export function ipv4BlockOf(properties: Properties, name: string, hint?: string): string {
  const given = properties.requiredText(name);
  if (given !== '' && parseBlock(given) === undefined) {
    properties.report(name, `"${given}" is not an IPv4 block.`, hint);
  }
  return warned(properties, name, given, canonicalBlock(given) ?? given);
}

/** The canonical IPv6 block of a property; reported, and as it was written, where it is none. */
export function ipv6BlockOf(properties: Properties, name: string): string {
  const given = properties.requiredText(name);
  const block = parseBlock6(given);
  if (block === undefined) {
    if (given !== '') properties.report(name, `"${given}" is not an IPv6 block.`);
    return given;
  }
  const cidr = canonicalBlock6(given) ?? given;
  // Only host bits are worth a warning; upper case and zeros are a matter of taste.
  const [address = ''] = given.split('/');
  return parseAddress6(address) === block.first ? cidr : warned(properties, name, given, cidr);
}

function warned(properties: Properties, name: string, given: string, cidr: string): string {
  if (cidr !== given) {
    properties.warn(name, `"${given}" has host bits set; AWS makes it ${cidr}.`, `Write ${cidr}.`);
  }
  return cidr;
}
