import { resolveLab } from '../project.ts';
import { requireRoot } from '../root.ts';

/** Removes a lab, whatever state it is in. Harmless where there is none. */
export async function down(options: {
  readonly lab?: string;
  readonly json?: boolean;
}): Promise<void> {
  const lab = await resolveLab(options.lab);
  requireRoot('down');
  const started = performance.now();
  const { takeDown } = await import('../../lab/daemon/down.ts');
  const found = await takeDown(lab);
  const seconds = Math.round(performance.now() - started) / 1000;
  if (options.json === true) console.log(JSON.stringify({ lab, found, seconds }));
  else console.log(found ? `${lab} is down (${seconds.toFixed(1)} s).` : `${lab} was not up.`);
}
