import { ask } from '../../lab/daemon/client.ts';
import type { ProbeAnswer } from '../../lab/daemon/probes.ts';
import { UsageError } from '../errors.ts';
import { resolveLab } from '../project.ts';
import { requireStatus } from './status.ts';

const DEFAULT_PORT = 22;

/** Opens one connection and prints its outcome. @returns 0 only when it was connected */
export async function probe(
  from: string,
  to: string,
  options: { readonly lab?: string; readonly json?: boolean; readonly timeout: number },
): Promise<number> {
  const lab = await resolveLab(options.lab);
  const target = parseTarget(to);
  await requireStatus(lab);
  const [answer] = await ask<readonly ProbeAnswer[]>(lab, 'POST /probe', {
    from,
    targets: [target],
    timeoutMs: options.timeout,
  });
  if (answer === undefined) throw new Error('The probe gave no answer.');
  if (options.json === true) {
    const { outcome, ms } = answer;
    console.log(JSON.stringify({ from, to: target.to, port: target.port, outcome, ms }));
  } else {
    console.log(`${from} → ${answer.to}:${answer.port}  ${answer.outcome}  ${answer.ms} ms`);
  }
  return answer.outcome === 'connected' ? 0 : 1;
}

/** `name`, `name:port`, `address` or `address:port`. */
export function parseTarget(text: string): { readonly to: string; readonly port: number } {
  const [, to = '', digits] = /^((?:[^:]|:(?=\s))+)(?::(\d+))?$/.exec(text) ?? [];
  const port = digits === undefined ? DEFAULT_PORT : Number(digits);
  if (to !== '' && port >= 1 && port <= 65535) return { to, port };
  throw new UsageError(
    `${JSON.stringify(text)} is no target: an instance or an IPv4 address, ` +
      'then perhaps a colon and a port from 1 to 65535, as in database:3306.',
  );
}
