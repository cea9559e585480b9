/** What answers say of databases. */
import type { DbCluster, DbInstance, DbSubnetGroup } from '../../../../region/db-instance.ts';
import type { Region, Tags } from '../../../../region/region.ts';
import { resolveSecrets } from '../../references.ts';
import type { Call } from '../operation.ts';
import type { Structure } from '../value.ts';

const tagList = (tags: Tags): readonly Structure[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

export function printSubnetGroup(own: DbSubnetGroup, region: Region): Structure {
  return {
    ...{ DBSubnetGroupName: own.name, DBSubnetGroupDescription: own.description },
    ...{ VpcId: own.vpcId, SubnetGroupStatus: 'Complete' },
    Subnets: own.subnetIds.map((id) => ({
      ...{ SubnetIdentifier: id, SubnetStatus: 'Active' },
      SubnetAvailabilityZone: { Name: region.subnets[id]?.zone },
    })),
    DBSubnetGroupArn: `arn:aws:rds:${region.name}:${region.account}:subgrp:${own.name}`,
  };
}

export function printInstance(own: DbInstance, call: Call): Structure {
  const { region, context } = call;
  const group = region.dbSubnetGroups[own.subnetGroupName ?? ''];
  const { securityGroupIds = [] } = region.networkInterfaces[own.networkInterfaceId] ?? {};
  const { parameterGroupName, masterUserSecretArn: secret } = own;
  return {
    ...{ DBInstanceIdentifier: own.id, DBInstanceArn: own.arn, Engine: own.engine },
    ...{ EngineVersion: own.engineVersion, DBInstanceClass: own.instanceClass },
    ...{ DBInstanceStatus: context.control.databases.status(own.id) },
    MasterUsername: usernameOf(own, call),
    ...{ DBName: own.databaseName, AvailabilityZone: own.zone },
    Endpoint: { Address: own.endpointAddress, Port: own.port },
    ...{ AllocatedStorage: own.allocatedStorage ?? 0, StorageEncrypted: own.storageEncrypted },
    InstanceCreateTime: context.control.startedAt,
    VpcSecurityGroups: securityGroupIds.map((id) => ({
      ...{ VpcSecurityGroupId: id, Status: 'active' },
    })),
    DBParameterGroups:
      parameterGroupName === undefined
        ? []
        : [{ DBParameterGroupName: parameterGroupName, ParameterApplyStatus: 'in-sync' }],
    DBSubnetGroup: group === undefined ? undefined : printSubnetGroup(group, region),
    ...{ MultiAZ: own.multiAz, PubliclyAccessible: own.publiclyAccessible },
    DBClusterIdentifier: own.clusterId,
    MasterUserSecret:
      secret === undefined ? undefined : { SecretArn: secret, SecretStatus: 'active' },
    ...{ TagList: tagList(own.tags), DeletionProtection: own.deletionProtection === true },
    ReadReplicaSourceDBInstanceIdentifier: own.sourceId,
  };
}

export function printCluster(own: DbCluster, call: Call): Structure {
  const { region, context } = call;
  const members = Object.values(region.dbInstances).filter(({ clusterId }) => clusterId === own.id);
  const { masterUserSecretArn: secret } = own;
  return {
    ...{ DBClusterIdentifier: own.id, DBClusterArn: own.arn, Engine: own.engine },
    ...{ EngineVersion: own.engineVersion, Status: clusterStatus(own, call), Port: own.port },
    ...{ Endpoint: own.endpointAddress, ReaderEndpoint: own.readerEndpointAddress },
    ...{ DatabaseName: own.databaseName, MasterUsername: usernameOf(own, call) },
    ...{ DBSubnetGroup: own.subnetGroupName, ClusterCreateTime: context.control.startedAt },
    AvailabilityZones: [...new Set(members.map(({ zone }) => zone))],
    DBClusterMembers: members.map(({ id }, index) => ({
      ...{ DBInstanceIdentifier: id, IsClusterWriter: index === 0 },
    })),
    VpcSecurityGroups: own.securityGroupIds.map((id) => ({
      ...{ VpcSecurityGroupId: id, Status: 'active' },
    })),
    MasterUserSecret:
      secret === undefined ? undefined : { SecretArn: secret, SecretStatus: 'active' },
    TagList: tagList(own.tags),
  };
}

/** That of its instances, which have one server; a cluster without any is there, too. */
function clusterStatus({ id }: DbCluster, { region, context }: Call): string {
  const member = Object.values(region.dbInstances).find(({ clusterId }) => clusterId === id);
  return member === undefined ? 'available' : context.control.databases.status(member.id);
}

/** No secret, also where it is kept in one. */
function usernameOf(
  { masterUsername = '' }: DbInstance | DbCluster,
  call: Call,
): string | undefined {
  try {
    return resolveSecrets(masterUsername, call) || undefined;
  } catch {
    // A database that failed for want of its secret is described nonetheless.
    return masterUsername;
  }
}
