/**
 * Any region as a fabric with a plain namespace for each instance: no machine, but real sockets
 * that listen on every port that is asked. Middleboxes forward; what `reach` takes to be a NAT instance
 * masquerades what leaves the VPC (see natInstances), as a NAT instance's user data would.
 */
import { writeFileSync } from 'node:fs';
import { VPC_RESOLVER } from '../../../src/lab/addresses.ts';
import { applyFabric } from '../../../src/lab/fabric/apply.ts';
import { attachInterfaces } from '../../../src/lab/fabric/attach.ts';
import { type Decision, watchDecisions } from '../../../src/lab/fabric/decisions.ts';
import { ipBatch } from '../../../src/lab/fabric/kernel.ts';
import { namespaceFile, routerNamespace } from '../../../src/lab/fabric/names.ts';
import { type FabricPlan, planFabric } from '../../../src/lab/fabric/plan.ts';
import { removeFabric } from '../../../src/lab/fabric/remove.ts';
import {
  exchange,
  type Fate,
  type Host,
  type Listener,
  type SentProbe,
} from '../../../src/lab/probe/exchange.ts';
import { run } from '../../../src/lab/process.ts';
import { inNamespace } from '../../../src/lab/system-calls.ts';
import { natInstances } from '../../../src/reach/model.ts';
import { publicAddresses } from '../../../src/region/elastic-ip.ts';
import { hostAt } from '../../../src/region/ipv4.ts';
import type { NetworkInterface } from '../../../src/region/network-interface.ts';
import type { Region } from '../../../src/region/region.ts';
import { hostOfInterface, hostsOf, SERVICES_HOST } from '../../../src/verify/hosts.ts';

/** Ports where nothing listens, of every host. */
export type ClosedPorts = readonly number[];

/** Changes a plan before it is applied: a lab that is broken on purpose. */
export type Sabotage = (plan: FabricPlan) => FabricPlan;

export interface Sent {
  readonly probes: readonly SentProbe[];
  readonly fates: readonly Fate[];
  /** Of all routers, in the order of each. */
  readonly decisions: readonly Decision[];
}

/** Builds the region, sends the probes at once, and takes all of it down again. */
export async function sendIn(
  lab: string,
  region: Region,
  probes: readonly SentProbe[],
  sabotage: Sabotage = (plan) => plan,
  closed: ClosedPorts = [],
): Promise<Sent> {
  const decisions: Decision[] = [];
  try {
    const plan = sabotage(planFabric(lab, region));
    await applyFabric(plan);
    const guests = await boot(plan, region);
    const watches = await Promise.all(
      Object.keys(region.vpcs).map((vpcId) =>
        watchDecisions(routerNamespace(lab, vpcId), (decision) => decisions.push(decision)),
      ),
    );
    const open = probes.filter(({ destinationPort }) => !closed.includes(destinationPort));
    const fates = await exchange(listening(hostsOf(lab, region, guests), region, open), probes);
    const lost = await Promise.all(watches.map(async (watch) => watch.end()));
    if (lost.some((count) => count > 0))
      throw new Error('Decisions were made too fast to be read.');
    return { probes, fates, decisions };
  } finally {
    await removeFabric(lab);
  }
}

/** Packets of which nothing can be said: see docs/verify.md. */
export function isKnown(reason: string): boolean {
  return reason.endsWith('which is not modelled');
}

/** Each host with a real socket on every port that a probe asks at one of its addresses. */
function listening(
  hosts: readonly Host[],
  region: Region,
  probes: readonly SentProbe[],
): readonly Host[] {
  const privateOf = new Map(
    publicAddresses(region).map(({ publicIp, privateIp, networkInterfaceId }) => {
      return [publicIp, { privateIp, host: hostOfInterface(region, networkInterfaceId) }] as const;
    }),
  );
  // The VPC's resolver is at two addresses of its own, and behind both at one.
  const resolvers = new Set(
    Object.values(region.vpcs).flatMap(({ cidrs: [first = ''] }) => hostAt(first, 2)),
  );
  return hosts.map((host): Host => {
    const own = new Set(host.addresses);
    const listeners = probes.flatMap((probe): readonly Listener[] => {
      const { protocol, destination, destinationPort: port } = probe;
      if ((protocol !== 6 && protocol !== 17) || port === 0) return [];
      const visible = privateOf.get(destination);
      const address =
        visible?.host === host.name
          ? visible.privateIp
          : host.name === SERVICES_HOST && resolvers.has(destination)
            ? VPC_RESOLVER
            : destination;
      return own.has(address) ? [{ protocol, address, port }] : [];
    });
    const distinct = new Map(
      listeners.map((each) => [`${each.protocol} ${each.address} ${each.port}`, each]),
    );
    return { ...host, listeners: [...distinct.values()] };
  });
}

async function boot(plan: FabricPlan, region: Region) {
  const attached = Object.values(region.networkInterfaces).flatMap((each) => {
    const host = hostOfInterface(region, each.id);
    return host === undefined ? [] : [{ each, host }];
  });
  const names = [...new Set(attached.map(({ host }) => host))];
  const guests = new Map(
    names.map((name) => {
      return [name, { namespace: `${routerNamespace(plan.lab, 'guest')}.${name}` }] as const;
    }),
  );
  const guestOf = (host: string) => guests.get(host) ?? { namespace: host };
  await ipBatch([...guests.values()].map(({ namespace }) => `netns add ${namespace}`));
  // Before the links are there: new ones copy the defaults.
  for (const guest of guests.values()) inNamespace(guest, writeSysctls);
  await attachInterfaces(
    plan,
    attached.map(({ each: { id }, host }) => ({ networkInterfaceId: id, guest: guestOf(host) })),
  );
  const nats = natInstances(region);
  await Promise.all(
    attached
      .filter(({ each: { id } }) => nats.has(id))
      .map(({ each, host }) => masquerade(region, each, guestOf(host).namespace)),
  );
  return guests;
}

/** As a middlebox's user data would. A guest that gets nothing of others never forwards. */
function writeSysctls(): void {
  const ipv4 = '/proc/sys/net/ipv4';
  writeFileSync(`${ipv4}/ip_forward`, '1');
  for (const which of ['all', 'default']) {
    for (const [name, value] of [
      ['rp_filter', '0'],
      ['send_redirects', '0'],
    ]) {
      writeFileSync(`${ipv4}/conf/${which}/${name}`, value ?? '');
    }
  }
  writeFileSync('/proc/sys/net/ipv6/conf/all/disable_ipv6', '1');
  writeFileSync('/proc/sys/net/ipv6/conf/default/disable_ipv6', '1');
}

async function masquerade(
  region: Region,
  { privateIps, vpcId }: NetworkInterface,
  namespace: string,
): Promise<void> {
  const cidrs = region.vpcs[vpcId]?.cidrs ?? [];
  const rule =
    `iifname "ens*" oifname "ens*" ip daddr != { ${cidrs.join(', ')} } ` +
    `snat to ${privateIps[0]}`;
  await run('nsenter', [`--net=${namespaceFile(namespace)}`, 'nft', '-f', '-'], {
    input: `table ip nat { chain post { type nat hook postrouting priority srcnat; ${rule}; }; }\n`,
  });
}
