/** Each instance as its administrator, its programs and an intruder find it. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { UID_BASE } from '../../../src/lab/layout.ts';
import { processes } from '../../../src/lab/machine/cgroup.ts';
import { probeMatrix, renderMatrix } from '../support/matrix.ts';
import { onsil, start as startOnsil, statusOf } from '../support/onsil.ts';
import { ask, cookiesOf } from '../support/site.ts';
import { until } from '../support/until.ts';
import { exec, LAB, ssh, start, stop } from './lab.ts';

const IMDS = 'http://169.254.169.254/latest';

async function addressOf(name: string): Promise<string> {
  const { instances } = await statusOf(LAB);
  return instances.find((instance) => instance.name === name)?.privateIp ?? '';
}

export function describeInstances(site: () => string): void {
  describe('onsil ssh', () => {
    test('logs in as the administrator through the bastion, and passes the exit code on', async () => {
      const script = 'id -un; hostname -I; echo "$SSH_CONNECTION" | cut -d" " -f1; exit 5';
      const [bastion, ...others] = ['bastion', 'api-1', 'database'];
      const results = await Promise.all(others.map((name) => ssh(name, script)));
      const from = await addressOf(bastion ?? '');
      for (const [index, { code, stdout, stderr }] of results.entries()) {
        const to = await addressOf(others[index] ?? '');
        expect(stdout.trim().split(/\s+/)).toEqual(['admin', to, from]);
        expect(stderr).toBe('');
        expect(code).toBe(5);
      }
    });

    test('does not get into the edge, whose table has no 22', async () => {
      const { code, stderr } = await ssh('edge', 'true');
      expect(code).toBe(255);
      expect(stderr).toMatch(/timed out|UNKNOWN port 65535/i);
    });
  });

  describe('onsil exec', () => {
    test.each([
      ['exit 0', 0],
      ['exit 7', 7],
      ['kill -KILL $$', 137],
    ])('passes the exit code of %j on', async (script, exitCode) => {
      expect((await exec('api-1', 'sh', '-c', script)).code).toBe(exitCode);
    });

    test('keeps output and errors apart', async () => {
      const result = await exec('web', 'sh', '-c', 'id -u; hostname; echo wrong >&2');
      expect(result.stdout).toBe(`0\nip-${(await addressOf('web')).replaceAll('.', '-')}\n`);
      expect(result.stderr).toBe('wrong\n');
    });

    test('names the instances that there are', async () => {
      const { code, stderr } = await exec('database-2', 'true');
      expect(stderr).toContain(
        'There is no instance "database-2". There are: bastion, nat, edge, web, gateway, api-1, api-2, database, admin, internet.',
      );
      expect(code).toBe(1);
    });
  });

  describe('onsil logs', () => {
    test('shows the last lines of the journal', async () => {
      await exec('api-1', 'logger', '--tag', 'e2e', 'a line of its own');
      const last = (count: string) => onsil(['logs', '--lab', LAB, '-n', count, 'api-1']);
      const { stdout, code } = await last('3');
      expect(stdout.trim().split('\n')).toHaveLength(3);
      expect(code).toBe(0);
      // Others write to the journal, too: the end of a session, some seconds after it.
      expect((await last('100')).stdout).toMatch(/ e2e\[\d+\]: a line of its own\n/);
    });

    test('follows, until it is told to end', async () => {
      const following = startOnsil(['logs', '--lab', LAB, '-f', '-n', '0', 'api-2']);
      const word = randomUUID();
      // It may not be listening yet at first.
      const ticks = until(
        'the line to be followed',
        () => exec('api-2', 'logger', word),
        () => seen,
      );
      let seen = false;
      await following.prints(word);
      seen = true;
      await ticks;
      following.child.kill('SIGTERM');
      expect((await following.ended).code).toBe(143);
    });
  });

  describe('an instance', () => {
    test('has a root who is nobody outside', async () => {
      const { instances } = await statusOf(LAB);
      for (const { id, name } of instances) {
        const pids = await processes(`onsil/${LAB}/${id}`);
        const found = await Promise.all(
          pids.map(async (pid) => {
            const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
            const [, program, uid] = /^Name:\t([^\n]*)\n.*^Uid:\t\d+\t(\d+)/ms.exec(status) ?? [];
            return { program, uid: Number(uid) };
          }),
        );
        // One may have ended meanwhile.
        const inside = found.filter(
          ({ program = 'systemd-nspawn' }) => program !== 'systemd-nspawn',
        );
        expect(inside.length, name).toBeGreaterThan(3);
        expect(inside.filter(({ uid }) => uid === UID_BASE).length, name).toBeGreaterThan(1);
        const others = inside.filter(({ uid }) => !(uid >= UID_BASE && uid < UID_BASE + 65_536));
        expect(others, name).toEqual([]);
      }
      const map = await exec('api-1', 'cat', '/proc/self/uid_map');
      expect(map.stdout.trim().split(/\s+/).map(Number)).toEqual([0, UID_BASE, 65_536]);
    });

    test('may not load modules, set the clock or reach the host’s disks', async () => {
      const results = await Promise.all([
        exec('api-1', 'modprobe', 'dummy'),
        exec('api-1', 'date', '--set', '2001-01-01'),
        exec('api-1', 'sh', '-c', 'mknod /tmp/vda b 254 0 && head -c 1 /tmp/vda'),
        exec('api-1', 'sh', '-c', 'echo 1 > /proc/sys/kernel/sysrq'),
      ]);
      expect(results.map(({ code }) => code !== 0)).toEqual([true, true, true, true]);
    });

    test('finds its metadata by IMDSv2 only', async () => {
      const path = `${IMDS}/meta-data/instance-id`;
      const script = [
        `curl -s -o /dev/null -w '%{http_code}\\n' ${path}`,
        `token=$(curl -s -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' ${IMDS}/api/token)`,
        `curl -s -w ' %{http_code}\\n' -H "X-aws-ec2-metadata-token: $token" ${path}`,
      ].join('\n');
      const { stdout } = await exec('api-1', 'sh', '-c', script);
      const { instances } = await statusOf(LAB);
      const id = instances.find(({ name }) => name === 'api-1')?.id;
      expect(stdout.split('\n')).toEqual(['401', `${id} 200`, '']);
    });

    test('reads what its role may: the API the database’s password, web not', async () => {
      const read = (name: string) =>
        exec(
          ...[name, 'bash', '-c'],
          '. /etc/onsil/release.env; . /usr/local/lib/onsil/aws.sh; set -o pipefail; ' +
            'secret /everydaehwa/database/password | wc -c; ' +
            'aws_call ssm -o /tmp/answer -w "%{http_code}\\n" --no-fail ' +
            "-H 'Content-Type: application/x-amz-json-1.1' -H 'X-Amz-Target: AmazonSSM.GetParameter' " +
            '--data \'{"Name":"/everydaehwa/database/password"}\' ' +
            'https://ssm.ap-northeast-2.amazonaws.com/; jq -r .__type /tmp/answer',
        );
      const [api, web] = await Promise.all([read('api-1'), read('web')]);
      expect(api.stdout.split('\n')).toEqual(['32', '200', 'null', '']);
      expect(web.stdout.split('\n')).toEqual(['0', '400', 'AccessDeniedException', '']);
    });

    test('cannot change its security groups, not even as root', async () => {
      const matrix = { senders: ['internet', 'nat'], receivers: ['nat', 'web'], ports: [22, 80] };
      const look = async () => renderMatrix(matrix, await probeMatrix(LAB, matrix, 1200));
      const before = await look();
      expect(before).toEqual(['internet  ·· ··', 'nat       Cr ··']);
      const flushed = await exec('nat', 'sh', '-c', 'nft flush ruleset && nft list ruleset');
      expect(flushed).toMatchObject({ code: 0, stdout: '' });
      try {
        expect(await look()).toEqual(before);
      } finally {
        await exec('nat', 'systemctl', 'restart', 'nftables');
      }
      expect((await exec('nat', 'nft', 'list', 'tables')).stdout).toBe('table ip nat_instance\n');
    });
  });

  test('the database keeps its data over a stop and a start', async () => {
    const account = { email: `${randomUUID()}@example.com`, password: 'a long enough password' };
    const signUp = await ask(site(), '/api/users', {
      ...{ method: 'POST', json: { ...account, name: 'Onsil' } },
    });
    expect(signUp.status).toBe(201);
    await stop('database');
    try {
      const health = await ask(site(), '/api/health');
      expect(health.status).toBe(503);
    } finally {
      await start('database');
    }
    const health = async () => (await ask(site(), '/api/health')).status;
    await until('the database to answer', health, (status) => status === 200);
    const login = await ask(site(), '/api/sessions', { method: 'POST', json: account });
    expect(login.status).toBe(201);
    const me = await ask(site(), '/api/users/me', { cookie: cookiesOf(login) });
    expect(JSON.parse(me.body)).toMatchObject({ email: account.email, name: 'Onsil' });
    // The session of before is in the database too.
    const old = await ask(site(), '/api/users/me', { cookie: cookiesOf(signUp) });
    expect(old.status).toBe(200);
  });
}
