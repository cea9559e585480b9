/** Every service that is driven by a model, by the name that signatures and host names have. */
import { cloudformation } from './cloudformation/cloudformation.ts';
import { ec2 } from './ec2/ec2.ts';
import type { ServiceDefinition } from './operation.ts';
import { ssm } from './ssm/ssm.ts';
import { sts } from './sts/sts.ts';

export const SERVICES: Readonly<Record<string, ServiceDefinition>> = {
  cloudformation,
  ec2,
  ssm,
  sts,
};
