/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_Operations.html */
import type { DbCluster, DbInstance, DbSubnetGroup } from '../../../../region/db-instance.ts';
import type { Region } from '../../../../region/region.ts';
import { AwsError } from '../../endpoints/error.ts';
import type { Call, Operation, ServiceDefinition } from '../operation.ts';
import { pageOf } from '../page.ts';
import { number, type Structure, structures, text, textOf, texts } from '../value.ts';
import { power } from './power.ts';
import { printCluster, printInstance, printSubnetGroup } from './print.ts';

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

export const rds: ServiceDefinition = {
  prefix: 'rds',
  operations: {
    ...power,
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
