import { type Problem, readProblem, unreachable } from './problem.ts';

export interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string;
}

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly status: number; readonly problem: Problem };

export const api = {
  signUp: (form: Readonly<Record<string, string>>) => send<User>('POST', '/api/users', form),
  login: (form: Readonly<Record<string, string>>) => send<User>('POST', '/api/sessions', form),
  logout: () => send<undefined>('DELETE', '/api/sessions/current'),
  whoAmI: () => send<User>('GET', '/api/users/me'),
};

/** Never throws: a network that is down is a result like any other (its status is 0). */
async function send<T>(method: string, path: string, body?: object): Promise<Result<T>> {
  try {
    const response = await fetch(path, {
      method,
      // The page is in Korean, whatever the browser prefers.
      headers: {
        'Accept-Language': 'ko',
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json().catch(() => undefined);
    if (response.ok) return { ok: true, value: answer as T };
    return { ok: false, status: response.status, problem: readProblem(answer) };
  } catch {
    return { ok: false, status: 0, problem: unreachable };
  }
}
