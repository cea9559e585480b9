/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Operations.html */
import type { ServiceDefinition } from '../operation.ts';
import { activityOperations } from './activity.ts';
import { describeOperations } from './describe.ts';
import { groupOperations } from './group.ts';
import { memberOperations } from './member.ts';

export const autoscaling: ServiceDefinition = {
  prefix: 'autoscaling',
  operations: {
    ...describeOperations,
    ...activityOperations,
    ...groupOperations,
    ...memberOperations,
  },
};
