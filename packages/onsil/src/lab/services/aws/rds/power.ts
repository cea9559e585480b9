/** Servers of databases are switched on and off. */
import type { DbCluster, DbInstance } from '../../../../region/db-instance.ts';
import { AwsError } from '../../endpoints/error.ts';
import type { Call, Operation, Operations } from '../operation.ts';
import { type Structure, text, textOf } from '../value.ts';
import { printCluster, printInstance } from './print.ts';

type Action = 'start' | 'stop' | 'reboot';

const arnOf = (kind: 'db' | 'cluster', member: string): NonNullable<Operation['resources']> => {
  return (input, { region }) => [
    `arn:aws:rds:${region.name}:${region.account}:${kind}:${textOf(input, member).toLowerCase()}`,
  ];
};

function instanceOf(input: Structure, { region }: Call): DbInstance {
  const id = textOf(input, 'DBInstanceIdentifier').toLowerCase();
  const found = region.dbInstances[id];
  if (found !== undefined) return found;
  throw new AwsError(404, 'DBInstanceNotFound', `DBInstance ${id} not found.`);
}

const ofInstance = (action: Action): Operation => ({
  resources: arnOf('db', 'DBInstanceIdentifier'),
  handle: (input, call) => {
    const instance = instanceOf(input, call);
    if (instance.clusterId !== undefined && action !== 'reboot') {
      const message = `${instance.id} is an instance of the cluster ${instance.clusterId}: use ${action === 'stop' ? 'StopDBCluster' : 'StartDBCluster'}.`;
      throw new AwsError(400, 'InvalidDBInstanceState', message);
    }
    if (text(input, 'DBSnapshotIdentifier') !== undefined) {
      const message = 'The lab makes no snapshots: leave DBSnapshotIdentifier out.';
      throw new AwsError(400, 'InvalidParameterValue', message);
    }
    call.context.control.databases.power(instance.id, action);
    return { DBInstance: printInstance(instance, call) };
  },
});

const ofCluster = (action: 'start' | 'stop'): Operation => ({
  resources: arnOf('cluster', 'DBClusterIdentifier'),
  handle: (input, call) => {
    const id = textOf(input, 'DBClusterIdentifier').toLowerCase();
    const found: DbCluster | undefined = call.region.dbClusters[id];
    if (found === undefined) {
      throw new AwsError(404, 'DBClusterNotFoundFault', `DBCluster ${id} not found.`);
    }
    const member = Object.values(call.region.dbInstances).find(({ clusterId }) => clusterId === id);
    if (member === undefined) {
      const message = `The cluster ${id} has no instances.`;
      throw new AwsError(400, 'InvalidDBClusterStateFault', message);
    }
    call.context.control.databases.power(member.id, action);
    return { DBCluster: printCluster(found, call) };
  },
});

export const power: Operations = {
  RebootDBInstance: ofInstance('reboot'),
  StartDBInstance: ofInstance('start'),
  StopDBInstance: ofInstance('stop'),
  StartDBCluster: ofCluster('start'),
  StopDBCluster: ofCluster('stop'),
};
