import type { Answer } from 'dns-packet';
import { NOERROR, NXDOMAIN, type Resolution } from './message.ts';

const MAX_ENTRIES = 2_000;
/** Seconds. A lab lives in minutes: names are asked again rather than kept for a day. */
const MAX_TTL = 300;

interface Entry {
  readonly found: Resolution;
  /** Milliseconds. */
  readonly since: number;
  readonly until: number;
}

/** Answers of the upstream resolver for as long as they allow; failures are never kept. */
export class Cache {
  readonly #entries = new Map<string, Entry>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** With each time to live less what has passed since. */
  get(key: string): Resolution | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    const now = this.#now();
    if (now >= entry.until) {
      this.#entries.delete(key);
      return undefined;
    }
    const passed = Math.floor((now - entry.since) / 1000);
    const { found } = entry;
    return {
      ...found,
      answers: found.answers.map((answer) => older(answer, passed)),
      authorities: found.authorities.map((answer) => older(answer, passed)),
    };
  }

  set(key: string, found: Resolution): void {
    const seconds = lifetime(found);
    if (seconds <= 0) return;
    const now = this.#now();
    this.#entries.delete(key);
    this.#entries.set(key, { found, since: now, until: now + seconds * 1000 });
    if (this.#entries.size > MAX_ENTRIES) {
      this.#entries.delete(this.#entries.keys().next().value ?? '');
    }
  }
}

function lifetime({ rcode, answers, authorities }: Resolution): number {
  if (rcode !== NOERROR && rcode !== NXDOMAIN) return 0;
  // Without records the SOA says how long there is nothing (RFC 2308, 5); without it, not at all.
  const soa = authorities.find((answer) => answer.type === 'SOA');
  const negative = answers.length === 0 || rcode === NXDOMAIN;
  if (negative && soa === undefined) return 0;
  const limits = [...answers, ...(negative ? authorities : [])].map(ttl);
  if (negative && soa?.type === 'SOA') limits.push(soa.data.minimum ?? 0);
  return Math.min(MAX_TTL, ...limits);
}

function ttl(answer: Answer): number {
  return 'ttl' in answer ? (answer.ttl ?? 0) : 0;
}

function older<A extends Answer>(answer: A, seconds: number): A {
  return 'ttl' in answer ? { ...answer, ttl: Math.max(0, (answer.ttl ?? 0) - seconds) } : answer;
}
