export interface RecordSet {
  /** Lower case, with the final dot. */
  readonly name: string;
  readonly type: string;
  /** Seconds. */
  readonly ttl: number;
  readonly values: readonly string[];
  /** In the place of values: the name whose addresses are the answer, e.g. a load balancer's. */
  readonly alias?: { readonly dnsName: string; readonly hostedZoneId: string };
}

/** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zones-working-with.html */
export interface HostedZone {
  readonly id: string;
  /** Lower case, with the final dot. */
  readonly name: string;
  /** Empty: a public zone. Otherwise only resolvers of these VPCs see it. */
  readonly vpcIds: readonly string[];
  readonly nameServers: readonly string[];
  /** By name and type. */
  readonly records: readonly RecordSet[];
}
