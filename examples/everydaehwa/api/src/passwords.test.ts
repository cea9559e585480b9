import { describe, expect, it } from 'vitest';
import { hashPassword, noPasswordHash, verifyPassword } from './passwords.ts';

describe('passwords', () => {
  it('are hashed with argon2id at the cost that OWASP asks for, with a salt of their own', async () => {
    const [one, two] = await Promise.all([
      hashPassword('온실 속의 화초'),
      hashPassword('온실 속의 화초'),
    ]);
    expect(one).toMatch(
      /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/,
    );
    expect(one).not.toBe(two);
    expect(await verifyPassword('온실 속의 화초', one)).toBe(true);
    expect(await verifyPassword('온실 속의 화초!', one)).toBe(false);
  });

  it('are the same however the Hangul was typed', async () => {
    const hash = await hashPassword('비밀번호'.normalize('NFD'));
    expect(await verifyPassword('비밀번호'.normalize('NFC'), hash)).toBe(true);
  });

  it('verifies a hash that another argon2 made, at another cost', async () => {
    // The reference implementation: echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1
    const reference =
      '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect(await verifyPassword('password', reference)).toBe(true);
  });

  it('never match the hash of nothing', async () => {
    expect(await verifyPassword('', noPasswordHash)).toBe(false);
  });

  it('refuses a stored value that is no hash', async () => {
    await expect(verifyPassword('password', 'plain')).rejects.toThrow('PHC string');
  });
});
