import { CfnHostedZone, CfnRecordSet } from 'aws-cdk-lib/aws-route53';
import { Aws } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { privateName, type Service } from '../config/service.ts';
import type { Network } from './network.ts';

/** Seconds. Short, since a replaced host has another address. */
const PRIVATE_TTL = '10';
const PUBLIC_TTL = '300';

/** The domain's public zone, and the private one in which hosts find each other by name. */
export class Domain extends Construct {
  readonly publicZone: CfnHostedZone;

  constructor(
    scope: Construct,
    id: string,
    service: Service,
    network: Network,
    edge: string,
    /** Private address by host name. */
    hosts: Readonly<Record<string, string>>,
  ) {
    super(scope, id);
    this.publicZone = new CfnHostedZone(this, 'PublicZone', { name: service.domain });
    const privateZone = new CfnHostedZone(this, 'PrivateZone', {
      name: `${service.name}.internal`,
      vpcs: [{ vpcId: network.vpcId, vpcRegion: Aws.REGION }],
    });
    const record = (name: string, zone: CfnHostedZone, key: string, ttl: string, address: string) =>
      new CfnRecordSet(zone, `${key.replaceAll('-', '')}Record`, {
        hostedZoneId: zone.ref,
        name,
        type: 'A',
        ttl,
        resourceRecords: [address],
      });
    record(service.domain, this.publicZone, 'Bare', PUBLIC_TTL, edge);
    record(`www.${service.domain}`, this.publicZone, 'Www', PUBLIC_TTL, edge);
    for (const [host, address] of Object.entries(hosts)) {
      const key = `${host.charAt(0).toUpperCase()}${host.slice(1)}`;
      record(privateName(service, host), privateZone, key, PRIVATE_TTL, address);
    }
  }
}
