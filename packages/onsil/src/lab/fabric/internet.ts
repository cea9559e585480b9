/**
 * The lab's Internet: one namespace with the public services on its `lo`, a link to each VPC, one
 * to each simulated outside host, and the way out to the real Internet (see outside.ts).
 */
import type { Region } from '../../region/region.ts';
import {
  ACME,
  AWS_ENDPOINTS,
  IDENTITY_POOL,
  INTERNET_SELF,
  METADATA,
  OUTSIDE_CIDR,
  OUTSIDE_HOSTS,
  PUBLIC_DNS,
  PUBLIC_POOL,
  VPC_RESOLVER,
} from '../addresses.ts';
import { associations, NOT_PUBLIC } from './internet-gateway.ts';
import { SERVICE_ADDRESSES } from './link-local.ts';
import { hostNamespace, internetNamespace, routerNamespace, SERVICES, UPLINK } from './names.ts';
import { VPC_MTU } from './network-interface.ts';
import type { LinkPlan, NamespacePlan, Setting } from './plan.ts';
import { UPLINK_ADDRESSES } from './route-table.ts';
import { type Chain, type Ruleset, rule, rulesetText } from './ruleset.ts';
import { HOST_SYSCTLS, INTERNET_SYSCTLS } from './sysctl.ts';

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/network_mtu.html */
const INTERNET_MTU = 1500;
/** The device of slirp4netns. */
export const TAP = 'tap0';

/** Blocks of the lab's own addresses, and TEST-NET-2: none of them is asked for outside. */
const LAB_BLOCKS = ['198.18.0.0/15', '198.51.100.0/24'] as const;

interface VpcLinks {
  /** By VPC: names of the Internet's ends. */
  readonly uplinks: ReadonlyMap<string, string>;
  readonly services: ReadonlyMap<string, string>;
}

export function planInternet(
  lab: string,
  region: Region,
  identity: ReadonlyMap<string, string>,
  names: VpcLinks,
): { readonly namespaces: readonly NamespacePlan[]; readonly links: readonly LinkPlan[] } {
  const namespace = internetNamespace(lab);
  const hosts = Object.entries(OUTSIDE_HOSTS);
  const links: LinkPlan[] = [
    ...hosts.map(([host]) =>
      link(INTERNET_MTU, namespace, `host-${host}`, hostNamespace(lab, host), 'eth0'),
    ),
    ...[...names.uplinks].map(([vpcId, name]) =>
      link(INTERNET_MTU, namespace, name, routerNamespace(lab, vpcId), UPLINK),
    ),
    ...[...names.services].map(([vpcId, name]) =>
      link(VPC_MTU, namespace, name, routerNamespace(lab, vpcId), SERVICES),
    ),
  ];
  const internet: NamespacePlan = {
    name: namespace,
    sysctls: INTERNET_SYSCTLS,
    conntrackSysctls: [],
    settings: planSettings(region, identity, names),
    ruleset: rulesetText(planRuleset(names)),
    counters: [],
  };
  const outside = hosts.map(
    ([host, address]): NamespacePlan => ({
      name: hostNamespace(lab, host),
      sysctls: HOST_SYSCTLS,
      conntrackSysctls: [],
      settings: [
        { object: 'address', arguments: `${address}/32 dev eth0` },
        { object: 'route', arguments: `default via ${INTERNET_SELF} dev eth0 onlink` },
      ],
      ruleset: '',
      counters: [],
    }),
  );
  return { namespaces: [internet, ...outside], links };
}

function planSettings(
  region: Region,
  identity: ReadonlyMap<string, string>,
  { uplinks, services }: VpcLinks,
): readonly Setting[] {
  const own = [AWS_ENDPOINTS, ACME, PUBLIC_DNS, METADATA, VPC_RESOLVER, INTERNET_SELF];
  const route = (words: string): Setting => ({ object: 'route', arguments: words });
  const address = (words: string): Setting => ({ object: 'address', arguments: words });
  const publicRoutes = [...uplinks].flatMap(([vpcId, name]) =>
    associations(region, vpcId).map(({ publicIp }) =>
      route(
        `${publicIp}/32 via ${UPLINK_ADDRESSES.router} dev ${name} onlink src ${INTERNET_SELF}`,
      ),
    ),
  );
  const identityRoutes = [...identity].flatMap(([ip, id]) => {
    const name = services.get(region.networkInterfaces[id]?.vpcId ?? '');
    if (name === undefined) return [];
    return [route(`${ip}/32 via ${SERVICE_ADDRESSES.router} dev ${name} onlink`)];
  });
  return [
    ...own.map((ip) => address(`${ip}/32 dev lo`)),
    ...[...uplinks.values()].map((name) => address(`${UPLINK_ADDRESSES.internet}/32 dev ${name}`)),
    ...[...services.values()].map((name) =>
      address(`${SERVICE_ADDRESSES.internet}/32 dev ${name}`),
    ),
    ...Object.entries(OUTSIDE_HOSTS).map(([host, ip]) =>
      route(`${ip}/32 dev host-${host} src ${INTERNET_SELF}`),
    ),
    ...publicRoutes,
    ...identityRoutes,
    // Without slirp4netns, and its better default route, nothing leaves.
    route('blackhole default metric 4096'),
    ...[...NOT_PUBLIC, ...LAB_BLOCKS].map((block) => route(`blackhole ${block}`)),
  ];
}

function planRuleset({ uplinks, services }: VpcLinks): Ruleset {
  const quoted = (each: Iterable<string>) => [...each].map((name) => `"${name}"`);
  const hosts = Object.entries(OUTSIDE_HOSTS);
  const chains: Chain[] = [
    {
      name: 'source-check',
      hook: { type: 'filter', hook: 'prerouting', priority: -300, policy: 'accept' },
      rules: [
        // What a router did not translate, and what a host claims to be.
        rule('drop', 'iifname @uplinks', `ip saddr != ${PUBLIC_POOL}`),
        rule('drop', 'iifname @services', `ip saddr != ${IDENTITY_POOL}`),
        ...hosts.map(([host, ip]) => rule('drop', `iifname "host-${host}"`, `ip saddr != ${ip}`)),
      ],
    },
    {
      name: 'to-services',
      hook: { type: 'filter', hook: 'input', priority: 0, policy: 'accept' },
      rules: [
        rule('accept', 'iifname lo'),
        rule('accept', 'ct state established,related'),
        // Through a services link: these two and nothing else. Through any other: not these.
        rule('accept', 'iifname @services', `ip daddr ${METADATA}`, 'tcp dport 80'),
        rule(
          'accept',
          'iifname @services',
          `ip daddr ${VPC_RESOLVER}`,
          'meta l4proto { tcp, udp }',
          'th dport 53',
        ),
        rule('drop', 'iifname @services'),
        rule('drop', 'ip daddr 169.254.0.0/16'),
        // What comes from the real Internet answers; it never begins.
        rule('drop', `iifname "${TAP}"`),
      ],
    },
    {
      name: 'between',
      hook: { type: 'filter', hook: 'forward', priority: 0, policy: 'drop' },
      rules: [
        rule('drop', 'iifname @services'),
        rule('drop', 'oifname @services'),
        rule('accept', `iifname "${TAP}"`, 'ct state established,related'),
        rule('drop', `iifname "${TAP}"`),
        // The way out is for the Internet's sake: not to the host's own network.
        rule(
          'drop',
          `oifname "${TAP}"`,
          `ip daddr { ${[...NOT_PUBLIC, OUTSIDE_CIDR].join(', ')} }`,
        ),
        rule('accept'),
      ],
    },
    {
      name: 'way-out',
      hook: { type: 'nat', hook: 'postrouting', priority: 100, policy: 'accept' },
      rules: [rule('masquerade', `oifname "${TAP}"`)],
    },
  ];
  return {
    lookups: [
      { name: 'uplinks', type: 'ifname', elements: quoted(uplinks.values()) },
      { name: 'services', type: 'ifname', elements: quoted(services.values()) },
    ],
    chains,
  };
}

function link(
  mtu: number,
  namespace: string,
  name: string,
  otherNamespace: string,
  otherName: string,
): LinkPlan {
  return {
    ends: [
      { namespace, name },
      { namespace: otherNamespace, name: otherName },
    ],
    mtu,
  };
}
