/** What a config derives from its fields, and the rules that span several of them. */
import { block, type Cidr, contains, formatCidr, overlap, parseCidr, sizeOf } from './cidr.ts';
import { type ConfigIssue, show } from './config-error.ts';
import { type Architecture, HOSTS, type Host } from './definition.ts';
import type { Parsed } from './schema.ts';
import type { Service } from './service.ts';

const TIERS = ['public', 'app', 'database'] as const;

/** AWS keeps the first four addresses and the last of each subnet: configure-subnets, "subnet sizing". */
const RESERVED = 5;

/** The bastion and the NAT instance do little; everything else starts at 1 GiB of memory. */
const SIZES: Readonly<Record<Architecture, (host: Host) => string>> = {
  arm64: (host) => (host === 'bastion' || host === 'nat' ? 't4g.nano' : 't4g.micro'),
  x86_64: (host) => (host === 'bastion' || host === 'nat' ? 't3.nano' : 't3.micro'),
};

/** The service with all that was left out filled in, or everything that does not fit together. */
export function derive(parsed: Parsed): { service: Service; issues: readonly ConfigIssue[] } {
  const { admin, network, sizes: given, stages: _, ...rest } = parsed;
  const subnets = { ...defaultSubnets(network.cidr), ...defined(network.subnets) };
  const sizes = { ...defaultSizes(parsed.architecture), ...defined(given) };
  const service: Service = {
    ...rest,
    admin: {
      ...(admin.ip === undefined ? {} : { cidr: admin.ip }),
      sshPublicKeys: admin.sshPublicKeys,
    },
    network: { cidr: network.cidr, subnets },
    sizes,
  };
  return {
    service,
    issues: [...subnetIssues(service), ...hostIssues(service), ...sizeIssues(service)],
  };
}

function defaultSizes(architecture: Architecture): Service['sizes'] {
  const size = SIZES[architecture];
  return {
    bastion: size('bastion'),
    nat: size('nat'),
    edge: size('edge'),
    web: size('web'),
    gateway: size('gateway'),
    api: size('api'),
    database: size('database'),
  };
}

function defaultSubnets(cidr: string): Service['network']['subnets'] {
  const vpc = cidrOf(cidr);
  const prefix = Math.max(24, vpc.prefix + 2);
  const tier = (index: number) => formatCidr(block(vpc, prefix, index));
  return { public: tier(0), app: tier(1), database: tier(2) };
}

function subnetIssues({ network }: Service): ConfigIssue[] {
  const vpc = cidrOf(network.cidr);
  return TIERS.flatMap((tier, index) => {
    const path = `network.subnets.${tier}`;
    const given = network.subnets[tier];
    if (!contains(vpc, cidrOf(given))) {
      const change = `choose a block inside ${network.cidr}, or widen network.cidr`;
      return [{ path, given: show(given), allowed: `a block inside ${network.cidr}`, change }];
    }
    const other = TIERS.slice(0, index).find((name) =>
      overlap(cidrOf(network.subnets[name]), cidrOf(given)),
    );
    if (other === undefined) return [];
    const taken = `network.subnets.${other} (${network.subnets[other]})`;
    const change = 'choose a block that no other subnet holds';
    return [{ path, given: show(given), allowed: `a block apart from ${taken}`, change }];
  });
}

function hostIssues({ api, network }: Service): ConfigIssue[] {
  // Beside the APIs, the tier holds web and gateway.
  const room = sizeOf(cidrOf(network.subnets.app)) - RESERVED - 2;
  if (api.instances <= room) return [];
  const allowed = `at most ${room}: what ${network.subnets.app} has room for beside web and gateway`;
  const change = 'lower it, or give network.subnets.app a larger block';
  return [{ path: 'api.instances', given: show(api.instances), allowed, change }];
}

function sizeIssues({ architecture, sizes }: Service): ConfigIssue[] {
  return HOSTS.flatMap((host) => {
    // A `g` behind the generation is Graviton: t4g, m7gd, c7gn; but not the g in g5.
    const needed: Architecture = /^[a-z]+\d+g/.test(sizes[host]) ? 'arm64' : 'x86_64';
    if (needed === architecture) return [];
    const allowed = `an instance type for ${architecture}, as architecture says`;
    const change = `write e.g. '${SIZES[architecture](host)}', or set architecture to '${needed}'`;
    return [{ path: `sizes.${host}`, given: show(sizes[host]), allowed, change }];
  });
}

function cidrOf(text: string): Cidr {
  const cidr = parseCidr(text);
  if (cidr === undefined) throw new Error(`not a canonical IPv4 block: ${text}`);
  return cidr;
}

/** Without the fields that are undefined, so that spreading keeps the defaults. */
function defined<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
