import { describe, expect, test } from 'vitest';
import { DATABASE_UNIT } from './db-files.ts';
import type { DbServer } from './db-server.ts';
import { mariadbFiles, mariadbParameters, mariadbSetUp } from './mariadb.ts';
import {
  postgresqlFiles,
  postgresqlParameters,
  postgresqlSettings,
  postgresqlSetUp,
} from './postgresql.ts';

const TLS = { certificate: 'CERTIFICATE', key: 'KEY' };
const server = (more: Partial<DbServer>): DbServer => ({
  ...{ machineId: 'rds-db', name: 'db', program: 'mariadb', engine: 'mysql', names: [] },
  ...{
    instances: [{} as never],
    port: 3307,
    parameters: {},
    parameterGroupNames: [],
    requiresTls: false,
  },
  ...more,
});
const contentOf = (files: readonly { path: string; content: string }[], path: string) =>
  files.find((each) => each.path === path)?.content;

test.each([
  ['mysql', mariadbFiles(server({}), TLS)],
  ['postgres', postgresqlFiles(server({}), TLS)],
])('the key is for %s alone, and data is made once', (user, files) => {
  expect(files.find(({ path }) => path === 'etc/database/server.key')).toEqual({
    ...{ path: 'etc/database/server.key', content: 'KEY', mode: 0o600 },
  });
  const prepare = contentOf(files, 'etc/database/prepare');
  expect(prepare).toContain(`install -o ${user} -g ${user} -m 0600 /etc/database/server.key`);
  expect(prepare).toContain('[ ! -d data ] || exit 0');
  expect(contentOf(files, `etc/systemd/system/${DATABASE_UNIT}`)).toContain(`User=${user}`);
});

describe('MariaDB', () => {
  test('settings of the parameter group come last; unknown ones are no error', () => {
    const parameters = {
      ...{ max_connections: '77', innodb_buffer_pool_size: '{DBInstanceClassMemory*3/4}' },
      ...{ datadir: '/x', collation_server: 'utf8mb4_0900_ai_ci', time_zone: 'Asia/Seoul' },
      ...{ sort_buffer_size: '{DBInstanceClassMemory/9}', wait_timeout: '9\nport = 1' },
    };
    expect(mariadbParameters(server({ parameters }))).toEqual({ max_connections: '77' });
    const files = mariadbFiles(server({ parameters, requiresTls: true }), TLS);
    const lines = contentOf(files, 'etc/database/server.conf')?.trim().split('\n');
    expect(lines).toEqual(expect.arrayContaining(['port = 3307', 'require_secure_transport = ON']));
    expect(lines?.at(-1)).toBe('loose_max_connections = 77');
    expect(contentOf(files, `etc/systemd/system/${DATABASE_UNIT}`)).toContain(
      'Environment=TZ=Asia/Seoul\n',
    );
  });
  test('the SQL has no password, and quotes names', () => {
    const sql = mariadbSetUp({ databaseName: 'a`b' }, { username: "o'b", password: 'hunter22' });
    expect(sql).toContain('CREATE DATABASE IF NOT EXISTS `a``b`;');
    expect(sql).toContain(
      "CREATE USER IF NOT EXISTS 'o''b'@'%' IDENTIFIED VIA mysql_native_password",
    );
    expect(sql).not.toContain('hunter22');
    expect(sql).not.toMatch(/SUPER|FILE|ALL PRIVILEGES/);
  });
  test('without a master user and a database there is nothing to make', () => {
    expect(mariadbSetUp({}, undefined)).toBe('SET SESSION sql_log_bin = 0;\n');
  });
});

describe('PostgreSQL', () => {
  test.each([
    [true, 'hostssl all all all scram-sha-256'],
    [false, 'host all all all scram-sha-256'],
  ])('TLS required: %s', (requiresTls, line) => {
    const hba = contentOf(postgresqlFiles(server({ requiresTls }), TLS), 'etc/database/hba.conf');
    expect(hba?.trim().split('\n').at(-1)).toBe(line);
    expect(hba).toContain('host all rdsadmin all reject\n');
  });
  test('libraries that are not there would keep it from starting', () => {
    const parameters = {
      ...{ shared_preload_libraries: 'pg_stat_statements, pgaudit,auto_explain' },
      ...{ work_mem: '8192', max_connections: 'LEAST({DBInstanceClassMemory/9531392},5000)' },
      ...{ 'rds.force_ssl': '1', port: '9', shared_buffers: '{DBInstanceClassMemory/32768}' },
    };
    const taken = postgresqlParameters(server({ parameters }));
    expect(taken).toEqual({
      shared_preload_libraries: 'pg_stat_statements,auto_explain',
      work_mem: '8192',
    });
    expect(
      postgresqlParameters(server({ parameters: { shared_preload_libraries: 'pgaudit' } })),
    ).toEqual({});
    const sql = postgresqlSettings(taken);
    expect(sql).toContain(
      `('shared_preload_libraries', '''pg_stat_statements'', ''auto_explain''')`,
    );
    expect(sql).toContain(`('work_mem', '''8192''')`);
    expect(postgresqlSettings({})).toBe('ALTER SYSTEM RESET ALL;\n');
  });
  test('the SQL has no password, and quotes names', () => {
    const master = { username: 'o"b', password: 'hunter22' };
    const sql = postgresqlSetUp({ databaseName: 'Shop' }, master, new Uint8Array(16));
    expect(sql).toContain('GRANT rds_superuser TO "o""b";');
    expect(sql).toContain(`'CREATE DATABASE "Shop" OWNER "o""b"' WHERE NOT EXISTS`);
    expect(sql).not.toContain('hunter22');
    expect(postgresqlSetUp({}, undefined, new Uint8Array(16))).not.toContain('DATABASE');
  });
});
