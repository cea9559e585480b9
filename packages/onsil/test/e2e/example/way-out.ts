/** The private tiers' one way out: the NAT instance. */
import { afterAll, describe, expect, test } from 'vitest';
import { AWS_ENDPOINTS } from '../../../src/lab/addresses.ts';
import { namespacesOf } from '../../../src/lab/fabric/namespace.ts';
import { run } from '../../../src/lab/process.ts';
import { probeMatrix, renderMatrix } from '../support/matrix.ts';
import { statusOf } from '../support/onsil.ts';
import { until } from '../support/until.ts';
import { exec, LAB, start, stop } from './lab.ts';

const PRIVATE = ['web', 'gateway', 'api-1', 'api-2', 'database'] as const;

/** Connections to a server that listens on the Internet. */
const OUTWARD = { senders: [...PRIVATE, 'bastion'], receivers: [AWS_ENDPOINTS], ports: [443] };

async function reachOut(): Promise<readonly string[]> {
  const rows = renderMatrix(OUTWARD, await probeMatrix(LAB, OUTWARD, 1200));
  return rows.map((row) => row.replaceAll(/\s+/g, ' '));
}

const everyone = ['web C', 'gateway C', 'api-1 C', 'api-2 C', 'database C', 'bastion C'];
/** The bastion has a public address of its own. */
const bastionOnly = ['web ·', 'gateway ·', 'api-1 ·', 'api-2 ·', 'database ·', 'bastion C'];

const update = () =>
  exec(
    ...['api-1', 'apt-get', 'update', '-q'],
    ...['-o', 'APT::Update::Error-Mode=any', '-o', 'Acquire::Retries=0'],
    ...['-o', 'Acquire::http::Timeout=2'],
  );

/** The VPC's resolver is no host of the Internet: it answers without any way out. */
const lookUp = () => exec('api-1', 'getent', 'ahostsv4', 'www.everydaehwa.net');

async function inRouter(...command: readonly string[]): Promise<string> {
  const router = [...(await namespacesOf(LAB))].find((name) => name.includes('.vpc-')) ?? '';
  return (await run('ip', ['netns', 'exec', router, ...command])).stdout;
}

export function describeWayOut(): void {
  describe('the way out', () => {
    test('leads through the NAT instance to the package mirror', async () => {
      const { code, stdout } = await update();
      expect(stdout).toMatch(/^(Get|Hit):\d+ \S+ bookworm InRelease/m);
      expect(code).toBe(0);
      expect(await reachOut()).toEqual(everyone);
    });

    describe('without the private routes to the NAT instance', () => {
      const deleted: string[][] = [];
      afterAll(async () => {
        for (const route of deleted) await inRouter('ip', 'route', 'add', ...route);
        expect(await reachOut()).toEqual(everyone);
      });

      test('no private host reaches out, and names are found still', async () => {
        const { instances } = await statusOf(LAB);
        const nat = instances.find(({ name }) => name === 'nat')?.privateIp ?? '';
        const routes = (await inRouter('ip', 'route', 'show', 'table', 'all')).split('\n');
        for (const route of routes.filter((each) => each.startsWith(`default via ${nat} `))) {
          const words = route.trim().split(' ');
          await inRouter('ip', 'route', 'del', ...words);
          deleted.push(words);
        }
        // One for each private tier.
        expect(deleted).toHaveLength(2);
        const [apt, outcomes, lookup] = await Promise.all([update(), reachOut(), lookUp()]);
        expect(apt.code).toBe(100);
        expect(apt.stderr).toMatch(/Failed to fetch/);
        expect(outcomes).toEqual(bastionOnly);
        expect(lookup.stdout).toMatch(/^198\.18\./);
      });
    });

    test('is shut while the NAT instance is stopped', async () => {
      await stop('nat');
      try {
        const { instances } = await statusOf(LAB);
        expect(instances.find(({ name }) => name === 'nat')?.state).toBe('stopped');
        const [apt, outcomes, lookup] = await Promise.all([update(), reachOut(), lookUp()]);
        expect(apt.code).toBe(100);
        expect(outcomes).toEqual(bastionOnly);
        expect(lookup.stdout).toMatch(/^198\.18\./);
      } finally {
        await start('nat');
      }
      await until('the NAT instance to forward', reachOut, (rows) => rows[2] === 'api-1 C');
      expect(await reachOut()).toEqual(everyone);
      expect((await update()).code).toBe(0);
    });
  });
}
