import type { HttpBindings } from '@hono/node-server';
import type { RequestIdVariables } from 'hono/request-id';

/** What every handler of the app finds in its context. */
export interface AppEnvironment {
  Bindings: HttpBindings;
  Variables: RequestIdVariables & { clientAddress: string };
}
