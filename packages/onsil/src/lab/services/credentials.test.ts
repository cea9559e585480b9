import { expect, test } from 'vitest';
import { createCredentials } from './credentials.ts';

const HOUR = 3_600_000;

test('credentials of a role stay the same, and are renewed while the old ones still work', () => {
  let now = 0;
  const credentials = createCredentials({ now: () => now });
  const first = credentials.forInstance('i-1', 'role');
  expect(first).toMatchObject({
    accessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
    expires: 6 * HOUR,
    principal: { kind: 'role', roleName: 'role', instanceId: 'i-1' },
  });
  now = 4.9 * HOUR;
  expect(credentials.forInstance('i-1', 'role')).toBe(first);
  now = 5.1 * HOUR;
  const second = credentials.forInstance('i-1', 'role');
  expect(second.accessKeyId).not.toBe(first.accessKeyId);
  expect(credentials.find(first.accessKeyId)).toBe(first);
  now = 48 * HOUR;
  credentials.forInstance('i-1', 'role');
  expect(credentials.find(first.accessKeyId)).toBeUndefined();
});

test('instances of one role do not share credentials; the administrator never expires', () => {
  const credentials = createCredentials();
  const [one, two] = ['i-1', 'i-2'].map((id) => credentials.forInstance(id, 'role').accessKeyId);
  expect(one).not.toBe(two);
  const { administrator } = credentials;
  expect(credentials.find(administrator.accessKeyId)).toBe(administrator);
  expect(administrator.expires).toBeUndefined();
});
