import { ask, NoDaemonError, readStatus } from '../../lab/daemon/client.ts';
import type { LabStatus } from '../../lab/daemon/status.ts';
import { type Result, VERSION } from '../program.ts';
import { resolveLab } from '../project.ts';
import { banner } from '../render/banner.ts';

/** Prints the lab's state; exit code 1 where no lab is up. */
export async function status(
  options: { readonly lab?: string; readonly json?: boolean },
  result: Result,
): Promise<void> {
  const lab = await resolveLab(options.lab);
  const found = await readStatus(lab);
  if (found === undefined) {
    if (options.json === true) console.log(JSON.stringify(absent(lab)));
    else console.log(`No lab ${lab} is up. Start it with: npx onsil up`);
    result.exitCode = 1;
    return;
  }
  if (options.json === true) {
    console.log(JSON.stringify(publicStatus(found)));
    return;
  }
  const { heading, lines } = banner(found, VERSION);
  console.log(`\n  ${heading}\n\n${lines.map((line) => `  ${line}`).join('\n')}\n`);
}

/** The state of a lab that must be up. Throws what to do when it is not. */
export async function requireStatus(lab: string): Promise<LabStatus> {
  try {
    return await ask<LabStatus>(lab, 'GET /status');
  } catch (error) {
    if (!(error instanceof NoDaemonError)) throw error;
    throw new Error(`No lab ${lab} is up. Start it with: npx onsil up`, { cause: error });
  }
}

/** What the rest of the status is for is the banner's affair. */
const publicStatus = ({
  lab,
  ready,
  seconds,
  site,
  endpoint,
  console,
  instances,
  managed,
}: LabStatus) => ({
  ...{ lab, ready, seconds, site, endpoint, console: console ?? null, managed },
  instances: instances.map(({ purpose: _, ...instance }) => instance),
});

/** The same shape, of a lab that is not up. */
const absent = (lab: string): ReturnType<typeof publicStatus> => ({
  ...{ lab, ready: false, seconds: 0, site: null, endpoint: null, console: null },
  instances: [],
  managed: [],
});
