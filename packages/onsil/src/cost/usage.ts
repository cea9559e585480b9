/** What a bill supposes beside what a template says, in amounts of one month. */
export interface Usage {
  /** GB from the region to the Internet; AWS gives an account 100 GB a month. */
  readonly internetOutGb: number;
  /** GB through each NAT gateway. */
  readonly natGatewayGb: number;
  /** GB kept in each bucket. */
  readonly bucketGb: number;
  /** Million DNS queries to each public hosted zone. */
  readonly dnsQueriesMillions: number;
  /** Capacity units of each load balancer, on average. */
  readonly loadBalancerUnits: number;
}

/** A small service: a few thousand visitors a month. */
export const USAGE: Usage = {
  internetOutGb: 50,
  natGatewayGb: 10,
  bucketGb: 1,
  dnsQueriesMillions: 0.1,
  loadBalancerUnits: 1,
};

/** One line for each thing that is supposed. */
export function usageText(usage: Usage): readonly string[] {
  return [
    `${usage.internetOutGb} GB a month to the Internet, of which AWS gives an account 100 GB free`,
    `${usage.natGatewayGb} GB a month through each NAT gateway`,
    `${usage.bucketGb} GB in each bucket`,
    `${usage.dnsQueriesMillions} million DNS queries a month to each public hosted zone`,
    `${usage.loadBalancerUnits} capacity unit of each load balancer on average`,
    'instances run all 730 hours and keep within their CPU baseline',
    'everything stays in one zone: no traffic between zones is counted',
  ];
}
