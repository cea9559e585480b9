/**
 * What AWS's price list is asked for each figure of the table.
 * https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/price-changes.html
 */
import type { PriceTable } from './prices.ts';

export interface PriceQuery {
  readonly service: string;
  readonly item: string;
  /** As the table has it. */
  readonly unit: string;
  readonly serviceCode: string;
  /** Product attributes, each of which must be equal. */
  readonly filters: Readonly<Record<string, string>>;
  /**
   * The usage type without a region's prefix, e.g. `BoxUsage:t3.micro`: filters alone also match
   * what is like it (reserved, of an Outpost, of another operation).
   */
  readonly usageType: string;
  /** The price list's amounts that make one of the table's. Absent: one. */
  readonly divideBy?: number;
  /** Prices of the list are the same everywhere, and carry no region. */
  readonly global?: true;
}

type Asked = Omit<PriceQuery, 'service' | 'item' | 'unit'>;

const ec2 = (usageType: string, filters: Readonly<Record<string, string>> = {}): Asked => ({
  ...{ serviceCode: 'AmazonEC2', usageType, filters },
});
const vpc = (usageType: string, filters: Readonly<Record<string, string>> = {}): Asked => ({
  ...{ serviceCode: 'AmazonVPC', usageType, filters },
});
const elb = (usageType: string, kind: string): Asked => ({
  ...{ serviceCode: 'AWSELB', usageType },
  filters: { productFamily: kind, locationType: 'AWS Region' },
});
const NETWORK = 'Load Balancer-Network';
const APPLICATION = 'Load Balancer-Application';
const rdsStorage = (usageType: string, deploymentOption: string): Asked => ({
  ...{ serviceCode: 'AmazonRDS', usageType },
  filters: { productFamily: 'Database Storage', databaseEngine: 'MySQL', deploymentOption },
});

/** By service and item of the table; instances and databases are made of their names. */
const ASKED: Readonly<Record<string, Asked>> = {
  'EBS/gp3 storage': ec2('EBS:VolumeUsage.gp3', { volumeApiName: 'gp3' }),
  'EBS/gp2 storage': ec2('EBS:VolumeUsage.gp2', { volumeApiName: 'gp2' }),
  'EBS/gp3 provisioned IOPS above 3000': ec2('EBS:VolumeP-IOPS.gp3', { volumeApiName: 'gp3' }),
  // The list has it by GiB a second.
  'EBS/gp3 provisioned throughput above 125 MiB/s': {
    ...ec2('EBS:VolumeP-Throughput.gp3', { volumeApiName: 'gp3' }),
    divideBy: 1024,
  },
  'VPC/NAT gateway': ec2('NatGateway-Hours', { productFamily: 'NAT Gateway' }),
  'VPC/NAT gateway data processed': ec2('NatGateway-Bytes', { productFamily: 'NAT Gateway' }),
  // These two have no product family.
  'VPC/Public IPv4 address, in use': vpc('PublicIPv4:InUseAddress', {
    group: 'VPCPublicIPv4Address',
  }),
  'VPC/Public IPv4 address, idle (unattached EIP)': vpc('PublicIPv4:IdleAddress', {
    group: 'VPCPublicIPv4Address',
  }),
  'VPC/Interface endpoint (PrivateLink), per endpoint per AZ': vpc('VpcEndpoint-Hours', {
    productFamily: 'VpcEndpoint',
  }),
  'VPC/Interface endpoint data processed, first 1 PB': vpc('VpcEndpoint-Bytes', {
    productFamily: 'VpcEndpoint',
  }),
  'Client VPN/Endpoint subnet association': vpc('ClientVPN-EndpointHours'),
  'Client VPN/Active client connection': vpc('ClientVPN-ConnectionHours'),
  'ELB/ALB': elb('LoadBalancerUsage', APPLICATION),
  'ELB/ALB LCU': elb('LCUUsage', APPLICATION),
  'ELB/NLB': elb('LoadBalancerUsage', NETWORK),
  'ELB/NLB NLCU': elb('LCUUsage', NETWORK),
  'RDS MySQL/gp3 storage Single-AZ': rdsStorage('RDS:GP3-Storage', 'Single-AZ'),
  'RDS MySQL/gp3 storage Multi-AZ': rdsStorage('RDS:Multi-AZ-GP3-Storage', 'Multi-AZ'),
  'RDS MySQL/Extended Support, MySQL 8.0, year 1-2 (from 2026-08-01)': {
    ...{ serviceCode: 'AmazonRDS', usageType: 'ExtendedSupport:Yr1-Yr2:MySQL8.0', filters: {} },
  },
  'Route 53/Hosted zone, first 25': {
    ...{ serviceCode: 'AmazonRoute53', usageType: 'HostedZone', global: true },
    filters: { productFamily: 'DNS Zone' },
  },
  'Route 53/Standard queries, first 1 billion per month': {
    ...{ serviceCode: 'AmazonRoute53', usageType: 'DNS-Queries', global: true, divideBy: 1e-6 },
    filters: { productFamily: 'DNS Query', routingType: 'Standard' },
  },
  'Data transfer/Internet out, first 10 TB tier (after 100 GB free)': {
    ...{ serviceCode: 'AWSDataTransfer', usageType: 'DataTransfer-Out-Bytes' },
    filters: { transferType: 'AWS Outbound' },
  },
  'Data transfer/Cross-AZ (also VPC peering across AZs, and public/elastic IP use inside the region), each direction':
    {
      ...{ serviceCode: 'AWSDataTransfer', usageType: 'DataTransfer-Regional-Bytes' },
      filters: { transferType: 'IntraRegion' },
    },
  'S3/Standard storage, first 50 TB': {
    ...{ serviceCode: 'AmazonS3', usageType: 'TimedStorage-ByteHrs' },
    filters: { volumeType: 'Standard' },
  },
  'Secrets Manager/Secret': {
    ...{ serviceCode: 'AWSSecretsManager', usageType: 'AWSSecretsManager-Secrets' },
    filters: { productFamily: 'Secret' },
  },
};

/**
 * One query for each figure that can be asked for; those of instance types beside the table's too.
 * The others stay as they are.
 */
export function priceQueries(
  table: PriceTable,
  instanceTypes: readonly string[] = [],
): readonly PriceQuery[] {
  const more = instanceTypes.map((type) => ({
    ...{ service: 'EC2', item: `Linux on-demand ${type}`, unit: 'hour' },
  }));
  const all = [...table, ...more.filter(({ item }) => !table.some((each) => each.item === item))];
  return all.flatMap(({ service, item, unit }) => {
    const asked = instance(service, item) ?? database(service, item) ?? ASKED[`${service}/${item}`];
    return asked === undefined ? [] : [{ service, item, unit, ...asked }];
  });
}

function instance(service: string, item: string): Asked | undefined {
  const type = /^Linux on-demand (\S+)$/.exec(item)?.[1];
  if (service !== 'EC2' || type === undefined) return undefined;
  return ec2(`BoxUsage:${type}`, {
    ...{ instanceType: type, operatingSystem: 'Linux', tenancy: 'Shared', preInstalledSw: 'NA' },
    ...{ capacitystatus: 'Used', operation: 'RunInstances' },
  });
}

function database(service: string, item: string): Asked | undefined {
  const [, type, deploymentOption] = /^(db\.\S+) ((?:Single|Multi)-AZ)$/.exec(item) ?? [];
  if (service !== 'RDS MySQL' || type === undefined || deploymentOption === undefined) {
    return undefined;
  }
  const usage = deploymentOption === 'Multi-AZ' ? 'Multi-AZUsage' : 'InstanceUsage';
  return {
    ...{ serviceCode: 'AmazonRDS', usageType: `${usage}:${type}` },
    filters: {
      ...{ productFamily: 'Database Instance', instanceType: type, deploymentOption },
      databaseEngine: 'MySQL',
    },
  };
}
