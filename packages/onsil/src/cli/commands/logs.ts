import { ask } from '../../lab/daemon/client.ts';
import { resolveLab } from '../project.ts';
import { requireRoot } from '../root.ts';
import { runAttached } from './exec.ts';

interface LogOptions {
  readonly lab?: string;
  readonly json?: boolean;
  readonly follow?: boolean;
  readonly lines: number;
}

/** The journal of a machine holds its set-up too: cloud-init writes to the console and there. */
export async function logs(instance: string, options: LogOptions): Promise<number> {
  requireRoot('logs');
  const lab = await resolveLab(options.lab);
  const command = [
    ...['journalctl', '--no-pager', `--lines=${options.lines}`],
    ...(options.follow === true ? ['--follow'] : []),
    ...(options.json === true ? ['--output=json'] : ['--output=short-iso']),
  ];
  const wrapped = await ask<{ command: readonly string[] }>(lab, 'POST /command', {
    instance,
    command,
  });
  return runAttached(wrapped.command);
}
