import { describe, expect, it } from 'vitest';
import {
  createToken,
  hashToken,
  isLive,
  isToken,
  prolong,
  sessionAbsolute,
  sessionIdle,
  sessionTouch,
  startTimes,
} from './session.ts';

const start = new Date('2026-11-22T00:00:00Z');
const after = (milliseconds: number) => new Date(start.getTime() + milliseconds);

describe('a session', () => {
  it('ends when it was not used for its idle time', () => {
    const session = startTimes(start);
    expect(isLive(session, after(sessionIdle - 1))).toBe(true);
    expect(isLive(session, after(sessionIdle))).toBe(false);
  });

  it('ends after its absolute time, however much it was used', () => {
    const session = { ...startTimes(start), idleExpiresAt: after(2 * sessionAbsolute) };
    expect(isLive(session, after(sessionAbsolute - 1))).toBe(true);
    expect(isLive(session, after(sessionAbsolute))).toBe(false);
  });

  it('is prolonged by use, at most once in a while', () => {
    const session = startTimes(start);
    expect(prolong(session, after(sessionTouch - 1))).toBeUndefined();
    expect(prolong(session, after(sessionTouch))).toEqual(after(sessionTouch + sessionIdle));
  });
});

describe('a token', () => {
  it('has 256 random bits, and only its hash is stored', () => {
    const token = createToken();
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(isToken(token)).toBe(true);
    expect(token).not.toBe(createToken());
    expect(hashToken('abc').toString('hex')).toMatch(/^ba7816bf/);
  });

  it.each([undefined, '', 'short', `${'a'.repeat(43)}a`, `${'a'.repeat(42)}'`])(
    'is not mistaken: %s',
    (value) => expect(isToken(value)).toBe(false),
  );
});
