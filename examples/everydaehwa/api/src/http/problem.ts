import type { Context } from 'hono';
import type { AppEnvironment } from './environment.ts';
import { chooseLanguage, type Language } from './language.ts';
import { type FieldMessage, fieldMessages, type ProblemCode, problems } from './messages.ts';

export interface FieldError {
  /** The name of the field in the request's JSON object. */
  readonly field: string;
  readonly message: FieldMessage;
}

/** Thrown anywhere below a handler to answer with an error of the catalogue. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly fields: readonly FieldError[];
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ProblemCode,
    details: {
      readonly fields?: readonly FieldError[];
      readonly retryAfterSeconds?: number;
      readonly cause?: unknown;
    } = {},
  ) {
    super(problems[code].en, details.cause === undefined ? {} : { cause: details.cause });
    this.code = code;
    this.fields = details.fields ?? [];
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}

/**
 * The body of a problem+json answer (RFC 9457). The type is a tag URI, as section 3.1.1 advises for
 * one that leads to no page; `errors` and its `pointer` are as in the example of section 3.
 */
export function describeProblem(problem: Problem, language: Language, requestId: string) {
  return {
    type: `tag:everydaehwa.net,2026:${problem.code}`,
    title: problems[problem.code][language],
    status: problems[problem.code].status,
    instance: `urn:request:${requestId}`,
    ...(problem.fields.length > 0 && {
      errors: problem.fields.map(({ field, message }) => ({
        pointer: `#/${field}`,
        detail: fieldMessages[message][language],
      })),
    }),
  };
}

export function answerProblem(c: Context<AppEnvironment>, problem: Problem): Response {
  const language = chooseLanguage(c.req.header('Accept-Language'));
  c.header('Content-Type', 'application/problem+json');
  c.header('Content-Language', language);
  c.header('Vary', 'Accept-Language');
  if (problem.retryAfterSeconds !== undefined) {
    c.header('Retry-After', String(problem.retryAfterSeconds));
  }
  const body = describeProblem(problem, language, c.get('requestId'));
  return c.body(JSON.stringify(body), body.status);
}
