/** Targets of groups: what is registered, and how each of them is. */
import { parseAddress } from '../../../../region/ipv4.ts';
import { put, type Region } from '../../../../region/region.ts';
import { keyOf, type Target, type TargetGroup } from '../../../../region/target-group.ts';
import type { TargetHealth } from '../../../managed/load-balancer/health.ts';
import { AwsError } from '../../endpoints/error.ts';
import type { Operation } from '../operation.ts';
import { number, type Structure, structures, textOf } from '../value.ts';

function groupIn(region: Region, arn: string): TargetGroup {
  const found = Object.hasOwn(region.targetGroups, arn) ? region.targetGroups[arn] : undefined;
  if (found !== undefined) return found;
  throw new AwsError(400, 'TargetGroupNotFound', `Target groups '${arn}' not found`);
}

function targetsIn(input: Structure): readonly Target[] {
  return structures(input, 'Targets').map((each) => {
    const port = number(each, 'Port');
    return { id: textOf(each, 'Id'), ...(port === undefined ? {} : { port }) };
  });
}

const invalid = (message: string): AwsError => new AwsError(400, 'InvalidTarget', message);

/** Throws InvalidTarget for what the group cannot have. */
function check(region: Region, group: TargetGroup, { id }: Target): void {
  switch (group.targetType) {
    case 'instance':
      if (region.instances[id] === undefined) {
        throw invalid(`The following targets are not valid instances: '${id}'`);
      }
      if (region.instances[id].vpcId !== group.vpcId) {
        throw invalid(`The following targets are not in the target group VPC: '${id}'`);
      }
      return;
    case 'ip':
      if (parseAddress(id) === undefined) {
        throw new AwsError(
          400,
          'ValidationError',
          `The IP address '${id}' is not a valid IPv4 address`,
        );
      }
      return;
    case 'alb':
      if (region.loadBalancers[id] === undefined) {
        throw invalid(`The following targets are not valid load balancers: '${id}'`);
      }
      return;
    case 'lambda':
      return;
  }
}

function changes(
  step: (region: Region, group: TargetGroup, targets: readonly Target[]) => readonly Target[],
): Operation {
  return {
    handle: async (input, { context }) => {
      const [arn, targets] = [textOf(input, 'TargetGroupArn'), targetsIn(input)];
      await context.control.change((region) => {
        const group = groupIn(region, arn);
        const changed = step(region, group, targets);
        return put(region, 'targetGroups', arn, { ...group, targets: changed });
      });
      return {};
    },
    resources: (input) => [textOf(input, 'TargetGroupArn')],
  };
}

export const targetOperations = {
  RegisterTargets: changes((region, group, targets) => {
    for (const each of targets) check(region, group, each);
    const all = [...group.targets, ...targets];
    return [...new Map(all.map((each) => [keyOf(group, each), each])).values()];
  }),
  // One that names no port means all of that target's.
  DeregisterTargets: changes((_region, group, targets) =>
    group.targets.filter(
      (each) =>
        !targets.some(
          ({ id, port }) =>
            id === each.id && (port === undefined || port === (each.port ?? group.port)),
        ),
    ),
  ),
  DescribeTargetHealth: {
    handle: (input, { region, context }) => {
      const group = groupIn(region, textOf(input, 'TargetGroupArn'));
      const asked = targetsIn(input);
      const known = context.control.targetHealth(group.arn);
      const told =
        asked.length === 0
          ? known
          : asked.map(
              (target) =>
                known.find((each) => keyOf(group, each.target) === keyOf(group, target)) ??
                notRegistered(target),
            );
      return { TargetHealthDescriptions: told.map((each) => print(group, each)) };
    },
  },
} satisfies Readonly<Record<string, Operation>>;

function notRegistered(target: Target): TargetHealth {
  return {
    ...{ target, state: 'unused', reason: 'Target.NotRegistered' },
    description: 'Target is not registered to the target group',
  };
}

function print(group: TargetGroup, health: TargetHealth): Structure {
  const { target, checkPort, state, reason, description } = health;
  return {
    Target: { Id: target.id, Port: target.port ?? group.port },
    HealthCheckPort: checkPort === undefined ? undefined : String(checkPort),
    TargetHealth: { State: state, Reason: reason, Description: description },
  };
}
