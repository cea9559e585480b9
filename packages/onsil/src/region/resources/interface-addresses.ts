/** The addresses of a network interface: those that its properties give, then drawn ones. */
import {
  allocateIpv6,
  allocatePrivateIp,
  ipv6AddressesIn,
  isReserved,
  isReserved6,
  privateIpsIn,
} from '../allocate.ts';
import { contains, parseAddress } from '../ipv4.ts';
import { contains6, formatAddress6, parseAddress6 } from '../ipv6.ts';
import type { Region } from '../region.ts';
import type { Subnet } from '../subnet.ts';
import type { Properties } from './properties.ts';

/** All private IPv4 addresses, the primary one first. Fails where they cannot be. */
export function privateIpsOf(
  region: Region,
  properties: Properties,
  subnet: Subnet,
  id: string,
): readonly string[] {
  const single = properties.text('PrivateIpAddress');
  const several = properties.groups('PrivateIpAddresses').map((item) => ({
    primary: item.boolean('Primary') ?? false,
    address: item.requiredText('PrivateIpAddress'),
  }));
  const explicit = [
    ...(single === undefined ? [] : [single]),
    ...several.filter(({ primary }) => primary).map(({ address }) => address),
    ...several.filter(({ primary }) => !primary).map(({ address }) => address),
  ];
  const count = properties.number('SecondaryPrivateIpAddressCount') ?? 0;
  return withDrawn(region, properties, subnet, explicit, Math.max(explicit.length, 1) + count, id);
}

/** The one address of an interface that has no more, as a NAT gateway's. */
export function primaryIpOf(
  region: Region,
  properties: Properties,
  subnet: Subnet,
  id: string,
): readonly string[] {
  const given = properties.text('PrivateIpAddress');
  return withDrawn(region, properties, subnet, given === undefined ? [] : [given], 1, id);
}

/** The addresses in the subnet's IPv6 block; one where the subnet assigns it and none is asked for. */
export function ipv6AddressesOf(
  region: Region,
  properties: Properties,
  subnet: Subnet,
  id: string,
): readonly string[] {
  const explicit = properties
    .groups('Ipv6Addresses')
    .map((item) => item.requiredText('Ipv6Address'));
  const given = properties.number('Ipv6AddressCount');
  const assigned = subnet.assignIpv6AddressOnCreation === true ? 1 : 0;
  const count = given ?? assigned;
  if (explicit.length > 0 && given !== undefined) {
    properties.report('Ipv6AddressCount', 'Give either addresses or their count.');
  }
  if (explicit.length === 0 && count === 0) return [];
  const { ipv6Cidr } = subnet;
  if (ipv6Cidr === undefined) {
    return properties.fail(
      explicit.length > 0 ? 'Ipv6Addresses' : 'Ipv6AddressCount',
      `${subnet.id} has no IPv6 block.`,
      'Give the subnet an Ipv6CidrBlock.',
    );
  }
  const taken = new Set(ipv6AddressesIn(region, subnet.id));
  const addresses = explicit.map((address) => {
    checkIpv6(properties, ipv6Cidr, address, taken);
    const canonical = formatAddress6(parseAddress6(address) ?? 0n);
    taken.add(canonical);
    return canonical;
  });
  properties.check();
  while (addresses.length < count) {
    const seed = addresses.length === 0 ? id : `${id} ${addresses.length}`;
    const address = allocateIpv6(ipv6Cidr, taken, seed);
    addresses.push(address);
    taken.add(address);
  }
  return addresses;
}

function checkIpv6(
  properties: Properties,
  ipv6Cidr: string,
  address: string,
  taken: ReadonlySet<string>,
): void {
  const report = (what: string) => properties.report('Ipv6Addresses', `"${address}" ${what}`);
  const value = parseAddress6(address);
  if (value === undefined) report('is not an IPv6 address.');
  else if (!contains6(ipv6Cidr, address)) report(`is not inside ${ipv6Cidr}, the subnet's block.`);
  else if (isReserved6(ipv6Cidr, formatAddress6(value))) {
    report(`is reserved: AWS keeps the first four and the last address of ${ipv6Cidr}.`);
  } else if (taken.has(formatAddress6(value))) report('is already in use in the subnet.');
}

function checkAddress(
  properties: Properties,
  subnet: Subnet,
  address: string,
  taken: ReadonlySet<string>,
): void {
  const report = (what: string) => properties.report('PrivateIpAddress', `"${address}" ${what}`);
  if (parseAddress(address) === undefined) report('is not an IPv4 address.');
  else if (!contains(subnet.cidr, address)) {
    report(`is not inside ${subnet.cidr}, the block of ${subnet.id}.`);
  } else if (isReserved(subnet, address)) {
    report(`is reserved: AWS keeps the first four and the last address of ${subnet.cidr}.`);
  } else if (taken.has(address)) report(`is already in use in ${subnet.id}.`);
}

/** Checks the explicit addresses and fills up with drawn ones until there are `count`. */
function withDrawn(
  region: Region,
  properties: Properties,
  subnet: Subnet,
  explicit: readonly string[],
  count: number,
  id: string,
): readonly string[] {
  const taken = new Set(privateIpsIn(region, subnet.id));
  for (const address of explicit) {
    checkAddress(properties, subnet, address, taken);
    taken.add(address);
  }
  properties.check();
  const addresses = [...explicit];
  while (addresses.length < count) {
    const seed = addresses.length === 0 ? id : `${id} ${addresses.length}`;
    const address = allocatePrivateIp(subnet, taken, seed);
    if (address === undefined) {
      return properties.fail('SubnetId', `${subnet.id} (${subnet.cidr}) has no free address left.`);
    }
    addresses.push(address);
    taken.add(address);
  }
  return addresses;
}
