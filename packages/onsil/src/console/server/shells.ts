/** Terminals of the page: a shell on a machine behind each WebSocket. */
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { outsideCommand } from '../../lab/daemon/commands.ts';
import { isOutside } from '../../lab/daemon/probes.ts';
import { publicRoots } from '../../lab/daemon/site.ts';
import { guestCommand } from '../../lab/machine/guest.ts';
import { Terminal, type TerminalSize } from '../../lab/terminal/terminal.ts';
import type { TerminalExit } from '../api.ts';
import { AskedError, type Context } from './context.ts';

const MOST_BYTES = 1024 * 1024;
const SHELL = ['/usr/bin/env', 'TERM=xterm-256color', '/bin/bash', '-l'];

export class Shells {
  readonly #context: Context;
  readonly #server = new WebSocketServer({
    ...{ noServer: true, maxPayload: MOST_BYTES, perMessageDeflate: false },
  });

  constructor(context: Context) {
    this.#context = context;
  }

  /** Whoever asks has been let in. */
  upgrade(request: IncomingMessage, socket: Socket, head: Buffer, url: URL): void {
    if (url.pathname !== '/api/terminal') {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (web) => {
      this.#open(web, url.searchParams).catch((error: unknown) => {
        // A close frame holds 123 bytes of reason.
        const reason = error instanceof Error ? error.message : String(error);
        web.close(4000, Buffer.from(reason).subarray(0, 120).toString('utf8'));
      });
    });
  }

  async #open(web: WebSocket, query: URLSearchParams): Promise<void> {
    const early: (readonly [Buffer, boolean])[] = [];
    let hear = (data: Buffer, isBinary: boolean): void => void early.push([data, isBinary]);
    web.on('message', (data, isBinary) => hear(data as Buffer, isBinary));
    web.on('error', () => web.terminate());
    const command = await this.#command(query.get('host') ?? '');
    if (web.readyState !== web.OPEN) return;
    const size = sizeOf({ columns: query.get('columns') ?? 80, rows: query.get('rows') ?? 24 });
    const terminal = new Terminal(command, size, (bytes) => {
      web.send(bytes);
      // A page that does not keep up stops the program, as a slow terminal would.
      if (web.bufferedAmount > MOST_BYTES) terminal.pause();
    });
    const drain = setInterval(() => {
      if (web.bufferedAmount < MOST_BYTES / 2) terminal.resume();
    }, 100);
    hear = (data, isBinary) => {
      if (isBinary) terminal.write(data);
      else {
        const wanted = parsed(data);
        if (wanted !== undefined) terminal.resize(wanted);
      }
    };
    for (const each of early) hear(...each);
    web.once('close', () => terminal.close());
    const exitCode = await terminal.ended;
    clearInterval(drain);
    if (web.readyState !== web.OPEN) return;
    const exit: TerminalExit = { exitCode };
    web.send(JSON.stringify(exit));
    web.close(1000);
  }

  async #command(host: string): Promise<readonly string[]> {
    const { lab, region, machines, image, authority } = this.#context.lab();
    if (isOutside(host)) {
      const roots = await publicRoots(authority.publicRootsFile);
      return outsideCommand(lab, host, image.folder, { roots, command: SHELL, terminal: true });
    }
    const instance = Object.values(region.instances).find(({ name }) => name === host);
    if (instance === undefined) throw new AskedError(`There is no instance ${host}.`, 404);
    return guestCommand(machines.running(instance).leader, SHELL);
  }
}

function parsed(data: Buffer): TerminalSize | undefined {
  try {
    return sizeOf(JSON.parse(data.toString('utf8')));
  } catch {
    return undefined;
  }
}

/** What a terminal can have; 80 by 24 for anything else. */
function sizeOf({ columns, rows }: { readonly columns: unknown; readonly rows: unknown }) {
  const within = (value: unknown, otherwise: number): number => {
    const number = Number(value);
    return Number.isInteger(number) && number > 0 && number <= 1000 ? number : otherwise;
  };
  return { columns: within(columns, 80), rows: within(rows, 24) };
}
