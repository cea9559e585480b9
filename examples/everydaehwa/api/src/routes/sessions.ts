import { Hono } from 'hono';
import { z } from 'zod';
import type { Dependencies } from '../app.ts';
import { deleteSession, insertSession } from '../database/sessions.ts';
import { findUserByEmail } from '../database/users.ts';
import type { AppEnvironment } from '../http/environment.ts';
import { Problem } from '../http/problem.ts';
import { Email, message, readJson } from '../http/read-json.ts';
import { clearSessionCookie, readSessionCookie, setSessionCookie } from '../http/session-cookie.ts';
import { noPasswordHash, verifyPassword } from '../passwords.ts';

/** What was a good password at sign-up is not asked again: the rules for it may have changed since. */
export const Login = z.object({
  email: Email,
  password: z
    .string(message('password.missing'))
    .min(1, message('password.missing'))
    .max(128, message('password.long')),
});

export function sessions({ database, rateLimiter, now }: Dependencies) {
  return new Hono<AppEnvironment>()
    .post('/', async (c) => {
      await rateLimiter.consume('loginByAddress', c.get('clientAddress'));
      const { email, password } = await readJson(c, Login);
      await rateLimiter.consume('loginByEmail', email);

      // The same work, the same answer and the same time whether or not the e-mail has an account.
      const found = await findUserByEmail(database, email);
      const isRight = await verifyPassword(password, found?.passwordHash ?? noPasswordHash);
      if (found === undefined || !isRight) throw new Problem('wrong-credentials');

      await rateLimiter.forget('loginByEmail', email);
      // Always a new token, never the one that came with the request: no session can be planted.
      const old = readSessionCookie(c);
      if (old !== undefined) await deleteSession(database, old);
      setSessionCookie(c, await insertSession(database, found.user.id, now()));
      return c.json(found.user, 201);
    })
    .delete('/current', async (c) => {
      const token = readSessionCookie(c);
      if (token !== undefined) await deleteSession(database, token);
      clearSessionCookie(c);
      return c.body(null, 204);
    });
}
