/** Every service that is driven by a model, by the name that signatures and host names have. */
import { autoscaling } from './autoscaling/autoscaling.ts';
import { cloudformation } from './cloudformation/cloudformation.ts';
import { ec2 } from './ec2/ec2.ts';
import { ecr } from './ecr/ecr.ts';
import { elasticloadbalancing } from './elasticloadbalancing/elasticloadbalancing.ts';
import { iam } from './iam/iam.ts';
import type { ServiceDefinition } from './operation.ts';
import { rds } from './rds/rds.ts';
import { route53 } from './route53/route53.ts';
import { secretsmanager } from './secretsmanager/secretsmanager.ts';
import { ssm } from './ssm/ssm.ts';
import { sts } from './sts/sts.ts';

export const SERVICES: Readonly<Record<string, ServiceDefinition>> = {
  ...{ autoscaling, cloudformation, ec2, ecr, elasticloadbalancing, iam, rds, route53 },
  ...{ secretsmanager, ssm, sts },
};
