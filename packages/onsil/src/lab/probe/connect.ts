/**
 * A program of its own, run inside a network namespace: reads targets as JSON from standard
 * input, connects to all of them at once, and prints the outcomes as JSON, in the same order.
 */
import { createConnection } from 'node:net';
import { json } from 'node:stream/consumers';

export interface Target {
  /** An IPv4 address; names are not looked up here. */
  readonly host: string;
  readonly port: number;
  readonly timeoutMs: number;
  /** The source address, of several that the namespace has. */
  readonly localAddress?: string;
}

/** `refused`: something answered with a reset. `unreachable`: an ICMP error, or no way there. */
export type Outcome = 'connected' | 'refused' | 'timeout' | 'unreachable';

export interface ProbeResult {
  readonly outcome: Outcome;
  /** Milliseconds. */
  readonly ms: number;
  /** The system's error code, where there is one. */
  readonly code?: string;
}

function connect({ timeoutMs, ...where }: Target): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const start = performance.now();
    const socket = createConnection(where);
    const timer = setTimeout(() => end({ outcome: 'timeout' }), timeoutMs);
    const end = (result: { readonly outcome: Outcome; readonly code?: string }) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ ...result, ms: Math.round(performance.now() - start) });
    };
    socket.once('connect', () => end({ outcome: 'connected' }));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const code = error.code ?? error.message;
      end({ outcome: outcomeOf(code), code });
    });
  });
}

function outcomeOf(code: string): Outcome {
  if (code === 'ECONNREFUSED' || code === 'ECONNRESET') return 'refused';
  return code === 'ETIMEDOUT' ? 'timeout' : 'unreachable';
}

if (import.meta.main) {
  const targets = (await json(process.stdin)) as readonly Target[];
  const results = await Promise.all(targets.map(connect));
  process.stdout.write(JSON.stringify(results));
}
