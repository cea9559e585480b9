/** Which servers stand behind the DB instances of a region, and what each is asked to be. */
import { type DbInstance, dataKeyOf } from '../../region/db-instance.ts';
import { hashOf } from '../../region/hash.ts';
import type { Region } from '../../region/region.ts';

export type DbProgram = 'mariadb' | 'postgresql';

/** What the service image has: Debian 12's. */
export const PROGRAMS: Readonly<Record<DbProgram, string>> = {
  mariadb: 'MariaDB 10.11',
  postgresql: 'PostgreSQL 15',
};

export interface DbServer {
  /** Of its machine. */
  readonly machineId: string;
  /** By which people know it. */
  readonly name: string;
  readonly program: DbProgram;
  readonly engine: string;
  readonly engineVersion?: string;
  /**
   * It answers at the interface of each. As on Aurora, the instances of a cluster share one
   * storage; read replicas share that of their source.
   */
  readonly instances: readonly [DbInstance, ...DbInstance[]];
  /** Names that its certificate is for: of the instances and of their cluster. */
  readonly names: readonly string[];
  readonly port: number;
  readonly databaseName?: string;
  /** Either may be a reference to a secret. */
  readonly masterUsername?: string;
  readonly masterUserPassword?: string;
  /** It has both. */
  readonly masterUserSecretArn?: string;
  /** Of its parameter groups, those of the instance before those of the cluster. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly parameterGroupNames: readonly string[];
  readonly requiresTls: boolean;
}

const ENGINES: Readonly<Record<string, DbProgram>> = {
  mysql: 'mariadb',
  mariadb: 'mariadb',
  'aurora-mysql': 'mariadb',
  postgres: 'postgresql',
  'aurora-postgresql': 'postgresql',
};

/** What runs for an engine; nothing for one that the lab does not have. */
export function programOf(engine: string): DbProgram | undefined {
  return ENGINES[engine];
}

const servers = new WeakMap<Region, readonly DbServer[]>();

/** Every server of the region, in the order of its first instances. */
export function dbServers(region: Region): readonly DbServer[] {
  const known = servers.get(region);
  if (known !== undefined) return known;
  const byKey = Map.groupBy(Object.values(region.dbInstances), (each) => dataKeyOf(region, each));
  const made = [...byKey.values()].flatMap(([first, ...rest]) => {
    const program = first === undefined ? undefined : programOf(first.engine);
    if (first === undefined || program === undefined) return [];
    return [serverOf(region, program, [first, ...rest])];
  });
  servers.set(region, made);
  return made;
}

/** The one that answers for an instance; nothing where the lab does not have its engine. */
export function dbServerOf(region: Region, instanceId: string): DbServer | undefined {
  return dbServers(region).find(({ instances }) => instances.some(({ id }) => id === instanceId));
}

function serverOf(
  region: Region,
  program: DbProgram,
  instances: readonly [DbInstance, ...DbInstance[]],
): DbServer {
  const [first] = instances;
  const cluster = region.dbClusters[first.clusterId ?? ''];
  const { engine, port } = first;
  const id = cluster?.id ?? first.id;
  const networkInterface = region.networkInterfaces[first.networkInterfaceId];
  const name = cluster?.id ?? networkInterface?.managedBy?.id ?? first.id;
  const of = cluster ?? first;
  const engineVersion = first.engineVersion ?? cluster?.engineVersion;
  const groups = [cluster?.parameterGroupName, first.parameterGroupName].filter(
    (group) => group !== undefined,
  );
  const parameters = Object.assign(
    {},
    ...groups.map((group) => region.dbParameterGroups[group]?.parameters),
  ) as Record<string, string>;
  const databaseName = first.databaseName ?? cluster?.databaseName;
  const { masterUserSecretArn } = of;
  const masterUsername = of.masterUsername ?? first.masterUsername;
  const masterUserPassword = of.masterUserPassword ?? first.masterUserPassword;
  return {
    ...{ machineId: machineIdOf(id), name, program, engine, instances, port, parameters },
    names: [
      ...instances.map(({ endpointAddress }) => endpointAddress),
      ...(cluster === undefined ? [] : [cluster.endpointAddress, cluster.readerEndpointAddress]),
    ],
    ...(engineVersion === undefined ? {} : { engineVersion }),
    ...(databaseName === undefined ? {} : { databaseName }),
    ...(masterUsername === undefined ? {} : { masterUsername }),
    ...(masterUserPassword === undefined ? {} : { masterUserPassword }),
    ...(masterUserSecretArn === undefined ? {} : { masterUserSecretArn }),
    parameterGroupNames: groups,
    requiresTls: requiresTls(program, engine, engineVersion, parameters),
  };
}

/** At most 64 letters, and other than an instance's. */
function machineIdOf(id: string): string {
  const own = `rds-${id}`;
  return own.length <= 64 ? own : `${own.slice(0, 51)}-${hashOf('rds', id).slice(0, 12)}`;
}

/** How a stand-in is told: which version runs for which. */
export function standInText({ program, engine, engineVersion }: DbServer): string {
  const wanted = engineVersion === undefined ? engine : `${engine} ${engineVersion}`;
  return `${PROGRAMS[program]} runs for ${wanted}`;
}

/**
 * What the parameter group says, or what AWS's own groups say from a version on:
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mysql-ssl-connections.require-ssl.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mariadb-ssl-connections.require-ssl.html
 */
function requiresTls(
  program: DbProgram,
  engine: string,
  version: string | undefined,
  parameters: Readonly<Record<string, string>>,
): boolean {
  const given = parameters[program === 'postgresql' ? 'rds.force_ssl' : 'require_secure_transport'];
  if (given !== undefined) return /^(1|on|true)$/i.test(given);
  const since: Readonly<Record<string, number>> = {
    ...{ postgres: 15, 'aurora-postgresql': 17, mariadb: 11.08, mysql: 9.07 },
  };
  const from = since[engine];
  if (from === undefined) return false;
  // RDS takes a recent version where none is given.
  if (version === undefined) return engine === 'postgres';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major + minor / 100 >= from;
}
