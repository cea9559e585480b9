/** Runs the servers behind DB instances, in machines that AWS would run. */
import { randomBytes } from 'node:crypto';
import type { Region } from '../../region/region.ts';
import { passwordProblem, usernameProblem } from '../../region/resources/db-place.ts';
import { runInGuest } from '../machine/guest.ts';
import { DATABASE_UNIT } from '../managed/db-files.ts';
import { type DbServer, dbServerOf, standInText } from '../managed/db-server.ts';
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
import type { DatabaseControl, DatabaseStatus } from '../services/aws/operation.ts';
import { AwsError } from '../services/endpoints/error.ts';
import type { Runner } from './applier.ts';
import type { EventLog } from './events.ts';

export interface DbInstancesOptions {
  readonly region: () => Region;
  readonly managed: ManagedMachines;
  readonly authority: Pick<Authority, 'leaf'>;
  /** Replaces references to secrets in a text; throws for one that is not there. */
  readonly resolved: (text: string) => string;
  readonly log: EventLog;
  /** Told ahead that a server will run. */
  readonly begin: () => void;
}

export class DbInstances implements DatabaseControl {
  readonly #options: DbInstancesOptions;
  /** What is being done to a server at the moment, by its machine's id. */
  readonly #changing = new Map<string, DatabaseStatus>();
  /** Servers that are set up: they have their users. */
  readonly #ready = new Set<string>();
  /** Instances that were taken away and are in the region until their stack's operation ends. */
  readonly #gone = new Set<string>();
  /** One thing after the other is done to each server. */
  readonly #queues = new Map<string, Promise<void>>();

  constructor(options: DbInstancesOptions) {
    this.#options = options;
  }

  runner(): Runner {
    const { region, begin, log } = this.#options;
    const bring = async (id: string): Promise<void> => {
      const server = dbServerOf(region(), id);
      if (server !== undefined) await this.#bring(server);
    };
    return {
      begin,
      create: async ({ resource: { physicalId } }) => {
        this.#gone.delete(physicalId);
        await bring(physicalId);
      },
      update: async ({ resource: { physicalId } }) => {
        if (['stopped', 'stopping'].includes(this.status(physicalId))) {
          throw new Error('Database instance is not in available state.');
        }
        await bring(physicalId);
      },
      remove: async ({ resource: { physicalId, deletionPolicy } }) => {
        const instance = region().dbInstances[physicalId];
        if (instance?.deletionProtection === true) {
          throw new Error(
            'Cannot delete protected DB Instance, please disable deletion protection and try again.',
          );
        }
        this.#gone.add(physicalId);
        const server = dbServerOf(region(), physicalId);
        if (server === undefined || server.instances.some(({ id }) => !this.#gone.has(id))) return;
        await this.#next(server, () => this.#options.managed.remove(server.machineId));
        this.#ready.delete(server.machineId);
        // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
        if ((deletionPolicy ?? 'Snapshot') === 'Snapshot') {
          const message = `${server.name}: the lab makes no final snapshot; the data of the database is gone.`;
          log.emit({ kind: 'note', message });
        }
      },
    };
  }

  status(id: string): DatabaseStatus {
    const server = dbServerOf(this.#options.region(), id);
    if (server === undefined) return 'available';
    const { machineId } = server;
    const changing = this.#changing.get(machineId);
    if (changing !== undefined) return changing;
    switch (this.#options.managed.find(machineId)?.state) {
      case 'running':
        return this.#ready.has(machineId) ? 'available' : 'creating';
      case 'stopped':
        return 'stopped';
      case 'failed':
        return 'failed';
      case 'starting':
      case undefined:
        return 'creating';
    }
  }

  power(id: string, action: 'start' | 'stop' | 'reboot'): void {
    const { managed, region } = this.#options;
    const server = dbServerOf(region(), id);
    if (server === undefined) {
      const engine = region().dbInstances[id]?.engine;
      const message = `The lab has no server for the engine ${engine}: ${id} is recorded, not run.`;
      throw new AwsError(400, 'InvalidDBInstanceState', message);
    }
    const now = this.status(id);
    if (action === 'start' && now !== 'stopped') {
      const message = `Instance ${id} cannot be started as it is not in one of the following statuses: 'stopped, inaccessible-encryption-credentials-recoverable, incompatible-network (only valid for non-SqlServer instances)'.`;
      throw new AwsError(400, 'InvalidDBInstanceState', message);
    }
    if (action !== 'start' && now !== 'available') {
      throw new AwsError(
        400,
        'InvalidDBInstanceState',
        `Instance ${id} is not in available state.`,
      );
    }
    const { machineId } = server;
    switch (action) {
      case 'start':
        this.#begin(server, 'starting', () => this.#run(server));
        break;
      case 'stop':
        this.#begin(server, 'stopping', () => managed.stop(machineId));
        break;
      case 'reboot':
        this.#begin(server, 'rebooting', async () => {
          await runInGuest(this.#leader(server), ['systemctl', 'restart', DATABASE_UNIT]);
        });
        break;
    }
  }

  #begin(server: DbServer, meanwhile: DatabaseStatus, work: () => Promise<void>): void {
    this.#changing.set(server.machineId, meanwhile);
    this.#next(server, work)
      .catch((cause: unknown) => {
        const why = cause instanceof Error ? cause.message : String(cause);
        const message = `The database ${server.name} did not obey: ${why}`;
        this.#options.log.emit({ kind: 'warning', message });
      })
      .finally(() => this.#changing.delete(server.machineId));
  }

  /** Starts the server, or gives the one that runs what has changed. */
  #bring(server: DbServer): Promise<void> {
    return this.#next(server, () => this.#run(server));
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
      await runInGuest(leader, ['systemctl', 'restart', DATABASE_UNIT]);
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
