/**
 * The managed twin: what AWS's own services would cost in the place of instances that do the same
 * by hand, and what they buy.
 */
import type { Region } from '../region/region.ts';
import { type Bill, type BillLine, priced, sumOf } from './bill.ts';
import { instanceItems, storageItem } from './database.ts';
import { ADDRESS } from './hosts.ts';
import type { Item, UnknownLine } from './item.ts';
import { loadBalancerItems } from './load-balancer.ts';
import { natGatewayItems } from './network.ts';
import type { PriceTable } from './prices.ts';
import { type Role, type RoleOf, rolesOf } from './twin-roles.ts';
import type { Usage } from './usage.ts';

export interface Twin {
  /** The instance that it would take the place of. */
  readonly resource: string;
  readonly role: Role;
  readonly because: string;
  readonly service: string;
  /** What the instance costs now, with its volumes and address: US dollars a month. */
  readonly usd: number;
  readonly lines: readonly BillLine[];
  readonly unknown: readonly UnknownLine[];
  /** What the service would cost, of what is known: US dollars a month. */
  readonly twinUsd: number;
  readonly buys: readonly string[];
}

/** In the order of the region's instances. @param bill of the same region */
export function twinsOf(
  region: Region,
  bill: Bill,
  usage: Usage,
  prices: PriceTable,
): readonly Twin[] {
  return rolesOf(region).map((found) => {
    const { role, because, instance } = found;
    const { service, items, buys } = MANAGED[role](found, region, usage);
    const { lines, unknown } = priced(items, bill.region, prices);
    const usd = sumOf(bill.lines.filter(({ resource }) => resource === instance.name));
    return {
      ...{ resource: instance.name, role, because, service, usd },
      ...{ lines, unknown, twinUsd: sumOf(lines), buys },
    };
  });
}

interface Managed {
  readonly service: string;
  readonly items: readonly Item[];
  readonly buys: readonly string[];
}

/** An Application Load Balancer is in two zones at least. */
const ALB_ZONES = 2;

/** GiB that RDS for MySQL has at least on gp3. */
const LEAST_STORAGE = 20;

const address = (resource: string, quantity: number): Item => ({
  ...{ resource, what: 'public IPv4 address', ...ADDRESS, quantity },
});

const MANAGED: Readonly<Record<Role, (found: RoleOf, region: Region, usage: Usage) => Managed>> = {
  // https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-comparison.html
  nat: ({ instance: { name } }, _region, usage) => ({
    service: 'NAT gateway',
    items: [...natGatewayItems(name, usage), address(name, 1)],
    buys: [
      'redundant inside its zone; one in each zone outlives the loss of a zone',
      'no host to patch or to restart; grows to 100 Gbit/s by itself',
    ],
  }),
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/introduction.html
  edge: ({ instance: { name } }, _region, usage) => ({
    service: 'Application Load Balancer',
    items: [...loadBalancerItems(name, 'application', usage), address(name, ALB_ZONES)],
    buys: [
      'in two zones at least; targets that do not answer are left out',
      'certificates free and renewed by ACM; no nginx or host to patch',
    ],
  }),
  // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZSingleStandby.html
  database: ({ instance }, region) => {
    const { name } = instance;
    const instanceClass = classFor(instance.instanceType);
    const sizes = Object.values(region.volumes).flatMap(({ root, attachment, size }) =>
      !root && attachment?.instanceId === instance.id ? [size] : [],
    );
    const size = Math.max(LEAST_STORAGE, ...sizes);
    return {
      service: 'RDS for MySQL 8.4',
      items: [...instanceItems(name, instanceClass, false), storageItem(name, 'gp3', size, false)],
      buys: [
        'daily backups and any point in time of the last days; minor versions by AWS',
        'Multi-AZ for twice the price: a standby in another zone takes over in a minute or two',
      ],
    };
  },
  // https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/what-is.html
  bastion: ({ instance: { name } }, _region, { vpnHours }) => ({
    service: 'Client VPN',
    items: [
      {
        ...{ resource: name, what: 'subnet association', service: 'Client VPN' },
        ...{ item: 'Endpoint subnet association', quantity: 1 },
      },
      {
        ...{ resource: name, what: 'connection', service: 'Client VPN' },
        ...{ item: 'Active client connection', quantity: 1, hours: vpnHours },
      },
    ],
    buys: [
      'no ssh port to the Internet; a certificate or single sign-on for each person',
      'no host to patch; a second subnet, for as much again, outlives the loss of a zone',
    ],
  }),
};

/** RDS has no nano: the next one. */
const classFor = (instanceType: string): string =>
  `db.${instanceType.replace(/\.nano$/, '.micro')}`;
