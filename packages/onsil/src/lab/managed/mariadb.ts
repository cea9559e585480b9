/** A MariaDB server as RDS sets one up: its files, and the SQL that makes its users. */
import type { GuestFile } from '../machine/plan.ts';
import { type DbFiles, databaseFiles } from './db-files.ts';
import { nativePassword } from './db-password.ts';
import type { DbServer } from './db-server.ts';

const DATA = '/var/lib/database/data';
const SOCKET = '/run/database/mysqld.sock';

/** The lab's own: where things are, what TLS is, and how little memory an idle server takes. */
const OWN =
  /^(basedir|bind_address|datadir|gtid_mode|init_file|innodb_(buffer_pool_.*|data_home_dir|log_file_size|log_group_home_dir|log_files_in_group|undo_directory)|log_(bin|error)|performance_schema|pid_file|plugin_.*|port|require_secure_transport|secure_file_priv|slave_load_tmpdir|socket|ssl_.*|time_zone|tls_version|tmpdir|user)$/;

/** Parameters that are given to the server; formulas of AWS's (`{DBInstanceClassMemory/…}`) are not. */
export function mariadbParameters(server: DbServer): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(server.parameters).filter(
      // MySQL's collations since 8.0 are unknown to MariaDB, which would not start.
      ([name, value]) => !OWN.test(name) && !/[{}\n]/.test(value) && !value.includes('_0900_'),
    ),
  );
}

export function mariadbFiles(server: DbServer, tls: DbFiles['tls']): readonly GuestFile[] {
  // `loose`: a name that MariaDB does not know is a warning.
  const given = Object.entries(mariadbParameters(server)).map(
    ([name, value]) => `loose_${name} = ${value}`,
  );
  const timeZone = server.parameters['time_zone'] ?? 'UTC';
  return databaseFiles({
    tls,
    user: 'mysql',
    // By the names of time zones that both know: MariaDB's own tables of them are empty.
    environment: /^[A-Za-z_]+(\/[A-Za-z_+-]+)*$/.test(timeZone) ? { TZ: timeZone } : {},
    command: '/usr/sbin/mariadbd --defaults-file=/etc/database/server.conf',
    initialize: [
      'mariadb-install-db --defaults-file=/etc/database/server.conf --datadir="$1" --user=mysql',
      '--auth-root-authentication-method=socket --skip-test-db --skip-name-resolve >/dev/null',
    ].join(' '),
    configuration: [
      '[mariadbd]',
      `datadir = ${DATA}`,
      `socket = ${SOCKET}`,
      'pid_file = /run/database/mysqld.pid',
      `port = ${server.port}`,
      'bind_address = 0.0.0.0',
      'skip_name_resolve = ON',
      'ssl_cert = /etc/database/server.pem',
      'ssl_key = /run/database/server.key',
      `require_secure_transport = ${server.requiresTls ? 'ON' : 'OFF'}`,
      'innodb_buffer_pool_size = 32M',
      'innodb_log_file_size = 32M',
      'performance_schema = OFF',
      ...given,
      '',
    ].join('\n'),
  });
}

/** Reads SQL from its standard input, as the server's administrator. */
export const MARIADB_CLIENT: readonly string[] = [
  ...['mariadb', '--no-defaults', `--socket=${SOCKET}`, '--user=root'],
  ...['--batch', '--skip-column-names'],
];

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.MasterAccounts.html */
const PRIVILEGES = [
  ...['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'CREATE', 'DROP', 'RELOAD', 'PROCESS'],
  ...['REFERENCES', 'INDEX', 'ALTER', 'SHOW DATABASES', 'CREATE TEMPORARY TABLES'],
  ...['LOCK TABLES', 'EXECUTE', 'REPLICATION SLAVE', 'REPLICATION CLIENT', 'CREATE VIEW'],
  ...['SHOW VIEW', 'CREATE ROUTINE', 'ALTER ROUTINE', 'CREATE USER', 'EVENT', 'TRIGGER'],
];

/** Makes the database and the master user, or gives the user another password. */
export function mariadbSetUp(
  { databaseName }: Pick<DbServer, 'databaseName'>,
  master: { readonly username: string; readonly password: string } | undefined,
): string {
  const lines = ['SET SESSION sql_log_bin = 0;'];
  if (databaseName !== undefined) {
    lines.push(`CREATE DATABASE IF NOT EXISTS \`${databaseName.replaceAll('`', '``')}\`;`);
  }
  if (master !== undefined) {
    const user = `${quoted(master.username)}@'%'`;
    const identified = `IDENTIFIED VIA mysql_native_password USING ${quoted(nativePassword(master.password))}`;
    lines.push(
      `CREATE USER IF NOT EXISTS ${user} ${identified};`,
      `ALTER USER ${user} ${identified};`,
      `GRANT ${PRIVILEGES.join(', ')} ON *.* TO ${user} WITH GRANT OPTION;`,
    );
  }
  return `${lines.join('\n')}\n`;
}

/** Prints the names of the variables that the server has. */
export const MARIADB_VARIABLES =
  'SELECT LOWER(variable_name) FROM information_schema.global_variables;\n';

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
