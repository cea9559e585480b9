import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ask } from '../../lab/daemon/client.ts';
import type { OpenedConsole } from '../../lab/daemon/routes.ts';
import { findProgram } from '../../lab/host/programs.ts';
import { resolveLab } from '../project.ts';
import { requireRoot } from '../root.ts';
import { requireStatus } from './status.ts';

export interface ConsoleOptions {
  readonly lab?: string;
  readonly json?: boolean;
  /** False: the address is printed only. */
  readonly open?: boolean;
}

/** Prints the address that opens the console once, and shows it in the browser where there is one. */
export async function openConsole(options: ConsoleOptions): Promise<void> {
  requireRoot('console');
  const lab = await resolveLab(options.lab);
  await requireStatus(lab);
  const { ensurePage } = await import('../../console/build.ts');
  await ensurePage((line) => process.stderr.write(`${line}\n`));
  const { url } = await ask<OpenedConsole>(lab, 'POST /console');
  if (options.json === true) {
    console.log(JSON.stringify({ lab, url }));
    return;
  }
  const isShown = options.open !== false && (await show(url));
  console.log(`\n  ➜ Console ${url}\n`);
  console.log(
    isShown
      ? '  It is in the browser now; the address was good once.'
      : '  Open it within two minutes; it is good once. For another: npx onsil console',
  );
}

/** As the person who is in front: a browser does not run as root. @returns whether it was asked to */
async function show(url: string): Promise<boolean> {
  const { SUDO_USER: user, DISPLAY: x, WAYLAND_DISPLAY: wayland } = process.env;
  const [opener, runuser] = [findProgram('xdg-open'), findProgram('runuser')];
  const isSeen = (x ?? wayland) !== undefined && process.stdout.isTTY === true;
  if (opener === undefined || !isSeen) return false;
  if (user !== undefined && runuser === undefined) return false;
  const [program = '', ...args] =
    user === undefined ? [opener, url] : [runuser ?? '', '--user', user, '--', opener, url];
  const child = spawn(program, args, { stdio: 'ignore' });
  return once(child, 'exit').then(
    ([code]) => code === 0,
    () => false,
  );
}
