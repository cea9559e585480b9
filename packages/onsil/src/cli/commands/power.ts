import { ask } from '../../lab/daemon/client.ts';
import { resolveLab } from '../project.ts';
import { requireRoot } from '../root.ts';

/** Switches one instance off or on. */
export async function power(
  action: 'stop' | 'start',
  instance: string,
  options: { readonly lab?: string; readonly json?: boolean },
): Promise<void> {
  requireRoot(action);
  const lab = await resolveLab(options.lab);
  await ask(lab, `POST /${action}`, { instance });
  if (options.json === true) console.log(JSON.stringify({ lab, instance, action }));
  else console.log(`${instance} is ${action === 'stop' ? 'stopped' : 'running'}.`);
}
