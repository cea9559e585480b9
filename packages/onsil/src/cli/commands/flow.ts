import { ask, flow as eventsOf, NoDaemonError } from '../../lab/daemon/client.ts';
import type { FlowEvent, FlowLoss } from '../../lab/daemon/flow.ts';
import { isOutside } from '../../lab/daemon/probes.ts';
import { concerns, flowRecord } from '../../lab/flow-record.ts';
import type { Region } from '../../region/region.ts';
import { UsageError } from '../errors.ts';
import { resolveLab } from '../project.ts';
import { fullLine, shortLine } from '../render/flow.ts';
import { style } from '../render/style.ts';
import { wrap } from '../render/wrap.ts';
import { requireRoot } from '../root.ts';
import { requireStatus } from './status.ts';

export interface FlowOptions {
  readonly lab?: string;
  readonly json?: boolean;
  readonly full?: boolean;
  readonly accepted?: boolean;
  readonly rejected?: boolean;
}

/** Prints decisions as they are made, until it is interrupted or the lab goes down. */
export async function flow(name: string | undefined, options: FlowOptions): Promise<void> {
  requireRoot('flow');
  const lab = await resolveLab(options.lab);
  await requireStatus(lab);
  const region = await ask<Region>(lab, 'GET /region');
  if (name !== undefined) requireEnd(region, name);
  // Both filters, like none, leave everything.
  const only = options.accepted === options.rejected ? undefined : options.accepted === true;
  let isIncomplete = false;
  try {
    for await (const event of eventsOf(lab)) {
      if ('lost' in event) {
        if (!isIncomplete) process.stderr.write(lossText(event));
        isIncomplete = true;
        continue;
      }
      if (only !== undefined && event.accepted !== only) continue;
      if (name === undefined || concerns(region, event, name)) {
        process.stdout.write(`${lineOf(region, event, options)}\n`);
      }
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // Cut off: the lab went down.
    if (code !== 'ECONNRESET' && !(error instanceof NoDaemonError)) throw error;
  }
  process.stderr.write(`The lab ${lab} is not watched any more: it went down.\n`);
}

/** Said once: from then on nobody can tell what is missing. */
function lossText({ lost }: FlowLoss): string {
  const what = lost === 1 ? '1 message' : `${lost} messages`;
  const text =
    `warning  Packets come faster than they can be told: ${what} of the kernel, about one or more ` +
    'of them each, had no room. From here on decisions may be missing; the counters behind ' +
    'onsil check --unused have them all.';
  return `${wrap(text, WIDTH, '         ').join('\n')}\n`;
}

const WIDTH = 80;

function lineOf(region: Region, event: FlowEvent, options: FlowOptions): string {
  if (options.json === true) return JSON.stringify(flowRecord(region, event));
  if (options.full === true) return fullLine(flowRecord(region, event));
  const line = shortLine(region, event, process.stdout.columns ?? 80);
  return event.accepted ? line : style(process.stdout, 'red', line);
}

function requireEnd(region: Region, name: string): void {
  const names = Object.values(region.instances).map((instance) => instance.name);
  if (isOutside(name) || names.includes(name)) return;
  throw new UsageError(
    `There is no instance ${JSON.stringify(name)}. There are: ${names.join(', ')}, admin, internet.`,
  );
}
