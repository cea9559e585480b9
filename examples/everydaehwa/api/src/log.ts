import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger };

/** JSON lines on standard output, which journald keeps. `destination` is for tests. */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/**
 * What may be logged of an error. The error of a query carries the statement with its values filled
 * in (`sql`, `sqlMessage`), and those are e-mail addresses and password hashes: so this is a list of
 * what to keep and not of what to leave out.
 */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  const isFromQuery = 'sqlMessage' in error;
  const stack = error.stack ?? '';
  return {
    type: error.name,
    message: isFromQuery ? 'The database refused a statement' : error.message,
    ...(code !== undefined && { code }),
    stack: isFromQuery ? stack.slice(stack.indexOf('\n    at ') + 1) : stack,
    ...(cause !== undefined && { cause: describeError(cause) }),
  };
}
