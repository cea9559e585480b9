import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  allocateIpv6,
  allocatePrivateIp,
  isReserved,
  isReserved6,
  macAddressOf,
  privateIpsIn,
  providedIpv6Block,
} from './allocate.ts';
import { contains, hostAt } from './ipv4.ts';
import { contains6, formatAddress6, parseBlock6 } from './ipv6.ts';
import { emptyRegion, put, type Region } from './region.ts';
import type { Subnet } from './subnet.ts';

const subnet: Subnet = {
  id: 'subnet-1',
  vpcId: 'vpc-1',
  zone: 'ap-northeast-2a',
  cidr: '10.0.1.0/28',
  mapPublicIpOnLaunch: false,
  routeTableId: 'rtb-1',
  networkAclId: 'acl-1',
  tags: {},
};

function withAddress(region: Region, id: string, address: string): Region {
  return put(region, 'networkInterfaces', id, {
    id,
    subnetId: subnet.id,
    vpcId: subnet.vpcId,
    privateIps: [address],
    ipv6Addresses: [],
    securityGroupIds: [],
    sourceDestCheck: true,
    macAddress: '',
    description: '',
    tags: {},
  });
}

test('fills a /28 with its eleven usable addresses, each once, and then gives none', () => {
  fc.assert(
    fc.property(fc.string(), (seed) => {
      let region = emptyRegion('ap-northeast-2');
      const given: string[] = [];
      for (let index = 0; index < 11; index += 1) {
        const address =
          allocatePrivateIp(subnet, privateIpsIn(region, subnet.id), `${seed}${index}`) ?? '';
        given.push(address);
        region = withAddress(region, `eni-${index}`, address);
      }
      const usable = Array.from({ length: 11 }, (_, index) => hostAt(subnet.cidr, 4 + index));
      expect(new Set(given)).toEqual(new Set(usable));
      expect(allocatePrivateIp(subnet, privateIpsIn(region, subnet.id), seed)).toBeUndefined();
    }),
    { numRuns: 20 },
  );
});

test('the same seed gives the same address', () => {
  const address = allocatePrivateIp(subnet, new Set(), 'eni-0a') ?? '';
  expect(allocatePrivateIp(subnet, new Set(), 'eni-0a')).toBe(address);
  expect(contains(subnet.cidr, address)).toBe(true);
});

test('the first four addresses and the last one are reserved', () => {
  const reserved = Array.from({ length: 16 }, (_, index) => hostAt(subnet.cidr, index)).filter(
    (address) => isReserved(subnet, address),
  );
  expect(reserved).toEqual(['10.0.1.0', '10.0.1.1', '10.0.1.2', '10.0.1.3', '10.0.1.15']);
});

test('hardware addresses are unicast and locally administered', () => {
  expect(macAddressOf('eni-0a')).toMatch(/^02(:[0-9a-f]{2}){5}$/);
  expect(macAddressOf('eni-0a')).not.toBe(macAddressOf('eni-0b'));
});

test('the IPv6 block of a VPC is a /56 for documentation, another one for each index', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(4), (id, index) => {
      const block = providedIpv6Block(id, index);
      expect(contains6('2001:db8::/32', block)).toBe(true);
      expect(parseBlock6(block)?.prefix).toBe(56);
      expect(providedIpv6Block(id, index)).toBe(block);
      expect(providedIpv6Block(id, index + 1)).not.toBe(block);
    }),
  );
});

test('an IPv6 address is drawn inside the block, and not one that is taken', () => {
  const cidr = '2001:db8:1:2::/64';
  const address = allocateIpv6(cidr, new Set(), 'eni-0a');
  expect(contains6(cidr, address)).toBe(true);
  expect(allocateIpv6(cidr, new Set(), 'eni-0a')).toBe(address);
  expect(allocateIpv6(cidr, new Set([address]), 'eni-0a')).not.toBe(address);
});

test('the first four IPv6 addresses and the last one are reserved', () => {
  const cidr = '2001:db8::10/124';
  const reserved = Array.from({ length: 16 }, (_, index) =>
    formatAddress6((parseBlock6(cidr)?.first ?? 0n) + BigInt(index)),
  ).filter((address) => isReserved6(cidr, address));
  expect(reserved).toEqual([
    '2001:db8::10',
    '2001:db8::11',
    '2001:db8::12',
    '2001:db8::13',
    '2001:db8::1f',
  ]);
});
