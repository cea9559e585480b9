/** What the command line may ask of the daemon. */
import { guestCommand } from '../machine/guest.ts';
import { outsideCommand, sshCommand } from './commands.ts';
import type { Handler } from './control.ts';
import { type EventLog, isFinal, type TimedEvent } from './events.ts';
import { runningGuests } from './guests.ts';
import { findInstance, isOutside, type ProbeRequest, probe } from './probes.ts';
import { rollOut } from './releases.ts';
import type { Materials } from './request.ts';
import { publicRoots } from './site.ts';
import type { LabStatus } from './status.ts';
import type { Lab } from './up.ts';
import { type UpdateRequest, updateLab } from './update.ts';
import { readUsage } from './usage.ts';

interface Context {
  readonly log: EventLog;
  readonly status: () => LabStatus;
  readonly lab: () => Lab | undefined;
  readonly materials: PromiseWithResolvers<Materials>;
  /** The URL that opens one session of the console; absent where the lab has none. */
  readonly openConsole?: (() => string) | undefined;
}

/** What a client of the AWS endpoints needs. */
export interface LabEndpoint {
  readonly url: string;
  readonly region: string;
  readonly account: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A URL that is good once, for two minutes. */
export interface OpenedConsole {
  readonly url: string;
}

interface CommandRequest {
  readonly instance: string;
  readonly command: readonly string[];
  /** Whether a person is in front of it. */
  readonly terminal?: boolean;
}

export function routes(context: Context): Readonly<Record<string, Handler>> {
  const up = (): Lab => {
    const lab = context.lab();
    if (lab !== undefined) return lab;
    throw new Error('The lab is not that far yet. Wait until `onsil up` is done.');
  };
  return {
    'GET /status': async (_body, respond) => respond.json(context.status()),

    'GET /events': async (_body, respond) => {
      const stream = respond.stream();
      const unsubscribe = context.log.subscribe((event) => {
        // The log goes on, with what happens to the lab later.
        if (stream.writableEnded) return;
        stream.write(`${JSON.stringify(event)}\n`);
        if (isFinal(event)) stream.end();
      });
      stream.once('close', unsubscribe);
    },

    // The first ones let the machines start; later ones are what changed while the lab is up.
    'POST /materials': async (body, respond) => {
      const materials = body as Materials;
      const lab = context.lab();
      context.materials.resolve(materials);
      respond.json(lab === undefined ? [] : await rollOut(lab, materials.releases));
    },

    // Another template or other parameters, for the lab that is up.
    'POST /update': async (body, respond) => {
      const lab = up();
      const stream = respond.stream();
      const write = (event: TimedEvent): unknown => stream.write(`${JSON.stringify(event)}\n`);
      await updateLab(lab, body as UpdateRequest, write);
      stream.end();
    },

    'POST /probe': async (body, respond) => {
      const { lab, region, machines } = up();
      respond.json(await probe(lab, region, machines, body as ProbeRequest));
    },

    // The state that every question about the lab's packets is about.
    'GET /region': async (_body, respond) => respond.json(up().region),

    // With the administrator's keys: the socket is root's alone.
    'GET /endpoint': async (_body, respond) => {
      const { region, keys } = up();
      const { endpoint: url } = context.status();
      if (url === null)
        throw new Error('This lab has no AWS endpoints. Start it anew: npx onsil up');
      const answer: LabEndpoint = { url, region: region.name, account: region.account, ...keys };
      respond.json(answer);
    },

    // With a token that opens it: the socket is root's alone.
    'POST /console': async (_body, respond) => {
      const { openConsole } = context;
      if (openConsole === undefined)
        throw new Error('This lab has no console. Start it anew: npx onsil up --fresh');
      const answer: OpenedConsole = { url: openConsole() };
      respond.json(answer);
    },

    'GET /policies': async (_body, respond) => respond.json(up().metadata?.policy ?? []),

    'GET /guests': async (_body, respond) => respond.json(runningGuests(up())),

    'GET /counters': async (_body, respond) => {
      const { region, fabric } = up();
      respond.json(readUsage(region, fabric));
    },

    'GET /flow': async (_body, respond) => {
      const { flow } = up();
      // Watched before the answer begins: who asks knows that nothing is missed from then on.
      const early: string[] = [];
      let write = (line: string): unknown => early.push(line);
      let fail = (): void => {};
      const end = await flow.subscribe({
        tell: (event) => write(`${JSON.stringify(event)}\n`),
        fail: () => fail(),
      });
      const stream = respond.stream();
      stream.once('close', end);
      // Whoever asked may be gone already.
      if (stream.closed) end();
      write = (line) => stream.write(line);
      fail = () => stream.destroy();
      for (const line of early) stream.write(line);
    },

    'POST /command': async (body, respond) => {
      const { lab, region, machines, image, authority } = up();
      const { instance, command, terminal = false } = body as CommandRequest;
      if (isOutside(instance)) {
        const roots = await publicRoots(authority.publicRootsFile);
        const run = await outsideCommand(lab, instance, image.folder, {
          ...{ roots, command, terminal },
        });
        respond.json({ command: run });
        return;
      }
      const { leader } = machines.running(findInstance(region, instance));
      respond.json({ command: guestCommand(leader, command) });
    },

    'POST /ssh': async (body, respond) => {
      const { lab, region, administrator } = up();
      const { instance, command } = body as CommandRequest;
      const target = findInstance(region, instance);
      const { privateKeyFile } = administrator;
      respond.json({ command: await sshCommand(lab, region, target, privateKeyFile, command) });
    },

    'POST /stop': async (body, respond) => {
      const { region, machines } = up();
      await machines.stop(findInstance(region, (body as CommandRequest).instance));
      respond.json({});
    },

    'POST /start': async (body, respond) => {
      const { region, machines } = up();
      await machines.start(findInstance(region, (body as CommandRequest).instance));
      respond.json({});
    },
  };
}
