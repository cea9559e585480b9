import { expect, test } from 'vitest';
import { delegationOf } from './delegation.ts';

const answering = (servers: readonly string[]) => ({ resolveNs: async () => [...servers] });
const failing = (code: string) => ({
  resolveNs: async (): Promise<string[]> => {
    throw Object.assign(new Error(code), { code });
  },
});
const ZONE = ['NS-1.awsdns-1.com.', 'ns-2.awsdns-2.net'];

test('a domain is delegated where all its name servers are the zone’s', async () => {
  const resolver = answering(['ns-2.awsdns-2.net', 'ns-1.awsdns-1.com']);
  expect((await delegationOf('shop.example', ZONE, resolver)).state).toBe('delegated');
});

test.each([
  [['ns.registrar.example']],
  // One left of the former provider: a part of the visitors would go there.
  [['ns-1.awsdns-1.com', 'ns.registrar.example']],
])('else it is elsewhere: %j', async (servers) => {
  expect(await delegationOf('shop.example', ZONE, answering(servers))).toEqual({
    state: 'elsewhere',
    servers: [...servers].toSorted(),
  });
});

test('no answer and no name servers are two things', async () => {
  for (const code of ['ENOTFOUND', 'ENODATA']) {
    expect((await delegationOf('shop.example', ZONE, failing(code))).state).toBe('none');
  }
  expect(await delegationOf('shop.example', ZONE, failing('ETIMEOUT'))).toEqual({
    ...{ state: 'unknown', why: 'ETIMEOUT' },
  });
});
