/** Real TCP connections from inside a network namespace. */
import { closeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NamespaceReference } from '../fabric/namespace.ts';
import { inNamespace, SystemCallError } from '../system-calls.ts';
import { beginConnection, connectionState } from './sockets.ts';

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

/**
 * Makes one real TCP connection to each target, all at once, from inside a network namespace.
 * Results are in the order of the targets. Throws where the namespace is not there.
 */
export async function probeFrom(
  from: NamespaceReference,
  targets: readonly Target[],
): Promise<readonly ProbeResult[]> {
  return Promise.all(inNamespace(from, () => targets.map(begin)).map(outcomeOf));
}

interface Attempt {
  readonly timeoutMs: number;
  readonly start: number;
  /** The socket, or the code of an error that came at once. */
  readonly begun: number | string;
}

function begin({ host, port, timeoutMs, localAddress }: Target): Attempt {
  const start = performance.now();
  try {
    return { timeoutMs, start, begun: beginConnection(host, port, localAddress) };
  } catch (error) {
    if (error instanceof SystemCallError) return { timeoutMs, start, begun: error.code };
    throw error;
  }
}

async function outcomeOf({ timeoutMs, start, begun }: Attempt): Promise<ProbeResult> {
  const elapsed = () => Math.round(performance.now() - start);
  if (typeof begun === 'string')
    return { outcome: outcomeOfCode(begun), ms: elapsed(), code: begun };
  try {
    for (;;) {
      const state = connectionState(begun);
      if (state === 'connected') return { outcome: state, ms: elapsed() };
      if (state !== undefined) return { outcome: outcomeOfCode(state), ms: elapsed(), code: state };
      if (elapsed() >= timeoutMs) return { outcome: 'timeout', ms: elapsed() };
      await sleep(2);
    }
  } finally {
    closeSync(begun);
  }
}

function outcomeOfCode(code: string): Outcome {
  if (code === 'ECONNREFUSED' || code === 'ECONNRESET') return 'refused';
  return code === 'ETIMEDOUT' ? 'timeout' : 'unreachable';
}
