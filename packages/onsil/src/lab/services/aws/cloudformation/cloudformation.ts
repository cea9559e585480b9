/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Operations.html */
import type { ServiceDefinition } from '../operation.ts';
import { changeSetOperations } from './change-set.ts';
import { stackOperations } from './stack.ts';
import { stackEventOperations } from './stack-event.ts';
import { stackResourceOperations } from './stack-resource.ts';
import { templateOperations } from './template.ts';

export const cloudformation: ServiceDefinition = {
  prefix: 'cloudformation',
  operations: {
    ...stackOperations,
    ...stackEventOperations,
    ...stackResourceOperations,
    ...changeSetOperations,
    ...templateOperations,
  },
};
