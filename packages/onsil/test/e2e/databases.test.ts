/** Databases of a template as servers that answer, and secrets as their clients find them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type RDS from 'aws-sdk/clients/rds.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../../src/lab/process.ts';
import { clientOn, type RunningClient } from './support/client-programs.ts';
import { type Connection, databaseTemplate, mysql, psql } from './support/databases.ts';
import { tracesOf } from './support/host-state.ts';
import { type Ended, labCommands, onsil, parseEvents, statusOf, succeed } from './support/onsil.ts';

const LAB = 'e2e-databases';
const { exec, down } = labCommands(LAB);
let folder = '';
let result: Ended;
let allowed: RunningClient;
let denied: RunningClient;
let rds: RDS;
/** By the client's role, from the lab's endpoint. */
let shop: Connection;
let postgres: Connection;
const addresses = { mysql: '', postgres: '' };

/** Signed by curl with the credentials of the instance's role. */
async function secretValue(id: string): Promise<Readonly<Record<string, unknown>>> {
  const script = `set -e
t=$(curl -s -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' http://169.254.169.254/latest/api/token)
c=http://169.254.169.254/latest/meta-data/iam/security-credentials
j=$(curl -s -H "X-aws-ec2-metadata-token: $t" $c/$(curl -s -H "X-aws-ec2-metadata-token: $t" $c/))
f() { echo "$j" | jq -r .$1; }
curl -s --aws-sigv4 aws:amz:ap-northeast-2:secretsmanager --user "$(f AccessKeyId):$(f SecretAccessKey)" \
  -H "x-amz-security-token: $(f Token)" -H 'content-type: application/x-amz-json-1.1' \
  -H 'x-amz-target: secretsmanager.GetSecretValue' -d '{"SecretId":"${id}"}' \
  https://secretsmanager.ap-northeast-2.amazonaws.com/ | jq -r .SecretString`;
  const { stdout, stderr } = await exec('allowed', 'sh', '-c', script);
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Readonly<Record<string, unknown>>;
}

async function described(id: string) {
  const { DBInstances: [found] = [] } = await rds
    .describeDBInstances({ DBInstanceIdentifier: id })
    .promise();
  return found;
}

const available = (id: string) =>
  rds
    .waitFor('dBInstanceAvailable', {
      ...{ DBInstanceIdentifier: id, $waiter: { delay: 0.3, maxAttempts: 200 } },
    })
    .promise();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onsil-e2e-databases-'));
  const file = join(folder, 'template.json');
  await writeFile(file, databaseTemplate(77));
  result = await onsil(['up', '--lab', LAB, '--template', file, '--json']);
  if (result.code !== 0) return;
  const env = JSON.parse(await succeed(['env', '--lab', LAB, '--json'])) as Record<string, string>;
  // Node prints that the client is old.
  process.env['AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE'] = '1';
  const { default: Rds } = await import('aws-sdk/clients/rds.js');
  rds = new Rds({
    ...{ endpoint: env['AWS_ENDPOINT_URL'] ?? '', region: env['AWS_REGION'] ?? '', maxRetries: 0 },
    accessKeyId: env['AWS_ACCESS_KEY_ID'] ?? '',
    secretAccessKey: env['AWS_SECRET_ACCESS_KEY'] ?? '',
  });
  [allowed, denied] = await Promise.all([clientOn(LAB, 'allowed'), clientOn(LAB, 'denied')]);
});
afterAll(async () => {
  await down();
  await rm(folder, { recursive: true, force: true });
  expect(await tracesOf([LAB])).toEqual([]);
});

describe('a lab with databases', () => {
  test('is ready, and says what runs and what of it is not as asked', async () => {
    expect(result.stderr).toBe('');
    expect(result.stdout.split('\n').filter((line) => line.includes('"failed"'))).toEqual([]);
    expect(result.code).toBe(0);
    const events = parseEvents(result.stdout);
    const messages = (kind: string) =>
      events.flatMap((event) => (event.kind === kind && 'message' in event ? [event.message] : []));
    expect(messages('note')).toEqual(
      expect.arrayContaining([
        'shop-mysql: MariaDB 10.11 runs for mysql 8.0.35.',
        'shop-postgres: PostgreSQL 15 runs for postgres 16.3.',
      ]),
    );
    expect(messages('warning')).toEqual([
      'Resources.Replica: its server is that of shop-mysql (rds-shop-mysql): always in step, and it takes writes, too.',
      'shop-mysql: these parameters of its group have no effect on the server that runs here: innodb_dedicated_server.',
    ]);
    const { managed, instances } = await statusOf(LAB);
    expect(managed.map(({ name, state }) => [name, state]).toSorted()).toEqual([
      ['shop-mysql', 'running'],
      ['shop-postgres', 'running'],
    ]);
    expect(instances.map(({ name }) => name).toSorted()).toEqual(['allowed', 'denied']);
  });

  test('user data has the secret that it refers to', async () => {
    expect((await exec('allowed', 'cat', '/srv/username')).stdout).toBe('shopkeeper\n');
  });

  test("the client's role reads where the databases are and how to enter", async () => {
    const found = await described('shop-mysql');
    expect(found).toMatchObject({
      ...{ DBInstanceStatus: 'available', MasterUsername: 'shopkeeper', EngineVersion: '8.0.35' },
    });
    const secret = await secretValue('shop/database');
    expect(secret).toMatchObject({
      ...{ username: 'shopkeeper', engine: 'mysql', port: 3306, dbname: 'shop' },
      host: found?.Endpoint?.Address,
    });
    shop = secret as unknown as Connection;
    const other = await described('shop-postgres');
    const managed = await secretValue(other?.MasterUserSecret?.SecretArn ?? '');
    postgres = {
      ...{ host: other?.Endpoint?.Address ?? '', port: other?.Endpoint?.Port ?? 0 },
      ...(managed as Pick<Connection, 'username' | 'password'>),
    };
    expect(postgres).toMatchObject({ username: 'postgres', port: 5433 });
  });

  test('names of endpoints lead to addresses in the private subnets', async () => {
    for (const [name, { host }] of Object.entries({ mysql: shop, postgres })) {
      const { stdout } = await exec('denied', 'getent', 'ahostsv4', host);
      const address = stdout.split(' ')[0] ?? '';
      expect(address).toMatch(/^10\.0\.1\.\d+$/);
      addresses[name as keyof typeof addresses] = address;
    }
  });

  test('MySQL lets in who its group and its password let in', async () => {
    const at = addresses.mysql;
    const sql = 'SELECT CURRENT_USER(), @@max_connections, DATABASE()';
    expect(await mysql(allowed, at, shop, sql)).toBe('shopkeeper@%\t77\tshop');
    expect(await mysql(allowed, at, { ...shop, password: 'wrong' }, sql)).toMatch(/Access denied/);
    expect(await mysql(denied, at, shop, sql)).toMatch(/Can't connect to .* \(110\)/);
    const made = await mysql(allowed, at, shop, 'CREATE TABLE t (n INT); INSERT INTO t VALUES (7)');
    expect(made).toBe('');
  });

  test('a read replica answers at an address of its own with the same data', async () => {
    const endpoint = (await described('shop-replica'))?.Endpoint;
    const { stdout } = await exec('allowed', 'getent', 'ahostsv4', endpoint?.Address ?? '');
    expect(stdout).toMatch(/^10\.0\.2\.\d+ /);
    const at = stdout.split(' ')[0] ?? '';
    expect(await mysql(allowed, at, shop, 'SELECT n FROM t')).toBe('7');
  });

  test('PostgreSQL, too, with TLS that names it, and not without', async () => {
    const at = addresses.postgres;
    const sql =
      "SELECT current_user, rolsuper, rolcreatedb, ssl, current_setting('work_mem'), current_setting('shared_preload_libraries') FROM pg_roles, pg_stat_ssl WHERE rolname = current_user AND pid = pg_backend_pid()";
    expect(await psql(allowed, at, postgres, sql)).toBe('postgres|f|t|t|8MB|pg_stat_statements');
    expect(await psql(allowed, at, postgres, sql, 'disable')).toMatch(/no encryption/);
    const elsewhere = { ...postgres, host: 'other.example' };
    expect(await psql(allowed, at, elsewhere, sql)).toMatch(/does not match host name/);
    const stranger = { ...postgres, password: 'wrong' };
    expect(await psql(allowed, at, stranger, sql)).toMatch(/password authentication failed/);
    expect(await psql(denied, at, postgres, sql)).toMatch(/timeout expired/);
    const admin = { ...postgres, username: 'rdsadmin' };
    expect(await psql(allowed, at, admin, sql)).toMatch(/pg_hba\.conf rejects connection/);
    await psql(allowed, at, postgres, 'CREATE TABLE t AS SELECT 7 AS n');
  });

  test('its certificate is checked by any client that trusts what the image trusts', async () => {
    const check = `-verify_return_error -verify_hostname ${shop.host} -starttls mysql`;
    const { stdout } = await exec(
      'allowed',
      ...[
        'sh',
        '-c',
        `openssl s_client -connect ${shop.host}:${shop.port} ${check} < /dev/null 2>&1`,
      ],
    );
    expect(stdout).toMatch(/Verification: OK/);
  });

  test('both keep their data over a reboot, and over a stop and a start', async () => {
    await rds.rebootDBInstance({ DBInstanceIdentifier: 'shop-mysql' }).promise();
    expect((await described('shop-mysql'))?.DBInstanceStatus).toBe('rebooting');
    await rds.stopDBInstance({ DBInstanceIdentifier: 'shop-postgres' }).promise();
    await expect(
      rds.stopDBInstance({ DBInstanceIdentifier: 'shop-postgres' }).promise(),
    ).rejects.toMatchObject({ code: 'InvalidDBInstanceState' });
    await available('shop-mysql');
    expect(await mysql(allowed, addresses.mysql, shop, 'SELECT n FROM t')).toBe('7');
    while ((await described('shop-postgres'))?.DBInstanceStatus !== 'stopped') {
      expect((await described('shop-postgres'))?.DBInstanceStatus).toMatch(/^stopp/);
    }
    expect(await psql(allowed, addresses.postgres, postgres, 'SELECT 1')).toMatch(
      /timeout expired|No route to host/,
    );
    await rds.startDBInstance({ DBInstanceIdentifier: 'shop-postgres' }).promise();
    await available('shop-postgres');
    expect(await psql(allowed, addresses.postgres, postgres, 'SELECT n FROM t')).toBe('7');
  });

  test('a change of the parameter group comes to the server, which keeps its data', async () => {
    const file = join(folder, 'template.json');
    await writeFile(file, databaseTemplate(78));
    await succeed(['up', '--lab', LAB, '--template', file]);
    const said = await mysql(allowed, addresses.mysql, shop, 'SELECT @@max_connections, n FROM t');
    expect(said).toBe('78\t7');
  });

  test('no password is on the disk of a server, or in what the lab writes', async () => {
    const places = [`/run/onsil/${LAB}/daemon.log`, `/run/onsil/${LAB}/request.json`];
    const { stdout } = await run('find', [`/var/lib/onsil/${LAB}`, `/run/onsil/${LAB}`, '-xdev']);
    expect(stdout).toContain('rds-shop-mysql');
    for (const { password } of [shop, postgres]) {
      const search = ['-rlaF', password, ...places, `/var/lib/onsil/${LAB}`];
      await expect(run('grep', search)).rejects.toMatchObject({ exitCode: 1 });
    }
  });
});
