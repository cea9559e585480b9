/** Every resource type that the region knows. A new one is a file of its own and a line here. */
import { bucket } from './bucket.ts';
import { egressOnlyInternetGateway } from './egress-only-internet-gateway.ts';
import { elasticIp } from './elastic-ip.ts';
import { elasticIpAssociation } from './elastic-ip-association.ts';
import { hostedZone } from './hosted-zone.ts';
import { instance } from './instance.ts';
import { instanceProfile } from './instance-profile.ts';
import { internetGateway } from './internet-gateway.ts';
import { keyPair } from './key-pair.ts';
import { launchTemplate } from './launch-template.ts';
import { managedPolicy } from './managed-policy.ts';
import { natGateway } from './nat-gateway.ts';
import { networkAcl } from './network-acl.ts';
import { networkAclEntry } from './network-acl-entry.ts';
import { networkInterface } from './network-interface.ts';
import { networkInterfaceAttachment } from './network-interface-attachment.ts';
import { parameter } from './parameter.ts';
import { policy, rolePolicy } from './policy.ts';
import { prefixList } from './prefix-list.ts';
import { recordSet } from './record-set.ts';
import { recordSetGroup } from './record-set-group.ts';
import { recordedTypes } from './recorded.ts';
import type { ResourceType } from './resource-type.ts';
import { role } from './role.ts';
import { route } from './route.ts';
import { routeTable } from './route-table.ts';
import { securityGroup } from './security-group.ts';
import { securityGroupEgress } from './security-group-egress.ts';
import { securityGroupIngress } from './security-group-ingress.ts';
import { subnet } from './subnet.ts';
import { subnetCidrBlock } from './subnet-cidr-block.ts';
import { subnetNetworkAclAssociation } from './subnet-network-acl-association.ts';
import { subnetRouteTableAssociation } from './subnet-route-table-association.ts';
import { volume } from './volume.ts';
import { volumeAttachment } from './volume-attachment.ts';
import { vpc } from './vpc.ts';
import { vpcCidrBlock } from './vpc-cidr-block.ts';
import { vpcEndpoint } from './vpc-endpoint.ts';
import { vpcGatewayAttachment } from './vpc-gateway-attachment.ts';
import { vpcPeeringConnection } from './vpc-peering-connection.ts';
import { waitCondition } from './wait-condition.ts';
import { waitConditionHandle } from './wait-condition-handle.ts';

const TYPES: readonly ResourceType[] = [
  bucket,
  egressOnlyInternetGateway,
  elasticIp,
  elasticIpAssociation,
  hostedZone,
  instance,
  instanceProfile,
  internetGateway,
  keyPair,
  launchTemplate,
  managedPolicy,
  natGateway,
  networkAcl,
  networkAclEntry,
  networkInterface,
  networkInterfaceAttachment,
  parameter,
  policy,
  prefixList,
  ...recordedTypes,
  recordSet,
  recordSetGroup,
  role,
  rolePolicy,
  route,
  routeTable,
  securityGroup,
  securityGroupEgress,
  securityGroupIngress,
  subnet,
  subnetCidrBlock,
  subnetNetworkAclAssociation,
  subnetRouteTableAssociation,
  volume,
  volumeAttachment,
  vpc,
  vpcCidrBlock,
  vpcEndpoint,
  vpcGatewayAttachment,
  vpcPeeringConnection,
  waitCondition,
  waitConditionHandle,
];

/** By name. */
export const resourceTypes: ReadonlyMap<string, ResourceType> = new Map(
  TYPES.map((each) => [each.type, each]),
);
