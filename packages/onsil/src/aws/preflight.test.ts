import { expect, test } from 'vitest';
import { type Check, type PreflightFacts, preflight } from './preflight.ts';

const GOOD: PreflightFacts = {
  environment: { region: 'ap-northeast-2' },
  domain: 'shop.example',
  identity: { value: { account: '111122223333', arn: 'arn:aws:iam::111122223333:user/me' } },
  addresses: { value: { used: 1, quota: 5 } },
  addressesWanted: 2,
  delegation: { state: 'delegated', servers: ['ns-1.example'] },
  zoneServers: ['ns-1.example'],
  administrator: '203.0.113.7/32',
  publicKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 me@laptop',
  large: true,
  bucket: { value: true },
};

const check = (name: string, facts: Partial<PreflightFacts>): Check | undefined =>
  preflight({ ...GOOD, ...facts }).find((each) => each.name === name);

test('all is well', () => {
  expect(preflight(GOOD).map(({ name, state }) => `${name} ${state}`)).toEqual([
    'credentials ok',
    'region ok',
    'addresses ok',
    'domain ok',
    'administrator ok',
    'key pair ok',
    'bucket ok',
  ]);
});

test.each<[string, Partial<PreflightFacts>, string, RegExp]>([
  ['credentials', { identity: { error: new Error('no way') } }, 'failed', /aws sts get-caller/],
  [
    'region',
    { addresses: { error: new Error('OptInRequired: You are not subscribed') } },
    'failed',
    /enable ap-northeast-2/,
  ],
  ['addresses', { addresses: { value: { used: 4, quota: 5 } } }, 'failed', /higher quota/],
  ['domain', { delegation: { state: 'none' } }, 'later', /enter: ns-1\.example/],
  ['domain', { delegation: { state: 'none' }, zoneServers: [] }, 'later', /after the deploy/],
  ['domain', { delegation: { state: 'unknown', why: 'ETIMEOUT' } }, 'later', /placeholder/],
  ['administrator', { administrator: undefined }, 'failed', /--admin 203/],
  ['key pair', { publicKey: undefined }, 'failed', /--key/],
  ['bucket', { bucket: { value: false } }, 'later', /makes its stack CDKToolkit/],
])('%s %#: what is wrong comes with what to do', (name, facts, state, next) => {
  expect(check(name, facts)).toMatchObject({ state, next: expect.stringMatching(next) });
});

test('without credentials nothing is claimed of an account', () => {
  const unasked = { identity: undefined, addresses: undefined, delegation: undefined };
  const states = preflight({ ...GOOD, ...unasked, bucket: undefined }).map(({ state }) => state);
  expect(states).toEqual([
    ...['not asked', 'not asked', 'not asked', 'not asked'],
    ...['ok', 'ok', 'not asked'],
  ]);
});

test('the room for addresses is counted to the last one', () => {
  expect(check('addresses', { addresses: { value: { used: 3, quota: 5 } } })?.state).toBe('ok');
  expect(check('addresses', { addresses: { value: { used: 9, quota: 5 } } })?.text).toBe(
    '2 Elastic IPs wanted, 0 of 5 left',
  );
  expect(check('addresses', { addressesWanted: 0, addresses: undefined })?.state).toBe('ok');
});

test('the key is named by its end, not printed', () => {
  expect(check('key pair', {})?.text).toBe('ssh-ed25519 …ZDI1NTE5 me@laptop');
});
