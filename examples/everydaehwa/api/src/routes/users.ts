import { Hono } from 'hono';
import { z } from 'zod';
import type { Dependencies } from '../app.ts';
import { isDuplicate } from '../database/connect.ts';
import { insertSession, useSession } from '../database/sessions.ts';
import { insertUser } from '../database/users.ts';
import type { AppEnvironment } from '../http/environment.ts';
import { Problem } from '../http/problem.ts';
import { Email, message, readJson } from '../http/read-json.ts';
import { clearSessionCookie, readSessionCookie, setSessionCookie } from '../http/session-cookie.ts';
import { hashPassword } from '../passwords.ts';

export const SignUp = z.object({
  email: Email,
  password: z
    .string(message('password.missing'))
    .min(10, message('password.short'))
    .max(128, message('password.long')),
  name: z
    .string(message('name.missing'))
    .trim()
    .min(1, message('name.missing'))
    .max(50, message('name.long')),
});

export function users({ database, rateLimiter, now }: Dependencies) {
  return new Hono<AppEnvironment>()
    .post('/', async (c) => {
      await rateLimiter.consume('signUpByAddress', c.get('clientAddress'));
      const { email, name, password } = await readJson(c, SignUp);
      await rateLimiter.consume('signUpByEmail', email);
      const passwordHash = await hashPassword(password);
      try {
        const { user, token } = await database.transaction().execute(async (transaction) => {
          const user = await insertUser(transaction, { email, name, passwordHash }, now());
          return { user, token: await insertSession(transaction, user.id, now()) };
        });
        setSessionCookie(c, token);
        return c.json(user, 201);
      } catch (error) {
        if (!isDuplicate(error)) throw error;
        throw new Problem('email-taken', { fields: [{ field: 'email', message: 'email.taken' }] });
      }
    })
    .get('/me', async (c) => {
      const token = readSessionCookie(c);
      const user = token === undefined ? undefined : await useSession(database, token, now());
      if (user !== undefined) return c.json(user);
      if (token !== undefined) clearSessionCookie(c);
      throw new Problem('not-logged-in');
    });
}
