import { ask } from '../../lab/daemon/client.ts';
import { resolveLab } from '../project.ts';
import { requireRoot } from '../root.ts';
import { runAttached } from './exec.ts';

/** Logs in from the administrator's host. @returns ssh's exit code */
export async function ssh(
  instance: string,
  words: readonly string[],
  options: { readonly lab?: string },
): Promise<number> {
  requireRoot('ssh');
  const lab = await resolveLab(options.lab);
  const command = words[0] === '--' ? words.slice(1) : words;
  const answer = await ask<{ command: readonly string[] }>(lab, 'POST /ssh', { instance, command });
  return runAttached(answer.command);
}
