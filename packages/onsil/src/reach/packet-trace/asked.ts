/** For tests: packets as the oracle has them, for models that know them by numbers. */
import type { Region } from '../../region/region.ts';
import { compile, type Model } from '../model.ts';
import type { Packet } from '../packet-set/packet.ts';
import { isIpv6, isUnknown } from './address.ts';
import type { TextPacket } from './packet.ts';
import { ELSEWHERE_6, OUTSIDE_6 } from './random-packet.ts';

/** Of the packet's family. */
export function modelFor(region: Region, { destination }: TextPacket): Model {
  const family = isIpv6(destination) ? 'ipv6' : 'ipv4';
  return compile(region, family, { named: [...OUTSIDE_6, ...ELSEWHERE_6] });
}

export function packetIn(
  model: Model,
  { protocol, source, destination, detail }: TextPacket,
): Packet {
  const numberOf = (text: string): number =>
    isUnknown(text)
      ? (model.space.standIns.get(text)?.range.first ?? 0)
      : model.space.addressOf(text);
  return { protocol, source: numberOf(source), destination: numberOf(destination), detail };
}
