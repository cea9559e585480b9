import { describe, expect, it } from 'vitest';
import { findClientAddress } from './client-address.ts';

const gateway = '10.0.1.20';

describe('findClientAddress', () => {
  it.each([
    // what                        X-Forwarded-For                          proxies  expected
    ['through edge and gateway', '203.0.113.7, 10.0.0.30', 2, '203.0.113.7'],
    ['with a spoofed entry', '1.1.1.1, 203.0.113.7, 10.0.0.30', 2, '203.0.113.7'],
    ['through one proxy', '1.1.1.1, 203.0.113.7', 1, '203.0.113.7'],
    ['an IPv6 client', '2001:db8::7, 10.0.0.30', 2, '2001:db8::7'],
    ['an IPv4 client in IPv6 form', '::ffff:203.0.113.7, 10.0.0.30', 2, '203.0.113.7'],
    ['past the edge', '203.0.113.7', 2, gateway],
    ['junk', 'unknown, 10.0.0.30', 2, gateway],
    ['an empty header', '', 2, gateway],
    ['no header', undefined, 2, gateway],
    ['no proxies', '203.0.113.7', 0, gateway],
  ])('%s', (_what, header, proxies, expected) => {
    expect(findClientAddress(header, gateway, proxies)).toBe(expected);
  });

  it('shows the connection in IPv4 form, and says when there is none', () => {
    expect(findClientAddress(undefined, '::ffff:10.0.1.20', 0)).toBe(gateway);
    expect(findClientAddress(undefined, undefined, 0)).toBe('unknown');
  });
});
