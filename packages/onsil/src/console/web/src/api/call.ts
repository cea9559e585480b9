/** Calls of the server, by the types that both sides share. */
import { useQuery } from '@tanstack/react-query';
import type { Calls, Failure } from '../../../api.ts';

export type Route = keyof Calls;
type Answer<R extends Route> = Calls[R]['answer'];
type Given<R extends Route> = (Calls[R] extends { readonly query: infer Q }
  ? { readonly query: Q }
  : { readonly query?: never }) &
  (Calls[R] extends { readonly body: infer B } ? { readonly body: B } : { readonly body?: never });

/** What the server said of a call that failed. */
export class CallError extends Error {
  override readonly name = 'CallError';
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** Throws CallError with the server's own sentence. */
export async function call<R extends Route>(route: R, given: Given<R>): Promise<Answer<R>> {
  const [method = 'GET', path = '/'] = route.split(' ');
  const query = given.query === undefined ? '' : `?${new URLSearchParams({ ...given.query })}`;
  const response = await fetch(path + query, {
    method,
    headers: { 'x-onsil-console': '1', 'content-type': 'application/json' },
    ...(method === 'POST' ? { body: JSON.stringify(given.body ?? {}) } : {}),
  });
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  const answer: unknown = isJson ? await response.json() : { message: await response.text() };
  if (!response.ok) throw new CallError((answer as Failure).message, response.status);
  return answer as Answer<R>;
}

type Asking = { readonly [R in Route]: R extends `GET ${string}` ? R : never }[Route];

/** An answer that is kept, and asked anew when the region has changed (LiveProvider says so). */
export function useAnswer<R extends Asking>(route: R, given: Given<R>, { enabled = true } = {}) {
  return useQuery<Answer<R>>({
    queryKey: [route, given.query ?? {}],
    queryFn: () => call(route, given),
    enabled,
  });
}
