import type { Context } from 'hono';
import { z } from 'zod';
import type { AppEnvironment } from './environment.ts';
import { type FieldMessage, isFieldMessage } from './messages.ts';
import { type FieldError, Problem } from './problem.ts';

/**
 * The validated JSON body of a request. Throws the Problem `json-only` (a plain HTML form can send
 * no such content type), `malformed-json`, or `validation-failed` with the first error of each field.
 */
export async function readJson<T>(c: Context<AppEnvironment>, schema: z.ZodType<T>): Promise<T> {
  const type = c.req.header('Content-Type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw new Problem('json-only');
  return validate(schema, parse(await c.req.text()));
}

export function validate<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const fields = new Map<string, FieldError>();
  for (const { path, message } of result.error.issues) {
    const field = path.join('/');
    if (field !== '' && !fields.has(field)) {
      fields.set(field, { field, message: isFieldMessage(message) ? message : 'field.invalid' });
    }
  }
  throw new Problem('validation-failed', { fields: [...fields.values()] });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Problem('malformed-json', { cause });
  }
}

/** Says which message of the catalogue a rule of a schema fails with. */
export const message = (code: FieldMessage) => ({ error: code });

/** At most 254 letters (RFC 5321, section 4.5.3.1.3). Lower case, so that one mailbox is one account. */
export const Email = z
  .string(message('email.invalid'))
  .trim()
  .toLowerCase()
  .max(254, message('email.invalid'))
  .pipe(z.email(message('email.invalid')));
