/** The whole service but its port, on a real database. One file, because it shares one database server. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { migrate } from '../src/database/migrate.ts';
import { sweep } from '../src/database/sweep.ts';
import { rateLimits } from '../src/http/rate-limits.ts';
import { createLog } from '../src/log.ts';
import { sessionAbsolute, sessionIdle } from '../src/session.ts';
import { type Api, createApi } from './api.ts';
import { type MariaDB, startMariaDB } from './mariadb.ts';

const hana = { email: 'hana@example.com', name: '하나', password: '온실 속의 화초 하나' };
const login = { email: hana.email, password: hana.password };
const silent = createLog('silent');

let mariadb: MariaDB;
let count = 0;
let now: Date;
/** Two instances of the api on one database, as behind the gateway. */
let api: Api;
let other: Api;

beforeAll(async () => {
  mariadb = await startMariaDB();
});
afterAll(() => mariadb?.remove());

beforeEach(async () => {
  count += 1;
  now = new Date('2026-11-22T09:00:00.000Z');
  const config = await mariadb.create(`test_${count}`);
  api = createApi(config, () => now);
  other = createApi(config, () => now);
  // Both at the same moment, as two instances of one deployment do.
  await Promise.all([migrate(api.database, silent), migrate(other.database, silent)]);
});
afterEach(async () => {
  await Promise.all([api.close(), other.close()]);
});

const later = (milliseconds: number) => {
  now = new Date(now.getTime() + milliseconds);
};
const signUp = (changes: object = {}) =>
  api.send('POST', '/api/users', { body: { ...hana, ...changes } });
const whoAmI = async (session: string | undefined, from = api) =>
  (await from.send('GET', '/api/users/me', session === undefined ? {} : { session })).status;

describe('sign-up', () => {
  it('makes an account and logs in at once', async () => {
    const reply = await signUp({ email: ' Hana@Example.com ', name: ' 하나 ' });
    expect(reply).toMatchObject({ status: 201, body: { email: hana.email, name: '하나' } });
    expect(reply.body).not.toHaveProperty('password');
    expect(reply.headers.get('Set-Cookie')).toMatch(
      /^__Host-session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    expect(reply.headers.get('Cache-Control')).toBe('no-store');
    expect(await whoAmI(reply.session)).toBe(200);
  });

  it('keeps neither the password nor the token in the database', async () => {
    const { session } = await signUp();
    const rows = JSON.stringify([
      await api.database.selectFrom('users').selectAll().execute(),
      await api.database.selectFrom('sessions').selectAll().execute(),
    ]);
    expect(rows).toContain('$argon2id$');
    expect(rows).not.toContain(hana.password);
    expect(rows).not.toContain(session);
  });

  it('refuses an e-mail that has an account, however it is written', async () => {
    await signUp();
    const reply = await signUp({ email: 'HANA@example.com', name: '두나' });
    expect(reply).toMatchObject({
      status: 409,
      body: { errors: [{ pointer: '#/email', detail: expect.stringContaining('이미 가입') }] },
    });
    expect(reply.session).toBeUndefined();
  });

  it('gives one account to two sign-ups of the same moment', async () => {
    const replies = await Promise.all([signUp(), other.send('POST', '/api/users', { body: hana })]);
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([201, 409]));
  });

  it('says what is wrong with each field, in the language of the reader', async () => {
    const body = { email: 'hana', password: 'short', name: ' ' };
    const reply = await api.send('POST', '/api/users', {
      body,
      headers: { 'Accept-Language': 'en' },
    });
    expect(reply.headers.get('Content-Type')).toBe('application/problem+json');
    expect(reply.headers.get('Content-Language')).toBe('en');
    expect(reply).toMatchObject({
      status: 422,
      body: {
        title: 'Please check what you entered.',
        errors: [
          { pointer: '#/email', detail: 'Enter an e-mail address, such as hana@example.com.' },
          { pointer: '#/password', detail: 'Use at least 10 characters.' },
          { pointer: '#/name', detail: 'Enter your name.' },
        ],
      },
    });
  });
});

describe('login', () => {
  it('opens a session under a new token and ends the one that came with it', async () => {
    const first = await signUp();
    const planted = first.session ?? '';
    const second = await api.send('POST', '/api/sessions', { body: login, session: planted });
    expect(second).toMatchObject({ status: 201, body: { name: hana.name } });
    expect(second.session).not.toBe(planted);
    expect(await whoAmI(second.session)).toBe(200);
    expect(await whoAmI(planted)).toBe(401);
  });

  it('answers a wrong password and an unknown e-mail alike', async () => {
    await signUp();
    const wrong = { email: hana.email, password: 'not the password' };
    const unknown = { ...wrong, email: 'nobody@example.com' };
    const replies = [
      await api.send('POST', '/api/sessions', { body: wrong }),
      await api.send('POST', '/api/sessions', { body: unknown }),
    ];
    const bodies = replies.map(({ status, body, session }) => ({
      status,
      session,
      ...(body as object),
      instance: '',
    }));
    expect(bodies[0]).toMatchObject({ status: 401, session: undefined });
    expect(bodies[0]).toEqual(bodies[1]);
  });
});

describe('a session', () => {
  it('holds at every instance and ends at every instance', async () => {
    const { session = '' } = await signUp();
    expect(await whoAmI(session, other)).toBe(200);
    const reply = await other.send('DELETE', '/api/sessions/current', { session });
    expect(reply).toMatchObject({ status: 204, session: '' });
    expect(await whoAmI(session)).toBe(401);
  });

  it('is nobody without a cookie, or with a made-up one, which is taken back', async () => {
    expect(await whoAmI(undefined)).toBe(401);
    const reply = await api.send('GET', '/api/users/me', { session: 'a'.repeat(43) });
    expect(reply).toMatchObject({ status: 401, session: '' });
  });

  it('ends when it was not used for its idle time, but not before', async () => {
    const { session } = await signUp();
    later(sessionIdle - 1);
    expect(await whoAmI(session)).toBe(200);
    later(sessionIdle - 1);
    expect(await whoAmI(session)).toBe(200);
    later(sessionIdle);
    expect(await whoAmI(session)).toBe(401);
  });

  it('ends after its absolute time although it was used, and is swept', async () => {
    const { session } = await signUp();
    for (let used = 0; used < sessionAbsolute; used += sessionIdle / 2) {
      expect(await whoAmI(session)).toBe(200);
      later(sessionIdle / 2);
    }
    expect(await whoAmI(session)).toBe(401);
    await sweep(api.database, now);
    expect(await api.database.selectFrom('sessions').selectAll().execute()).toEqual([]);
    expect(await api.database.selectFrom('users').select('email').execute()).toHaveLength(1);
  });
});

describe('rate limits', () => {
  const wrong = { email: hana.email, password: 'not the password' };

  it('hold for one e-mail, from many addresses and at all instances together', async () => {
    const { points } = rateLimits.loginByEmail;
    for (let i = 0; i < points; i += 1) {
      const from = i % 2 === 0 ? api : other;
      const reply = await from.send('POST', '/api/sessions', { body: wrong, client: `1.2.3.${i}` });
      expect(reply.status).toBe(401);
    }
    const refused = await api.send('POST', '/api/sessions', { body: wrong, client: '1.2.3.99' });
    expect(refused.status).toBe(429);
    const seconds = Number(refused.headers.get('Retry-After'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(rateLimits.loginByEmail.duration);
    const elsewhere = { ...wrong, email: 'duna@example.com' };
    expect((await api.send('POST', '/api/sessions', { body: elsewhere })).status).toBe(401);
  });

  it('hold for one address, whatever it claims to be forwarded for', async () => {
    const attempts = rateLimits.signUpByAddress.points;
    for (let i = 0; i < attempts; i += 1) {
      const headers = { 'X-Forwarded-For': `9.9.9.${i}, 203.0.113.8, 10.0.0.30` };
      expect((await api.send('POST', '/api/users', { body: {}, headers })).status).toBe(422);
    }
    const again = { body: {}, client: '203.0.113.8' };
    expect((await other.send('POST', '/api/users', again)).status).toBe(429);
    expect((await api.send('POST', '/api/users', { body: {}, client: '203.0.113.9' })).status).toBe(
      422,
    );
  });

  it('of an e-mail start again after a successful login', async () => {
    await signUp();
    const { points } = rateLimits.loginByEmail;
    for (let i = 0; i < 2 * points; i += 1) {
      const body = i % points === points - 1 ? login : wrong;
      const reply = await api.send('POST', '/api/sessions', { body });
      expect(reply.status).toBe(body === login ? 201 : 401);
    }
  });
});

describe('a request', () => {
  it('from another site changes nothing', async () => {
    const { session = '' } = await signUp();
    const headers = { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' };
    const replies = [
      await api.send('DELETE', '/api/sessions/current', { session, headers }),
      await api.send('POST', '/api/sessions', { body: login, headers }),
      await api.send('POST', '/api/users', { body: { ...hana, email: 'b@example.com' }, headers }),
    ];
    expect(replies.map(({ status }) => status)).toEqual([403, 403, 403]);
    expect(await whoAmI(session)).toBe(200);
  });

  it('must be JSON, well formed and of a decent size', async () => {
    const form = { 'Content-Type': 'text/plain' };
    const send = async (body: unknown, headers = {}) =>
      (await api.send('POST', '/api/sessions', { body, headers })).status;
    expect(await send(login, form)).toBe(415);
    expect(await send({ ...login, padding: 'x'.repeat(20_000) })).toBe(413);
    expect(await send('not an object')).toBe(422);
  });

  it('keeps its id, and leaves no secret in the log', async () => {
    const { session = '' } = await signUp();
    const headers = { 'X-Request-Id': 'edge-0123' };
    const reply = await api.send('GET', '/api/users/me?secret=yes', { session, headers });
    expect(reply.headers.get('X-Request-Id')).toBe('edge-0123');
    const log = api.lines.join('');
    expect(JSON.parse(api.lines.at(-1) ?? '')).toMatchObject({
      requestId: 'edge-0123',
      client: '203.0.113.7',
      path: '/api/users/me',
      status: 200,
    });
    for (const secret of [hana.password, session, 'secret', hana.email]) {
      expect(log).not.toContain(secret);
    }
    const forged = { 'X-Request-Id': 'a b"c' };
    const other = await api.send('GET', '/api/nothing', { headers: forged });
    expect(other.status).toBe(404);
    expect(other.headers.get('X-Request-Id')).toMatch(/^[\da-f-]{36}$/);
  });
});

describe('the database', () => {
  it('may go away and come back: health and logins say so, and no process dies of it', async () => {
    await signUp();
    const health = () => api.send('GET', '/api/health');
    expect(await health()).toMatchObject({
      status: 200,
      body: { status: 'ok', instance: 'api-1' },
    });
    await mariadb.kill();
    expect(await health()).toMatchObject({
      status: 503,
      body: { status: 'database-unavailable', instance: 'api-1' },
    });
    const reply = await api.send('POST', '/api/sessions', { body: login });
    expect(reply).toMatchObject({ status: 503, body: { status: 503 } });
    expect(reply.headers.get('Retry-After')).toBe('5');
    await mariadb.start();
    expect((await health()).status).toBe(200);
    expect((await api.send('POST', '/api/sessions', { body: login })).status).toBe(201);
  });

  it('may go away in the middle of a request', async () => {
    const hold = await mariadb.hold(`test_${count}`, 'rate_limits');
    const reply = api.send('POST', '/api/sessions', { body: login });
    await hold.someoneWaits();
    await mariadb.kill();
    expect((await reply).status).toBe(503);
    hold.release();
    await mariadb.start();
    expect((await api.send('POST', '/api/sessions', { body: login })).status).toBe(401);
  });

  it('is asked by nobody while the service starts or drains', async () => {
    for (const state of ['starting', 'draining'] as const) {
      api.readiness.state = state;
      const reply = await api.send('GET', '/api/health');
      expect(reply).toMatchObject({ status: 503, body: { status: state } });
    }
    api.readiness.state = 'starting';
    expect(await whoAmI(undefined)).toBe(503);
  });
});
