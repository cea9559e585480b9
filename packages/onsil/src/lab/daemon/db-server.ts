/** Brings the servers behind DB instances up, each in a machine that AWS would run. */
import { randomBytes } from 'node:crypto';
import { passwordProblem, usernameProblem } from '../../region/resources/db-place.ts';
import { runInGuest } from '../machine/guest.ts';
import { DATABASE_UNIT } from '../managed/db-files.ts';
import { type DbServer, standInText } from '../managed/db-server.ts';
import type { ManagedMachine } from '../managed/machine.ts';
import type { ManagedMachines } from '../managed/machines.ts';
import {
  MARIADB_CLIENT,
  MARIADB_VARIABLES,
  mariadbFiles,
  mariadbParameters,
  mariadbSetUp,
} from '../managed/mariadb.ts';
import {
  postgresqlClient,
  postgresqlFiles,
  postgresqlParameters,
  postgresqlSettings,
  postgresqlSetUp,
} from '../managed/postgresql.ts';
import type { Authority } from '../services/authority.ts';
import type { EventLog } from './events.ts';

export interface DbServersOptions {
  readonly managed: ManagedMachines;
  readonly authority: Pick<Authority, 'leaf'>;
  /** Replaces references to secrets in a text; throws for one that is not there. */
  readonly resolved: (text: string) => string;
  readonly log: EventLog;
}

export type ServerState = 'creating' | 'failed' | 'running' | 'stopped';

export class DbServers {
  readonly #options: DbServersOptions;
  /** Servers that are set up: they have their users. By their machines' ids. */
  readonly #ready = new Set<string>();
  /** One thing after the other is done to each server. */
  readonly #queues = new Map<string, Promise<void>>();

  constructor(options: DbServersOptions) {
    this.#options = options;
  }

  state({ machineId }: DbServer): ServerState {
    const state = this.#options.managed.find(machineId)?.state;
    if (state === 'running') return this.#ready.has(machineId) ? 'running' : 'creating';
    return state === 'stopped' || state === 'failed' ? state : 'creating';
  }

  /** Starts the server, or gives the one that runs what has changed. */
  bring(server: DbServer): Promise<void> {
    return this.#next(server, () => this.#run(server));
  }

  stop(server: DbServer): Promise<void> {
    return this.#next(server, () => this.#options.managed.stop(server.machineId));
  }

  restart(server: DbServer): Promise<void> {
    return this.#next(server, () => this.#restart(server));
  }

  /** Ends the server; its data is gone. */
  remove(server: DbServer): Promise<void> {
    return this.#next(server, async () => {
      await this.#options.managed.remove(server.machineId);
      this.#ready.delete(server.machineId);
    });
  }

  async #run(server: DbServer): Promise<void> {
    const { managed, authority, log } = this.#options;
    const isNew = managed.find(server.machineId) === undefined;
    const master = this.#master(server);
    const [first = '', ...others] = server.names;
    await managed.ensure(machineOf(server, await authority.leaf(first, ...others)));
    const unknown =
      server.program === 'mariadb'
        ? await this.#setUpMariadb(server, master)
        : await this.#setUpPostgresql(server, master);
    this.#ready.add(server.machineId);
    if (!isNew) return;
    const message = `${server.name}: ${standInText(server)}.`;
    log.emit({ kind: 'note', message });
    if (unknown.length === 0) return;
    const names = unknown.join(', ');
    log.emit({
      kind: 'warning',
      message: `${server.name}: these parameters of its group have no effect on the server that runs here: ${names}.`,
    });
  }

  /** Nothing where none was named: the users were to come with a snapshot. */
  #master({ engine, masterUsername, masterUserPassword, masterUserSecretArn }: DbServer) {
    const { resolved } = this.#options;
    const reference = (key: string) =>
      `{{resolve:secretsmanager:${masterUserSecretArn}:SecretString:${key}}}`;
    const name = masterUsername;
    const given = masterUserSecretArn === undefined ? masterUserPassword : reference('password');
    if (name === undefined || given === undefined) return undefined;
    const username = resolved(name);
    const password = resolved(given);
    const problem = usernameProblem(engine, username) ?? passwordProblem(engine, password);
    if (problem !== undefined) throw new Error(problem);
    return { username, password };
  }

  /** @returns parameters that the server does not have */
  async #setUpMariadb(
    server: DbServer,
    master: { readonly username: string; readonly password: string } | undefined,
  ): Promise<readonly string[]> {
    const leader = this.#leader(server);
    await runInGuest(leader, MARIADB_CLIENT, { input: mariadbSetUp(server, master) });
    const { stdout } = await runInGuest(leader, MARIADB_CLIENT, { input: MARIADB_VARIABLES });
    const there = new Set(stdout.trim().split('\n'));
    const given = mariadbParameters(server);
    return Object.keys(server.parameters).filter(
      (name) =>
        !['require_secure_transport', 'time_zone'].includes(name) &&
        (given[name] === undefined || !there.has(name.toLowerCase())),
    );
  }

  /** @returns parameters that the server does not have */
  async #setUpPostgresql(
    server: DbServer,
    master: { readonly username: string; readonly password: string } | undefined,
  ): Promise<readonly string[]> {
    const leader = this.#leader(server);
    const client = postgresqlClient(server);
    const given = postgresqlParameters(server);
    const setUp = postgresqlSetUp(server, master, randomBytes(16));
    const { stdout } = await runInGuest(leader, client, {
      input: setUp + postgresqlSettings(given),
    });
    const said = stdout
      .trim()
      .split('\n')
      .map((line) => line.split('|'));
    const isPending = said.some(([, what]) => what === 'restart');
    // Settings that the server takes when it starts: its users came just now.
    if (isPending && !this.#ready.has(server.machineId)) {
      await this.#restart(server);
    }
    const unknown = new Set(said.flatMap(([name = '', what]) => (what === 'unknown' ? name : [])));
    return Object.keys(server.parameters).filter(
      (name) =>
        !['rds.force_ssl', 'timezone'].includes(name) &&
        (given[name] === undefined || unknown.has(name)),
    );
  }

  #leader({ machineId, name }: DbServer): number {
    const running = this.#options.managed.running(machineId);
    if (running === undefined) throw new Error(`The machine of the database ${name} is off.`);
    return running.leader;
  }

  async #restart(server: DbServer): Promise<void> {
    await runInGuest(this.#leader(server), ['systemctl', 'restart', DATABASE_UNIT]);
  }

  #next({ machineId }: DbServer, work: () => Promise<void>): Promise<void> {
    const done = (this.#queues.get(machineId) ?? Promise.resolve()).then(work);
    this.#queues.set(
      machineId,
      done.catch(() => {}),
    );
    return done;
  }
}

function machineOf(
  server: DbServer,
  tls: { readonly certificate: string; readonly key: string },
): ManagedMachine {
  const { machineId, name, program, instances } = server;
  const files = program === 'mariadb' ? mariadbFiles(server, tls) : postgresqlFiles(server, tls);
  return {
    ...{ id: machineId, name, type: 'RDS DB instance', vpcId: instances[0].vpcId, files },
    networkInterfaceIds: instances.map(({ networkInterfaceId }) => networkInterfaceId),
    units: [DATABASE_UNIT],
  };
}
