/** What a bill supposes beside what a template says, in amounts of one month. */
export interface Usage {
  /** GB from the region to the Internet. */
  readonly internetOutGb: number;
  /** GB of them that AWS gives: 100 to an account, which other services of it may use up. */
  readonly freeInternetOutGb: number;
  /** GB from one zone to another, where a system is in several. */
  readonly crossZoneGb: number;
  /** GB through each NAT gateway, or what takes its place. */
  readonly natGatewayGb: number;
  /** GB through each interface endpoint. */
  readonly endpointGb: number;
  /** GB kept in each bucket. */
  readonly bucketGb: number;
  /** GB that each log group takes in. */
  readonly logsGb: number;
  /** Million DNS queries to each public hosted zone. */
  readonly dnsQueriesMillions: number;
  /** Capacity units of each load balancer, on average. */
  readonly loadBalancerUnits: number;
  /** Hours for which somebody is connected by a Client VPN: 8 a day, 22 days. */
  readonly vpnHours: number;
}

/** A small service: a few thousand visitors a month. */
export const USAGE: Usage = {
  internetOutGb: 50,
  freeInternetOutGb: 100,
  crossZoneGb: 10,
  natGatewayGb: 10,
  endpointGb: 1,
  bucketGb: 1,
  logsGb: 1,
  dnsQueriesMillions: 0.1,
  loadBalancerUnits: 1,
  vpnHours: 176,
};

export type UsageName = keyof Usage;

const NAMES = Object.keys(USAGE) as readonly UsageName[];

export const isUsageName = (text: string): text is UsageName => NAMES.some((name) => name === text);

/** The names that can be set, in their order. */
export const USAGE_NAMES = NAMES;

/** Each name with what it means, for a bill to say. */
const MEANING: Readonly<Record<UsageName, string>> = {
  internetOutGb: 'GB to the Internet',
  freeInternetOutGb: 'GB of that free; AWS gives 100 to an account',
  crossZoneGb: 'GB between zones, where a system is in several',
  natGatewayGb: 'GB through each NAT gateway',
  endpointGb: 'GB through each interface endpoint',
  bucketGb: 'GB in each bucket',
  logsGb: 'GB into each log group',
  dnsQueriesMillions: 'million DNS queries to each public hosted zone',
  loadBalancerUnits: 'capacity units of each load balancer on average',
  vpnHours: 'hours of one person on a Client VPN',
};

/** One line for each amount that is supposed, as `name=amount`, marked where it was given. */
export function usageText(usage: Usage, given: Partial<Usage> = {}): readonly string[] {
  const width = Math.max(...NAMES.map((name) => `${name}=${usage[name]}`.length));
  return NAMES.map((name) => {
    const mark = given[name] === undefined ? '' : ' (given)';
    return `${`${name}=${usage[name]}`.padEnd(width)}  ${MEANING[name]}${mark}`;
  });
}

/** What no bill here counts. */
export const NOT_COUNTED =
  'CPU credits above the baseline, snapshots and backups beyond what is free, requests to buckets, ' +
  'traffic to other regions';
