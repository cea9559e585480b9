import { describe, expect, it } from 'vitest';
import { isSameOrigin } from './same-origin.ts';

const site = 'https://everydaehwa.net';

describe('isSameOrigin', () => {
  it.each([
    [site, 'same-origin', true],
    [site, undefined, true],
    [undefined, 'same-origin', true],
    [undefined, undefined, false],
    [site, 'cross-site', false],
    [site, 'same-site', false],
    [undefined, 'same-site', false],
    [undefined, 'none', false],
    ['https://evil.example', 'same-origin', false],
    ['https://evil.example', undefined, false],
    ['https://everydaehwa.net.evil.example', undefined, false],
    ['http://everydaehwa.net', undefined, false],
    ['https://www.everydaehwa.net', undefined, false],
    ['null', undefined, false],
    ['', undefined, false],
  ])('Origin %s, Sec-Fetch-Site %s: %s', (origin, fetchSite, expected) => {
    expect(isSameOrigin({ origin, fetchSite }, site)).toBe(expected);
  });
});
