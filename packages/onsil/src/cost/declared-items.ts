/** Resources that the region keeps no table of, or whose price depends on nothing else. */
import { isFree } from './free.ts';
import { type DeclaredResource, type Found, type Item, known } from './item.ts';
import type { Usage } from './usage.ts';

type Priced = Pick<Item, 'what' | 'service' | 'item'>;

/** One each, whatever their properties are. */
const ONE_EACH: Readonly<Record<string, Priced>> = {
  // https://aws.amazon.com/secrets-manager/pricing/
  'AWS::SecretsManager::Secret': { what: 'secret', service: 'Secrets Manager', item: 'Secret' },
  // https://aws.amazon.com/kms/pricing/
  'AWS::KMS::Key': { what: 'key', service: 'KMS', item: 'Customer managed key' },
  // https://aws.amazon.com/cloudwatch/pricing/
  'AWS::CloudWatch::Alarm': { what: 'alarm', service: 'CloudWatch', item: 'Standard alarm' },
  // https://aws.amazon.com/vpn/pricing/
  'AWS::EC2::VPNConnection': {
    ...{ what: 'VPN connection', service: 'Site-to-Site VPN', item: 'VPN connection' },
  },
  // https://aws.amazon.com/transit-gateway/pricing/; the traffic through it is not in here.
  'AWS::EC2::TransitGatewayAttachment': {
    ...{ what: 'VPC attachment', service: 'Transit Gateway', item: 'VPC attachment' },
  },
};

const LOG_GROUP = 'AWS::Logs::LogGroup';

/** What the region keeps in tables is billed from there. */
export function declaredItems(
  { type, logicalId: resource }: DeclaredResource,
  usage: Usage,
): Found {
  if (isFree(type)) return known([]);
  if (type === LOG_GROUP) {
    const logs = { service: 'CloudWatch Logs', quantity: usage.logsGb };
    return known([
      { resource, what: 'GB into the log', item: 'Ingestion, Standard class', ...logs },
      { resource, what: 'GB kept of it', item: 'Storage', ...logs },
    ]);
  }
  const priced = ONE_EACH[type];
  if (priced !== undefined) return known([{ resource, ...priced, quantity: 1 }]);
  const why =
    type === 'AWS::CloudFormation::Stack'
      ? 'of a nested stack only hosts, networks, load balancers and databases are billed'
      : 'what this type costs is not in the price table';
  return { items: [], unknown: [{ resource, what: type, why }] };
}
