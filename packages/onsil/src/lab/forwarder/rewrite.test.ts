import { describe, expect, test } from 'vitest';
import { rewriteRequest, rewriteResponse } from './rewrite.ts';

const origins = { local: 'http://shop.localhost:8080', real: 'https://shop.example' };

describe('requests', () => {
  test('its own Origin and Referer become the site’s', () => {
    const headers = {
      host: 'shop.localhost:8080',
      origin: 'http://shop.localhost:8080',
      referer: 'http://shop.localhost:8080/login?next=/',
    };
    expect(rewriteRequest(headers, origins)).toEqual({
      host: 'shop.example',
      origin: 'https://shop.example',
      referer: 'https://shop.example/login?next=/',
    });
  });

  test.each([
    'https://evil.example',
    'null',
    'http://shop.localhost:80801',
    'http://localhost:8080',
  ])('the Origin %s stays for the site to refuse', (origin) => {
    expect(rewriteRequest({ origin, referer: `${origin}/` }, origins)).toEqual({
      host: 'shop.example',
      referer: `${origin}/`,
    });
  });
});

describe('responses', () => {
  const location = (value: string) => rewriteResponse({ location: value }, origins).location;

  test('redirects within the site come back here, others stay', () => {
    expect(location('https://shop.example/me')).toBe('http://shop.localhost:8080/me');
    expect(location('http://shop.example/me')).toBe('http://shop.localhost:8080/me');
    expect(location('https://SHOP.example')).toBe('http://shop.localhost:8080');
    expect(location('/me')).toBe('/me');
    expect(location('https://shop.example.evil/me')).toBe('https://shop.example.evil/me');
    expect(location('https://other.example/https://shop.example/')).toBe(
      'https://other.example/https://shop.example/',
    );
  });

  test('cookies keep every attribute but the site’s Domain', () => {
    const cookies = ['a=1; Domain=.shop.example; Path=/; Secure', '__Host-b=2; Secure; Path=/'];
    expect(rewriteResponse({ 'set-cookie': cookies }, origins)['set-cookie']).toEqual([
      'a=1; Path=/; Secure',
      '__Host-b=2; Secure; Path=/',
    ]);
  });

  test('nothing binds the browser to HTTPS; all else is untouched', () => {
    const headers = {
      'strict-transport-security': 'max-age=31536000',
      'content-security-policy': "default-src 'self'; upgrade-insecure-requests",
      'x-frame-options': 'DENY',
    };
    expect(rewriteResponse(headers, origins)).toEqual({
      'content-security-policy': "default-src 'self'",
      'x-frame-options': 'DENY',
    });
  });
});
