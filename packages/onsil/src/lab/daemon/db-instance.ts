/** What becomes of DB instances: created, changed, switched and deleted with their servers. */
import type { StackResource } from '../../cloudformation/create-resource.ts';
import type { Region } from '../../region/region.ts';
import { type DbServer, dbServerOf, dbServers } from '../managed/db-server.ts';
import type { DatabaseControl, DatabaseStatus } from '../services/aws/operation.ts';
import { AwsError } from '../services/endpoints/error.ts';
import type { Runner } from './applier.ts';
import type { DbServers } from './db-server.ts';
import type { EventLog } from './events.ts';

export interface DbInstancesOptions {
  readonly region: () => Region;
  readonly servers: DbServers;
  readonly log: EventLog;
  /** Told ahead that a server will run. */
  readonly begin: () => void;
}

export class DbInstances implements DatabaseControl {
  readonly #options: DbInstancesOptions;
  /** What is being done to a server at the moment, by its machine's id. */
  readonly #changing = new Map<string, DatabaseStatus>();
  /** Instances that were taken away and are in the region until their stack's operation ends. */
  readonly #gone = new Set<string>();

  constructor(options: DbInstancesOptions) {
    this.#options = options;
  }

  /** By resource type. */
  runners(): ReadonlyMap<string, Runner> {
    const ofGroup = this.#ofSettings((server, { physicalId }) =>
      server.parameterGroupNames.includes(physicalId),
    );
    return new Map([
      ['AWS::RDS::DBInstance', this.#ofInstances()],
      ['AWS::RDS::DBCluster', this.#ofClusters()],
      ['AWS::RDS::DBParameterGroup', ofGroup],
      ['AWS::RDS::DBClusterParameterGroup', ofGroup],
    ]);
  }

  /** Things of which servers know: what changes in them is told to those that run. */
  #ofSettings(concerns: (server: DbServer, resource: StackResource) => boolean): Runner {
    return {
      create: async () => {},
      update: async ({ resource }) => {
        const { region, servers } = this.#options;
        // One that is stopped has it when it starts.
        const running = dbServers(region()).filter(
          (server) => servers.state(server) === 'running' && concerns(server, resource),
        );
        await Promise.all(running.map((server) => servers.bring(server)));
      },
      remove: async () => {},
    };
  }

  #ofClusters(): Runner {
    const settings = this.#ofSettings(({ instances }, { physicalId }) =>
      instances.some(({ clusterId }) => clusterId === physicalId),
    );
    return {
      ...settings,
      remove: async ({ resource: { physicalId } }) => {
        if (this.#options.region().dbClusters[physicalId]?.deletionProtection !== true) return;
        throw new Error(
          'Cannot delete protected Cluster, please disable deletion protection and try again.',
        );
      },
    };
  }

  #ofInstances(): Runner {
    const { region, begin, log, servers } = this.#options;
    const bring = async (id: string): Promise<void> => {
      const server = dbServerOf(region(), id);
      if (server !== undefined) await servers.bring(server);
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
        await servers.remove(server);
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
    const changing = this.#changing.get(server.machineId);
    if (changing !== undefined) return changing;
    const state = this.#options.servers.state(server);
    return state === 'running' ? 'available' : state;
  }

  power(id: string, action: 'start' | 'stop' | 'reboot'): void {
    const { servers, region } = this.#options;
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
    switch (action) {
      case 'start':
        this.#begin(server, 'starting', servers.bring(server));
        break;
      case 'stop':
        this.#begin(server, 'stopping', servers.stop(server));
        break;
      case 'reboot':
        this.#begin(server, 'rebooting', servers.restart(server));
        break;
    }
  }

  #begin(server: DbServer, meanwhile: DatabaseStatus, work: Promise<void>): void {
    this.#changing.set(server.machineId, meanwhile);
    work
      .catch((cause: unknown) => {
        const why = cause instanceof Error ? cause.message : String(cause);
        const message = `The database ${server.name} did not obey: ${why}`;
        this.#options.log.emit({ kind: 'warning', message });
      })
      .finally(() => this.#changing.delete(server.machineId));
  }
}
