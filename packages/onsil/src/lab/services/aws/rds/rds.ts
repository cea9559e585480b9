/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_Operations.html */
import type { DbCluster, DbInstance, DbSubnetGroup } from '../../../../region/db-instance.ts';
import type { Region, Tags } from '../../../../region/region.ts';
import { AwsError } from '../../endpoints/error.ts';
import type { Call, Operation, ServiceDefinition } from '../operation.ts';
import { pageOf } from '../page.ts';
import { number, type Structure, structures, text, textOf, texts } from '../value.ts';

const MOST = 100;

function lists<T>(
  member: string,
  name: {
    readonly member: string;
    readonly code: string;
    readonly noun: string;
    readonly filter: string;
  },
  idOf: (thing: T) => string,
  all: (region: Region) => readonly T[],
  print: (thing: T, call: Call) => Structure,
): Operation {
  return {
    handle: (input, call) => {
      const id = text(input, name.member)?.toLowerCase();
      const filters = structures(input, 'Filters').map((each) => {
        if (textOf(each, 'Name') !== name.filter) {
          const message = `The lab filters by ${name.filter} only, not by ${textOf(each, 'Name')}.`;
          throw new AwsError(400, 'InvalidParameterValue', message);
        }
        return texts(each, 'Values');
      });
      const kept = all(call.region).filter(
        (each) =>
          (id === undefined || idOf(each).toLowerCase() === id) &&
          filters.every((values) => values.includes(idOf(each))),
      );
      if (id !== undefined && kept.length === 0)
        throw new AwsError(404, name.code, `${name.noun} ${id} not found.`);
      const size = Math.min(number(input, 'MaxRecords') ?? MOST, MOST);
      const page = pageOf(kept, {
        size,
        token: text(input, 'Marker'),
        code: 'InvalidParameterValue',
      });
      return { [member]: page.items.map((each) => print(each, call)), Marker: page.next };
    },
  };
}

const tagList = (tags: Tags): readonly Structure[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

export const rds: ServiceDefinition = {
  prefix: 'rds',
  operations: {
    DescribeDBInstances: lists<DbInstance>(
      'DBInstances',
      {
        ...{ member: 'DBInstanceIdentifier', code: 'DBInstanceNotFound', noun: 'DBInstance' },
        filter: 'db-instance-id',
      },
      ({ id }) => id,
      ({ dbInstances }) => Object.values(dbInstances),
      printInstance,
    ),
    DescribeDBClusters: lists<DbCluster>(
      'DBClusters',
      {
        ...{ member: 'DBClusterIdentifier', code: 'DBClusterNotFoundFault', noun: 'DBCluster' },
        filter: 'db-cluster-id',
      },
      ({ id }) => id,
      ({ dbClusters }) => Object.values(dbClusters),
      printCluster,
    ),
    DescribeDBSubnetGroups: lists<DbSubnetGroup>(
      'DBSubnetGroups',
      {
        ...{
          member: 'DBSubnetGroupName',
          code: 'DBSubnetGroupNotFoundFault',
          noun: 'DBSubnetGroup',
        },
        filter: 'db-subnet-group-name',
      },
      ({ name }) => name,
      ({ dbSubnetGroups }) => Object.values(dbSubnetGroups),
      (own, { region }) => printSubnetGroup(own, region),
    ),
  },
};

function printSubnetGroup(own: DbSubnetGroup, region: Region): Structure {
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

function printInstance(own: DbInstance, { region, context }: Call): Structure {
  const group = region.dbSubnetGroups[own.subnetGroupName ?? ''];
  const { securityGroupIds = [] } = region.networkInterfaces[own.networkInterfaceId] ?? {};
  const { parameterGroupName, masterUserSecretArn: secret } = own;
  return {
    ...{ DBInstanceIdentifier: own.id, DBInstanceArn: own.arn, Engine: own.engine },
    ...{ EngineVersion: own.engineVersion, DBInstanceClass: own.instanceClass },
    ...{ DBInstanceStatus: 'available', MasterUsername: own.masterUsername },
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
    ...{ TagList: tagList(own.tags), DeletionProtection: false },
  };
}

function printCluster(own: DbCluster, { region, context }: Call): Structure {
  const members = Object.values(region.dbInstances).filter(({ clusterId }) => clusterId === own.id);
  const { masterUserSecretArn: secret } = own;
  return {
    ...{ DBClusterIdentifier: own.id, DBClusterArn: own.arn, Engine: own.engine },
    ...{ EngineVersion: own.engineVersion, Status: 'available', Port: own.port },
    ...{ Endpoint: own.endpointAddress, ReaderEndpoint: own.readerEndpointAddress },
    ...{ DatabaseName: own.databaseName, MasterUsername: own.masterUsername },
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
