/** The monthly bill of a region, on demand, before tax and without discounts. */
import { publicAddresses } from '../region/elastic-ip.ts';
import type { Region } from '../region/region.ts';
import { databaseItems } from './database.ts';
import { isFree } from './free.ts';
import type { DeclaredResource, Found, Item, UnknownLine } from './item.ts';
import { loadBalancerItems } from './load-balancer.ts';
import { HOURS_PER_MONTH, type PriceTable, priceOf } from './prices.ts';
import type { Usage } from './usage.ts';

export interface BillLine extends Item {
  readonly unit: string;
  readonly unitUsd: number;
  readonly usd: number;
  readonly date: string;
}

export interface Bill {
  readonly region: string;
  readonly lines: readonly BillLine[];
  readonly unknown: readonly UnknownLine[];
  /** US dollars a month, of what is known. */
  readonly total: number;
  /** The oldest of the prices used. */
  readonly pricesSince?: string;
}

/** @param resources the template's, for those that the region has no table of */
export function billOf(
  region: Region,
  resources: readonly DeclaredResource[],
  usage: Usage,
  prices: PriceTable,
): Bill {
  const found = [
    hosts(region),
    addresses(region),
    natGateways(region, usage),
    endpoints(region),
    zones(region, usage),
    buckets(region, usage),
    traffic(region, usage),
    ...resources.map((resource) => ofResource(resource, usage)),
  ];
  const lines: BillLine[] = [];
  const unknown: UnknownLine[] = found.flatMap((each) => each.unknown);
  for (const item of merged(found.flatMap((each) => each.items))) {
    const price = priceOf(prices, region.name, item.service, item.item);
    if (price === undefined) {
      unknown.push({
        what: item.what,
        why: `the price table has no ${item.item} (${item.service}) for ${region.name}`,
      });
      continue;
    }
    const hours = price.unit.endsWith('hour') ? HOURS_PER_MONTH : 1;
    const usd = price.usd * hours * item.quantity;
    lines.push({ ...item, unit: price.unit, unitUsd: price.usd, usd, date: price.date });
  }
  const dates = lines.map(({ date }) => date).toSorted();
  const [pricesSince] = dates;
  return {
    region: region.name,
    lines,
    unknown,
    total: lines.reduce((sum, { usd }) => sum + usd, 0),
    ...(pricesSince === undefined ? {} : { pricesSince }),
  };
}

/** Equal things on one line: `6 × t4g.micro`. */
function merged(items: readonly Item[]): readonly Item[] {
  const byKey = new Map<string, Item>();
  for (const item of items) {
    const key = `${item.service}\n${item.item}\n${item.what}`;
    const before = byKey.get(key);
    byKey.set(key, { ...item, quantity: item.quantity + (before?.quantity ?? 0) });
  }
  return [...byKey.values()];
}

const known = (items: readonly Item[]): Found => ({ items, unknown: [] });

function hosts(region: Region): Found {
  const instances = Object.values(region.instances).map(({ instanceType }) => ({
    what: `instances ${instanceType}`,
    service: 'EC2',
    item: `Linux on-demand ${instanceType}`,
    quantity: 1,
  }));
  const volumes = Object.values(region.volumes).map(({ type, size }) => ({
    what: `volumes ${type}, GiB`,
    service: 'EBS',
    item: `${type} storage`,
    quantity: size,
  }));
  return known([...instances, ...volumes]);
}

/** Every public IPv4 address is paid for, used or not. */
function addresses(region: Region): Found {
  const used = publicAddresses(region).length;
  const idle = Object.values(region.elasticIps).filter(({ association }) => !association).length;
  const line = (what: string, item: string, quantity: number): readonly Item[] =>
    quantity === 0 ? [] : [{ what, service: 'VPC', item, quantity }];
  return known([
    ...line('public IPv4 addresses', 'Public IPv4 address, in use', used),
    ...line('idle Elastic IPs', 'Public IPv4 address, idle (unattached EIP)', idle),
  ]);
}

function natGateways(region: Region, usage: Usage): Found {
  return known(
    Object.values(region.natGateways).flatMap(() => [
      { what: 'NAT gateways', service: 'VPC', item: 'NAT gateway', quantity: 1 },
      {
        what: 'through NAT gateways, GB',
        service: 'VPC',
        item: 'NAT gateway data processed',
        quantity: usage.natGatewayGb,
      },
    ]),
  );
}

function endpoints(region: Region): Found {
  return known(
    Object.values(region.vpcEndpoints).flatMap(({ type, networkInterfaceIds }) =>
      type === 'gateway'
        ? []
        : [
            {
              what: 'interface endpoints, by zone',
              service: 'VPC',
              item: 'Interface endpoint (PrivateLink), per endpoint per AZ',
              quantity: networkInterfaceIds.length,
            },
          ],
    ),
  );
}

function zones(region: Region, usage: Usage): Found {
  const all = Object.values(region.hostedZones);
  const open = all.filter(({ vpcIds }) => vpcIds.length === 0);
  return known([
    ...all.map(() => ({
      what: 'hosted zones',
      service: 'Route 53',
      item: 'Hosted zone, first 25',
      quantity: 1,
    })),
    ...open.map(() => ({
      what: 'DNS queries, millions',
      service: 'Route 53',
      item: 'Standard queries, first 1 billion per month',
      quantity: usage.dnsQueriesMillions,
    })),
  ]);
}

function buckets(region: Region, usage: Usage): Found {
  return known(
    Object.values(region.buckets).map(() => ({
      what: 'in buckets, GB',
      service: 'S3',
      item: 'Standard storage, first 50 TB',
      quantity: usage.bucketGb,
    })),
  );
}

/** AWS gives an account the first 100 GB of a month. */
const FREE_OUT_GB = 100;

function traffic(region: Region, { internetOutGb }: Usage): Found {
  if (publicAddresses(region).length === 0) return known([]);
  return known([
    {
      what: `to the Internet, GB above ${FREE_OUT_GB}`,
      service: 'Data transfer',
      item: 'Internet out, first 10 TB tier (after 100 GB free)',
      quantity: Math.max(internetOutGb - FREE_OUT_GB, 0),
    },
  ]);
}

/** What the region keeps in tables is billed from there. */
function ofResource(resource: DeclaredResource, usage: Usage): Found {
  const { type, logicalId } = resource;
  if (isFree(type)) return known([]);
  const { items, unknown } =
    databaseItems(resource) ?? loadBalancerItems(resource, usage) ?? notKnown(resource);
  return {
    items,
    unknown: unknown.map((each) => ({ ...each, what: `${logicalId}: ${each.what}` })),
  };
}

const notKnown = ({ type }: DeclaredResource): Found => ({
  items: [],
  unknown: [{ what: type, why: 'what this type costs is not in the price table' }],
});
