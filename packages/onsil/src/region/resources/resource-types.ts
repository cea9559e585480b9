/** Every resource type that the region knows. A new one is a file of its own and a line here. */
import { autoScalingGroup } from './auto-scaling-group.ts';
import { bucket } from './bucket.ts';
import { certificate } from './certificate.ts';
import { classicLoadBalancer } from './classic-load-balancer.ts';
import { dbCluster } from './db-cluster.ts';
import { dbInstance } from './db-instance.ts';
import { dbClusterParameterGroup, dbParameterGroup } from './db-parameter-group.ts';
import { dbSubnetGroup } from './db-subnet-group.ts';
import { dhcpOptions } from './dhcp-options.ts';
import { egressOnlyInternetGateway } from './egress-only-internet-gateway.ts';
import { elasticIp } from './elastic-ip.ts';
import { elasticIpAssociation } from './elastic-ip-association.ts';
import { fileSystem } from './file-system.ts';
import { hostedZone } from './hosted-zone.ts';
import { instance } from './instance.ts';
import { instanceProfile } from './instance-profile.ts';
import { internetGateway } from './internet-gateway.ts';
import { keyPair } from './key-pair.ts';
import { launchConfiguration } from './launch-configuration.ts';
import { launchTemplate } from './launch-template.ts';
import { listener } from './listener.ts';
import { listenerRule } from './listener-rule.ts';
import { loadBalancer } from './load-balancer.ts';
import { managedPolicy } from './managed-policy.ts';
import { mountTarget } from './mount-target.ts';
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
import { lifecycleHook, scalingPolicy } from './scaling-policy.ts';
import { secret } from './secret.ts';
import { secretTargetAttachment } from './secret-target-attachment.ts';
import { securityGroup } from './security-group.ts';
import { securityGroupEgress } from './security-group-egress.ts';
import { securityGroupIngress } from './security-group-ingress.ts';
import { subnet } from './subnet.ts';
import { subnetCidrBlock } from './subnet-cidr-block.ts';
import { subnetNetworkAclAssociation } from './subnet-network-acl-association.ts';
import { subnetRouteTableAssociation } from './subnet-route-table-association.ts';
import { targetGroup } from './target-group.ts';
import { volume } from './volume.ts';
import { volumeAttachment } from './volume-attachment.ts';
import { vpc } from './vpc.ts';
import { vpcCidrBlock } from './vpc-cidr-block.ts';
import { vpcDhcpOptionsAssociation } from './vpc-dhcp-options-association.ts';
import { vpcEndpoint } from './vpc-endpoint.ts';
import { vpcGatewayAttachment } from './vpc-gateway-attachment.ts';
import { vpcPeeringConnection } from './vpc-peering-connection.ts';
import { waitCondition } from './wait-condition.ts';
import { waitConditionHandle } from './wait-condition-handle.ts';

const TYPES: readonly ResourceType[] = [
  autoScalingGroup,
  bucket,
  certificate,
  classicLoadBalancer,
  dbCluster,
  dbClusterParameterGroup,
  dbInstance,
  dbParameterGroup,
  dbSubnetGroup,
  dhcpOptions,
  egressOnlyInternetGateway,
  elasticIp,
  elasticIpAssociation,
  fileSystem,
  hostedZone,
  instance,
  instanceProfile,
  internetGateway,
  keyPair,
  launchConfiguration,
  launchTemplate,
  lifecycleHook,
  listener,
  listenerRule,
  loadBalancer,
  managedPolicy,
  mountTarget,
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
  scalingPolicy,
  secret,
  secretTargetAttachment,
  securityGroup,
  securityGroupEgress,
  securityGroupIngress,
  subnet,
  subnetCidrBlock,
  subnetNetworkAclAssociation,
  subnetRouteTableAssociation,
  targetGroup,
  volume,
  volumeAttachment,
  vpc,
  vpcCidrBlock,
  vpcDhcpOptionsAssociation,
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
