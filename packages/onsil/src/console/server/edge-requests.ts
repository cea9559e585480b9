/** How many requests the site's edge answered, from the log that its nginx writes each second. */
import { type ChildProcess, spawn } from 'node:child_process';
import { guestCommand } from '../../lab/machine/guest.ts';
import type { Context } from './context.ts';

const LOG = '/var/log/nginx/access.log';

export class EdgeRequests {
  readonly #context: Context;
  #child: ChildProcess | undefined;
  #count = 0;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Since the last time; nothing where there is no edge that runs. */
  take(): number | undefined {
    this.#child ??= this.#start();
    if (this.#child === undefined) return undefined;
    const count = this.#count;
    this.#count = 0;
    return count;
  }

  close(): void {
    this.#child?.kill();
    this.#child = undefined;
  }

  /** A service of ours has its edge under that name. */
  #start(): ChildProcess | undefined {
    const lab = this.#context.view.lab();
    if (lab?.metadata === undefined) return undefined;
    const edge = Object.values(lab.region.instances).find(({ name }) => name === 'edge');
    if (edge === undefined || lab.machines.state(edge) !== 'running') return undefined;
    const { leader } = lab.machines.running(edge);
    const [program = '', ...args] = guestCommand(leader, ['tail', '-n', '0', '-F', LOG]);
    const child = spawn(program, args, { cwd: '/', stdio: ['ignore', 'pipe', 'ignore'] });
    child.stdout.on('data', (chunk: Buffer) => {
      for (const byte of chunk) if (byte === 0x0a) this.#count += 1;
    });
    const gone = (): void => {
      if (this.#child === child) this.#child = undefined;
    };
    child.once('error', gone);
    child.once('exit', gone);
    return child;
  }
}
