/** The service's public site: its way to the host's browser, and whether it answers. */
import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Region } from '../../region/region.ts';
import { EdgeAgent, type EdgeOptions } from '../forwarder/edge-agent.ts';
import { messageOf } from './control.ts';
import type { Lab } from './up.ts';

const RETRY_MS = 100;
const PATIENCE_MS = 60_000;

/** How the site is reached from the lab's Internet. */
export function edgeOptions(lab: Lab): EdgeOptions | undefined {
  const { metadata, authority } = lab;
  if (metadata === undefined) return undefined;
  const { domain } = metadata;
  return {
    domain,
    resolve: () => publicAddressOf(lab.region, domain),
    roots: async () => [authority.rootPem, await publicRoots(authority.publicRootsFile)],
  };
}

function publicAddressOf(region: Region, domain: string): string | undefined {
  return Object.values(region.hostedZones)
    .filter((zone) => zone.vpcIds.length === 0)
    .flatMap((zone) => zone.records)
    .find((record) => record.type === 'A' && record.name === `${domain}.`)?.values[0];
}

/**
 * Waits until the site's health check answers 200 over TLS from the lab's Internet. Every machine
 * must be set up by then: nginx would take an upstream that refused too often out of service.
 */
export async function waitForSite(lab: Lab): Promise<void> {
  const edge = edgeOptions(lab);
  const health = lab.metadata?.health;
  if (edge === undefined || health === undefined) return;
  const agent = new EdgeAgent({ ...edge, timeout: 1000 });
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const outcome = await get(health, agent).catch(messageOf);
    if (outcome === 200) break;
    if (Date.now() > deadline) {
      const last = typeof outcome === 'number' ? `HTTP ${outcome}` : outcome;
      throw new Error(
        `Every machine is up, but ${health} does not answer from the lab's Internet: ${last}. ` +
          'Look at: npx onsil logs edge, npx onsil logs gateway, npx onsil logs api-1',
      );
    }
    await sleep(RETRY_MS);
  }
  agent.destroy();
}

/** Only the status counts. */
function get(url: string, agent: EdgeAgent): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { agent, timeout: 2000 }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
      response.once('error', reject);
    });
    outgoing.once('timeout', () => outgoing.destroy(new Error('no answer within 2 s')));
    outgoing.once('error', reject);
    outgoing.end();
  });
}

/** PEM of the lab's public authorities; none has signed anything at first. */
export async function publicRoots(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
}
