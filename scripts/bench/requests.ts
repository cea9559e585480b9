/** Requests per second of the health check: the whole path, and straight to one api. */
import { join } from 'node:path';
import { ask } from '../../packages/onsil/src/lab/daemon/client.ts';
import type { LabStatus } from '../../packages/onsil/src/lab/daemon/status.ts';
import {
  hostNamespace,
  type NamespaceReference,
  referenceFile,
} from '../../packages/onsil/src/lab/fabric/namespace.ts';
import { run } from '../../packages/onsil/src/lab/process.ts';

/** One thread and few connections: the machines under test need the processors too. */
const CONNECTIONS = 32;
const SECONDS = 4;
/** Until then Node compiles: a request costs the API half as much processor time afterwards. */
const WARM_UP_SECONDS = 4;

export interface Site {
  readonly lab: string;
  readonly domain: string;
  readonly health: string;
  readonly apiPort: number;
}

export interface RequestRates {
  readonly whole: readonly number[];
  readonly direct: readonly number[];
}

/** Both in turn, `rounds` times, after a moment of each that does not count. */
export async function measureRequests(
  { lab, domain, health, apiPort }: Site,
  rounds: number,
  signal: AbortSignal,
): Promise<RequestRates> {
  const { instances } = await ask<LabStatus>(lab, 'GET /status');
  const edge = instances.find(({ name }) => name === 'edge')?.publicIp ?? '';
  const api = instances.find(({ name }) => name === 'api-1')?.privateIp ?? '';
  const internet = { namespace: hostNamespace(lab, 'internet') };
  const gateway = { pid: await leaderOf(lab, 'gateway') };
  const whole = (seconds: number) =>
    load(internet, `https://${domain}${health}`, edge, seconds, signal);
  const direct = (seconds: number) =>
    load(gateway, `http://${api}:${apiPort}${health}`, api, seconds, signal);
  await whole(WARM_UP_SECONDS);
  await direct(WARM_UP_SECONDS);
  const rates = { whole: [] as number[], direct: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    rates.whole.push(await whole(SECONDS));
    rates.direct.push(await direct(SECONDS));
  }
  return rates;
}

/** The process 1 of a machine: the daemon's commands enter it by `nsenter --target`. */
async function leaderOf(lab: string, instance: string): Promise<number> {
  const { command } = await ask<{ command: readonly string[] }>(lab, 'POST /command', {
    instance,
    command: ['true'],
  });
  const target = command.find((word) => word.startsWith('--target='))?.slice('--target='.length);
  if (target === undefined) throw new Error(`${instance} has no process to enter.`);
  return Number(target);
}

/** Requests per second over kept connections, from a network namespace. */
async function load(
  from: NamespaceReference,
  url: string,
  address: string,
  seconds: number,
  signal: AbortSignal,
): Promise<number> {
  const wrk = [
    ...['wrk', '--threads', '1', '--connections', String(CONNECTIONS)],
    ...['--duration', `${seconds}s`, '--timeout', '5s'],
    ...['--script', join(import.meta.dirname, 'resolve.lua'), url],
  ];
  const env = { ADDRESS: address };
  const { stdout } = await run('nsenter', [`--net=${referenceFile(from)}`, '--', ...wrk], {
    env,
    signal,
  });
  return parseWrk(stdout);
}

/** The rate that wrk printed. Throws where a response was not a good one: then it is no figure. */
export function parseWrk(output: string): number {
  const bad = /Non-2xx or 3xx responses: (\d+)/.exec(output)?.[1];
  if (bad !== undefined) throw new Error(`${bad} responses to wrk were not 2xx:\n${output}`);
  if (/Socket errors: /.test(output)) throw new Error(`wrk lost connections:\n${output}`);
  const rate = Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1] ?? Number.NaN);
  if (Number.isNaN(rate)) throw new Error(`wrk measured nothing:\n${output}`);
  if (rate === 0) throw new Error(`wrk got no request answered:\n${output}`);
  return rate;
}
