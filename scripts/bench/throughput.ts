/**
 * Throughput between two instances with and without rules. Two fabrics of the example's own
 * region: same links, same routes, edge and web as plain namespaces instead of booted machines.
 * One has the rule set that `up` loads; the other one has none, and so no connection tracking.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { applyFabric } from '../../packages/onsil/src/lab/fabric/apply.ts';
import { attachInterfaces } from '../../packages/onsil/src/lab/fabric/attach.ts';
import { namespaceFile, routerNamespace } from '../../packages/onsil/src/lab/fabric/names.ts';
import { type FabricPlan, planFabric } from '../../packages/onsil/src/lab/fabric/plan.ts';
import { removeFabric } from '../../packages/onsil/src/lab/fabric/remove.ts';
import { run } from '../../packages/onsil/src/lab/process.ts';
import type { Region } from '../../packages/onsil/src/region/region.ts';

const LABS = { gates: 'bench-gates', plain: 'bench-plain' } as const;
/** edge → web: out through the edge's group, in through the app tier's, into another subnet. */
const [SENDER, RECEIVER, PORT] = ['edge', 'web', 3000] as const;
const SECONDS = 3;

export interface Throughput {
  /** Gbit/s. */
  readonly gates: readonly number[];
  readonly plain: readonly number[];
}

/** Runs are short, and one that meets other work on the machine is far off: five are the least. */
const LEAST_ROUNDS = 5;

/** Both in turn, `rounds` times or more; who goes first changes, as the machine may. */
export async function measureThroughput(
  region: Region,
  rounds: number,
  signal: AbortSignal,
): Promise<Throughput> {
  const results = { gates: [] as number[], plain: [] as number[] };
  try {
    await build(planFabric(LABS.gates, region), region);
    await build(withoutRules(planFabric(LABS.plain, region)), region);
    await Promise.all(Object.values(LABS).map((lab) => assertRules(lab, region)));
    const order = ['gates', 'plain'] as const;
    for (let round = 0; round < Math.max(rounds, LEAST_ROUNDS); round += 1) {
      for (const kind of round % 2 === 0 ? order : order.toReversed()) {
        results[kind].push(await send(LABS[kind], region, signal));
      }
    }
    return results;
  } finally {
    await removeThroughputLabs();
  }
}

export async function removeThroughputLabs(): Promise<void> {
  for (const lab of Object.values(LABS)) await removeFabric(lab);
}

/** Settings of connection tracking exist with the rules only. */
function withoutRules(plan: FabricPlan): FabricPlan {
  return {
    ...plan,
    namespaces: plan.namespaces.map((each) => ({ ...each, ruleset: '', conntrackSysctls: [] })),
  };
}

async function build(plan: FabricPlan, region: Region): Promise<void> {
  await removeFabric(plan.lab);
  await applyFabric(plan);
  const guests = [SENDER, RECEIVER].map((name) => ({
    networkInterfaceId: interfaceOf(region, name).id,
    guest: { namespace: guestNamespace(plan.lab, name) },
  }));
  for (const { guest } of guests) await run('ip', ['netns', 'add', guest.namespace]);
  await attachInterfaces(plan, guests);
}

/** A comparison with itself would look perfect: the one has rules, the other one has not. */
async function assertRules(lab: string, region: Region): Promise<void> {
  const { vpcId } = interfaceOf(region, RECEIVER);
  const router = namespaceFile(routerNamespace(lab, vpcId));
  const { stdout } = await run('nsenter', [`--net=${router}`, '--', 'nft', 'list', 'tables']);
  if (stdout.includes('onsil') !== (lab === LABS.gates)) {
    throw new Error(`The router of ${lab} has these tables: ${stdout.trim() || 'none'}.`);
  }
}

function guestNamespace(lab: string, name: string): string {
  return `${routerNamespace(lab, 'guest')}.${name}`;
}

function interfaceOf(region: Region, name: string) {
  const instance = Object.values(region.instances).find((each) => each.name === name);
  const found = region.networkInterfaces[instance?.networkInterfaceIds[0] ?? ''];
  if (found === undefined) throw new Error(`The example has no instance ${name}.`);
  return found;
}

/** One stream for some seconds. @returns Gbit/s as received */
async function send(lab: string, region: Region, signal: AbortSignal): Promise<number> {
  const at = (name: string) => `--net=${namespaceFile(guestNamespace(lab, name))}`;
  const server = spawn(
    'nsenter',
    [at(RECEIVER), '--', 'iperf3', '--server', '--one-off', '--port', String(PORT), '--forceflush'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = once(server, 'exit');
  try {
    await listening(server.stdout);
    const address = interfaceOf(region, RECEIVER).privateIps[0] ?? '';
    const { stdout } = await run(
      'nsenter',
      [
        ...[at(SENDER), '--', 'iperf3', '--client', address, '--port', String(PORT)],
        ...['--time', String(SECONDS), '--omit', '1', '--connect-timeout', '3000', '--json'],
      ],
      { signal },
    );
    return bitsPerSecond(JSON.parse(stdout)) / 1e9;
  } finally {
    // At once: asked to end, it would complain on the terminal.
    server.kill('SIGKILL');
    await ended;
  }
}

async function listening(output: NodeJS.ReadableStream): Promise<void> {
  for await (const line of createInterface({ input: output })) {
    if (line.includes('Server listening')) return;
  }
  throw new Error('iperf3 ended before it listened.');
}

function bitsPerSecond(report: {
  readonly end?: { readonly sum_received?: { readonly bits_per_second?: number } };
}): number {
  const rate = report.end?.sum_received?.bits_per_second;
  if (rate === undefined) throw new Error('iperf3 reported no received bits.');
  return rate;
}
