import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UsageError } from '../errors.ts';
import { parseTarget } from './probe.ts';

test.each([
  ['database', { to: 'database', port: 22 }],
  ['database:3306', { to: 'database', port: 3306 }],
  ['10.0.0.5', { to: '10.0.0.5', port: 22 }],
  ['198.18.0.5:443', { to: '198.18.0.5', port: 443 }],
  ['Chapter 6: (firewall):80', { to: 'Chapter 6: (firewall)', port: 80 }],
  ['api-1:1', { to: 'api-1', port: 1 }],
  ['api-1:65535', { to: 'api-1', port: 65535 }],
])('%s', (text, target) => {
  expect(parseTarget(text)).toEqual(target);
});

test.each(['', ':80', 'a:', 'a:0', 'a:65536', 'a:-1', 'a:1.5', 'a:ssh', 'a:80:90', 'fe80::1'])(
  '%j is no target',
  (text) => {
    expect(() => parseTarget(text)).toThrow(UsageError);
    expect(() => parseTarget(text)).toThrow(`${JSON.stringify(text)} is no target`);
  },
);

test('every name and port comes back as it was given', () => {
  const name = fc.string({ minLength: 1 }).filter((text) => !/[:\n\r\u2028\u2029]/.test(text));
  fc.assert(
    fc.property(name, fc.integer({ min: 1, max: 65535 }), (to, port) => {
      expect(parseTarget(`${to}:${port}`)).toEqual({ to, port });
    }),
  );
});
