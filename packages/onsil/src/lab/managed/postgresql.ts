/** A PostgreSQL server as RDS sets one up: its files, and the SQL that makes its roles. */
import type { GuestFile } from '../machine/plan.ts';
import { type DbFiles, databaseFiles } from './db-files.ts';
import { scramVerifier } from './db-password.ts';
import type { DbServer } from './db-server.ts';

const BIN = '/usr/lib/postgresql/15/bin';
const DATA = '/var/lib/database/data';
const AS_SERVER = ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', '--'];

/** The lab's own: where things are, what TLS is, and how little memory an idle server takes. */
const OWN =
  /^(archive_.*|config_file|data_directory|external_pid_file|hba_file|huge_pages.*|ident_file|listen_addresses|log_(destination|directory|filename|file_mode)|logging_collector|port|rds\..*|shared_buffers|ssl|ssl_.*|unix_socket_.*)$/;

/** Of contrib; whatever else RDS can preload would keep the server from starting. */
const LIBRARIES = [
  'auth_delay',
  'auto_explain',
  'passwordcheck',
  'pg_prewarm',
  'pg_stat_statements',
];

/** Parameters that are given to the server; formulas of AWS's (`{DBInstanceClassMemory/…}`) are not. */
export function postgresqlParameters(server: DbServer): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(server.parameters).flatMap(([name, value]) => {
      if (OWN.test(name) || /[{}\n]/.test(value)) return [];
      if (name !== 'shared_preload_libraries') return [[name, value] as const];
      const known = value.split(',').filter((each) => LIBRARIES.includes(each.trim()));
      return known.length === 0
        ? []
        : [[name, known.map((each) => each.trim()).join(',')] as const];
    }),
  );
}

export function postgresqlFiles(server: DbServer, tls: DbFiles['tls']): readonly GuestFile[] {
  const timeZone = server.parameters['timezone'] ?? 'UTC';
  const files = databaseFiles({
    tls,
    user: 'postgres',
    environment: {},
    command: `${BIN}/postgres -D ${DATA} -c config_file=/etc/database/server.conf`,
    // The administrator is not `postgres`: that is what people call their master user.
    initialize: [
      ...[...AS_SERVER, `${BIN}/initdb`, '--pgdata="$1"', '--username=rdsadmin', '--encoding=UTF8'],
      ...['--locale=C.UTF-8', '--auth=reject', '--no-sync', '>/dev/null'],
    ].join(' '),
    configuration: [
      `data_directory = '${DATA}'`,
      "hba_file = '/etc/database/hba.conf'",
      "ident_file = '/etc/database/ident.conf'",
      "unix_socket_directories = '/run/database'",
      "listen_addresses = '*'",
      `port = ${server.port}`,
      'ssl = on',
      "ssl_cert_file = '/etc/database/server.pem'",
      "ssl_key_file = '/run/database/server.key'",
      'password_encryption = scram-sha-256',
      'shared_buffers = 32MB',
      'max_connections = 100',
      "log_timezone = 'UTC'",
      `timezone = '${/^[\w/+-]+$/.test(timeZone) ? timeZone : 'UTC'}'`,
      `rds.force_ssl = ${server.requiresTls ? 1 : 0}`,
      '',
    ].join('\n'),
  });
  const type = server.requiresTls ? 'hostssl' : 'host';
  return [
    ...files,
    {
      path: 'etc/database/hba.conf',
      content:
        'local all rdsadmin peer map=administrator\n' +
        'host all rdsadmin all reject\n' +
        'local all all reject\n' +
        `${type} all all all scram-sha-256\n`,
    },
    { path: 'etc/database/ident.conf', content: 'administrator postgres rdsadmin\n' },
  ];
}

/** Reads SQL from its standard input, as the server's administrator. */
export function postgresqlClient({ port }: Pick<DbServer, 'port'>): readonly string[] {
  return [
    ...[...AS_SERVER, 'psql', '--no-psqlrc', '--quiet', '--tuples-only', '--no-align'],
    ...['--set=ON_ERROR_STOP=1', '--host=/run/database', `--port=${port}`],
    ...['--username=rdsadmin', '--dbname=postgres'],
  ];
}

/**
 * Makes the database and the master user, or gives the user another password.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.Roles.html
 * @param salt 16 bytes
 */
export function postgresqlSetUp(
  { databaseName }: Pick<DbServer, 'databaseName'>,
  master: { readonly username: string; readonly password: string } | undefined,
  salt: Uint8Array,
): string {
  const lines = [
    ...['rds_superuser', 'rds_replication', 'rds_password'].map((role) =>
      unlessThere('pg_roles', 'rolname', role, `CREATE ROLE ${role}`),
    ),
    'GRANT pg_monitor, pg_signal_backend, pg_checkpoint, rds_replication, rds_password TO rds_superuser WITH ADMIN OPTION;',
  ];
  const owner = master === undefined ? '' : ` OWNER ${identifier(master.username)}`;
  if (master !== undefined) {
    const name = identifier(master.username);
    const password = literal(scramVerifier(master.password, salt));
    lines.push(
      unlessThere('pg_roles', 'rolname', master.username, `CREATE ROLE ${name}`),
      `ALTER ROLE ${name} LOGIN CREATEDB CREATEROLE PASSWORD ${password} VALID UNTIL 'infinity';`,
      `GRANT rds_superuser TO ${name};`,
      `ALTER DATABASE postgres OWNER TO ${name};`,
    );
  }
  if (databaseName !== undefined) {
    const making = `CREATE DATABASE ${identifier(databaseName)}${owner}`;
    lines.push(unlessThere('pg_database', 'datname', databaseName, making));
  }
  return `${lines.join('\n')}\n`;
}

/**
 * Sets what the server knows of the parameters. Prints `name|unknown` for those that it does not
 * know, and `name|restart` for those that it takes when it starts.
 */
export function postgresqlSettings(parameters: Readonly<Record<string, string>>): string {
  const entries = Object.entries(parameters);
  if (entries.length === 0) return 'ALTER SYSTEM RESET ALL;\n';
  const rows = entries.map(([name, value]) => {
    // A list is written item by item: as one text it would be one item.
    const items = name === 'shared_preload_libraries' ? value.split(',') : [value];
    return `(${literal(name)}, ${literal(items.map(literal).join(', '))})`;
  });
  return [
    'ALTER SYSTEM RESET ALL;',
    `CREATE TEMPORARY TABLE asked (name, value) AS VALUES ${rows.join(', ')};`,
    "SELECT format('ALTER SYSTEM SET %I = %s', s.name, asked.value) FROM asked JOIN pg_settings s ON lower(s.name) = lower(asked.name) WHERE s.context <> 'internal' \\gexec",
    "SELECT asked.name, CASE s.context WHEN 'postmaster' THEN 'restart' ELSE 'unknown' END FROM asked LEFT JOIN pg_settings s ON lower(s.name) = lower(asked.name) WHERE s.name IS NULL OR s.context IN ('internal', 'postmaster');",
    'SELECT pg_reload_conf() \\gset',
    '',
  ].join('\n');
}

const unlessThere = (table: string, column: string, name: string, making: string): string =>
  `SELECT ${literal(making)} WHERE NOT EXISTS (SELECT FROM ${table} WHERE ${column} = ${literal(name)}) \\gexec`;

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const identifier = (text: string): string => `"${text.replaceAll('"', '""')}"`;
