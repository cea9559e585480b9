import { launchInto } from '../auto-scaling/launch.ts';
import { nextSubnets } from '../auto-scaling/placement.ts';
import {
  type AutoScalingGroup,
  type AutoScalingTag,
  type Launch,
  TERMINATION_POLICIES,
  type TerminationPolicy,
} from '../auto-scaling-group.ts';
import { list } from '../problem.ts';
import { put, type Region } from '../region.ts';
import type { Subnet } from '../subnet.ts';
import { defaultSubnets } from './default-vpc.ts';
import { launchTemplateOf } from './launch-template.ts';
import type { Properties } from './properties.ts';
import { arnOf, nameOf, type ResourceContext, type ResourceType } from './resource-type.ts';

/**
 * With its instances, which are as real as any: `Workers-1`, `Workers-2` … In a lab that is up
 * they are launched when the group's turn has come, and the group then lives on its own.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-autoscaling-autoscalinggroup.html
 */
export const autoScalingGroup: ResourceType = {
  type: 'AWS::AutoScaling::AutoScalingGroup',
  properties: {
    real: [
      'AutoScalingGroupName',
      'AvailabilityZones',
      'DesiredCapacity',
      'HealthCheckGracePeriod',
      'HealthCheckType',
      'LaunchConfigurationName',
      'LaunchTemplate',
      'LoadBalancerNames',
      'MaxSize',
      'MinSize',
      'MixedInstancesPolicy',
      'NewInstancesProtectedFromScaleIn',
      'Tags',
      'TargetGroupARNs',
      'TerminationPolicies',
      'VPCZoneIdentifier',
    ],
    recorded: [
      'CapacityRebalance',
      'Context',
      'Cooldown',
      'DefaultInstanceWarmup',
      'DesiredCapacityType',
      'MaxInstanceLifetime',
      'MetricsCollection',
      'NotificationConfiguration',
      'NotificationConfigurations',
      'PlacementGroup',
      'ServiceLinkedRoleARN',
    ],
  },
  create(region, properties, context) {
    const name = properties.text('AutoScalingGroupName') ?? nameOf(context, 255);
    const launch = launchOf(region, properties);
    const minSize = properties.requiredNumber('MinSize', 0, 10_000);
    const maxSize = properties.requiredNumber('MaxSize', 0, 10_000);
    const desiredCapacity = properties.number('DesiredCapacity') ?? minSize;
    if (maxSize < minSize) {
      properties.report('MaxSize', `${maxSize} is less than MinSize, ${minSize}.`);
    } else if (desiredCapacity < minSize || desiredCapacity > maxSize) {
      const message = `${desiredCapacity} is not from MinSize, ${minSize}, to MaxSize, ${maxSize}.`;
      properties.report('DesiredCapacity', message);
    }
    const subnets = placesOf(region, properties);
    const targetGroups = properties.references(
      'TargetGroupARNs',
      region.targetGroups,
      'target group',
    );
    const classic = properties.references(
      'LoadBalancerNames',
      region.classicLoadBalancers,
      'classic load balancer',
    );
    const healthCheckType = properties.text('HealthCheckType') ?? 'EC2';
    const healthCheckGracePeriod = properties.number('HealthCheckGracePeriod') ?? 0;
    const tags = tagsOf(properties, context);
    const terminationPolicies = terminationPoliciesOf(properties);
    const newInstancesProtected = properties.boolean('NewInstancesProtectedFromScaleIn') ?? false;
    if (region.autoScalingGroups[name] !== undefined) {
      const message = `There is already an Auto Scaling group "${name}".`;
      properties.report('AutoScalingGroupName', message);
    }
    properties.check();
    const empty: AutoScalingGroup = {
      name,
      arn: arnOf(context, 'autoscaling', `autoScalingGroup:*:autoScalingGroupName/${name}`),
      logicalId: context.logicalId,
      origin: { stackName: context.stackName, generation: context.generation ?? 0 },
      ...{ minSize, maxSize, desiredCapacity, launch, tags, healthCheckGracePeriod },
      ...{ terminationPolicies, newInstancesProtected, suspendedProcesses: [] },
      subnetIds: subnets.map(({ id }) => id),
      targetGroupArns: targetGroups.map(({ arn }) => arn),
      loadBalancerNames: classic.map((each) => each.name),
      ...{ members: [], lastNumber: 0 },
      healthCheckType: /ELB/.test(healthCheckType) ? 'ELB' : 'EC2',
    };
    const made =
      context.launchesLater === true
        ? put(region, 'autoScalingGroups', name, empty)
        : withInstances(region, empty, properties);
    return {
      region: made,
      physicalId: name,
      attributes: { AutoScalingGroupARN: empty.arn },
    };
  },
};

function withInstances(region: Region, group: AutoScalingGroup, properties: Properties): Region {
  const subnets = nextSubnets(region, group, group.desiredCapacity);
  return launchInto(region, group, subnets, 'InService', properties).region;
}

/** With CloudFormation's own, which the instances get, too. */
function tagsOf(
  properties: Properties,
  { stackName, stackId, logicalId }: ResourceContext,
): readonly AutoScalingTag[] {
  const own = { 'logical-id': logicalId, 'stack-id': stackId, 'stack-name': stackName };
  return [
    ...properties.groups('Tags').map((tag) => ({
      key: tag.requiredText('Key'),
      value: tag.text('Value') ?? '',
      propagateAtLaunch: tag.boolean('PropagateAtLaunch') ?? false,
    })),
    ...Object.entries(own).flatMap(([name, value]) => {
      if (stackId === undefined || value === undefined) return [];
      return [{ key: `aws:cloudformation:${name}`, value, propagateAtLaunch: true }];
    }),
  ];
}

function terminationPoliciesOf(properties: Properties): readonly TerminationPolicy[] {
  const given = properties.texts('TerminationPolicies');
  const isKnown = (name: string): name is TerminationPolicy =>
    (TERMINATION_POLICIES as readonly string[]).includes(name);
  const others = given.filter((name) => !isKnown(name));
  if (others.length > 0) {
    const message = `${list(others)} is without effect here; ${list(TERMINATION_POLICIES)} are known.`;
    properties.warn('TerminationPolicies', message);
  }
  const known = given.filter(isKnown);
  return known.length === 0 ? ['Default'] : known;
}

function launchOf(region: Region, properties: Properties): Launch {
  if (properties.has('LaunchConfigurationName')) {
    const { name } = properties.reference(
      'LaunchConfigurationName',
      region.launchConfigurations,
      'launch configuration',
    );
    return { kind: 'launch-configuration', name };
  }
  const mixed = properties.group('MixedInstancesPolicy');
  mixed?.ignore('InstancesDistribution');
  const inner = mixed?.group('LaunchTemplate');
  const specification =
    properties.group('LaunchTemplate') ?? inner?.group('LaunchTemplateSpecification');
  // The first override has the highest priority: here there is always capacity for it.
  const [override, ...rest] = inner?.groups('Overrides') ?? [];
  for (const each of rest) {
    each.ignore('InstanceType', 'InstanceRequirements', 'WeightedCapacity');
    each.ignore('LaunchTemplateSpecification');
  }
  const own = override?.group('LaunchTemplateSpecification') ?? specification;
  specification?.ignore('LaunchTemplateId', 'LaunchTemplateName', 'Version');
  if (own === undefined) {
    const message = 'The group has nothing to launch.';
    const hint = 'Give a LaunchTemplate, a MixedInstancesPolicy or a LaunchConfigurationName.';
    return properties.fail('LaunchTemplate', message, hint);
  }
  const { template, asked } = launchTemplateOf(region, own);
  const instanceType = override?.text('InstanceType');
  return {
    ...{ kind: 'launch-template', id: template.id, version: asked },
    ...(instanceType === undefined ? {} : { instanceType }),
  };
}

/** The subnets that it names, or those of the default VPC in its zones. */
function placesOf(region: Region, properties: Properties): readonly Subnet[] {
  const zones = properties.texts('AvailabilityZones');
  if (properties.has('VPCZoneIdentifier')) {
    return properties.references('VPCZoneIdentifier', region.subnets, 'subnet');
  }
  const all = defaultSubnets(region);
  const found = zones.length === 0 ? all : all.filter(({ zone }) => zones.includes(zone));
  if (found.length === 0) {
    const message = 'The group names no subnet, and the default VPC has none for it.';
    properties.report('VPCZoneIdentifier', message, 'Give the ids of subnets.');
  }
  return found;
}
