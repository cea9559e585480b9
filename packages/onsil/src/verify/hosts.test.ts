import { expect, test } from 'vitest';
import { RegionBuilder } from '../region/testing.ts';
import { hostOfInterface, hostsOf, outsideHostOf, SERVICES_HOST } from './hosts.ts';

const { region: built } = new RegionBuilder()
  .vpc('vpc-1', '10.0.0.0/16')
  .subnet('subnet-1', 'vpc-1', '10.0.1.0/24')
  .instance('web', { subnet: 'subnet-1', ip: '10.0.1.10', groups: [] })
  .instance('off', { subnet: 'subnet-1', ip: '10.0.1.20', groups: [] })
  .instance('bare', { subnet: 'subnet-1', ip: '10.0.1.30', groups: [], attached: false });
const region = { ...built, instances: { ...built.instances } };

test('an interface is the host whose instance has it; of an instance that is not known, its id', () => {
  expect(hostOfInterface(region, 'eni-web')).toBe('web');
  expect(hostOfInterface(region, 'eni-bare')).toBeUndefined();
  expect(hostOfInterface(region, 'eni-none')).toBeUndefined();
  expect(hostOfInterface({ ...region, instances: {} }, 'eni-web')).toBe('i-web');
});

test('an outside host is found by its address', () => {
  expect(outsideHostOf('198.51.100.10')).toBe('admin');
  expect(outsideHostOf('198.51.100.20')).toBe('internet');
  expect(outsideHostOf('198.51.100.21')).toBeUndefined();
});

test('the hosts of a lab: what runs, who is outside, and the services', () => {
  const hosts = hostsOf('shop', region, new Map([['web', { pid: 7 }]]));
  expect(hosts).toEqual([
    { name: 'web', namespace: { pid: 7 }, addresses: ['10.0.1.10'] },
    {
      ...{ name: 'admin', addresses: ['198.51.100.10'] },
      namespace: { namespace: 'onsil.shop.host.admin' },
    },
    {
      ...{ name: 'internet', addresses: ['198.51.100.20'] },
      namespace: { namespace: 'onsil.shop.host.internet' },
    },
    {
      ...{ name: SERVICES_HOST, namespace: { namespace: 'onsil.shop.internet' } },
      addresses: expect.arrayContaining(['169.254.169.254', '169.254.169.253', '169.254.169.123']),
    },
  ]);
  expect(hosts.at(-1)?.addresses).toHaveLength(5);
});
