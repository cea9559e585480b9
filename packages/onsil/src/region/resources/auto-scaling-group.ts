import type { AutoScalingGroup, AutoScalingTag } from '../auto-scaling-group.ts';
import type { JsonMap } from '../json.ts';
import { put, type Region } from '../region.ts';
import type { Subnet } from '../subnet.ts';
import { defaultSubnets } from './default-vpc.ts';
import { makeInstance } from './instance.ts';
import { launchTemplateOf } from './launch-template.ts';
import type { Properties } from './properties.ts';
import { arnOf, nameOf, type ResourceContext, type ResourceType } from './resource-type.ts';

/**
 * With its instances, which are as real as any: `Workers-1`, `Workers-2` …
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
      'Tags',
      'TargetGroupARNs',
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
      'NewInstancesProtectedFromScaleIn',
      'NotificationConfiguration',
      'NotificationConfigurations',
      'PlacementGroup',
      'ServiceLinkedRoleARN',
      'TerminationPolicies',
    ],
  },
  create(region, properties, context) {
    const name = properties.text('AutoScalingGroupName') ?? nameOf(context, 255);
    const { launch, data } = launchOf(region, properties);
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
    const tags = properties.groups('Tags').map(
      (tag): AutoScalingTag => ({
        key: tag.requiredText('Key'),
        value: tag.text('Value') ?? '',
        propagateAtLaunch: tag.boolean('PropagateAtLaunch') ?? false,
      }),
    );
    if (region.autoScalingGroups[name] !== undefined) {
      const message = `There is already an Auto Scaling group "${name}".`;
      properties.report('AutoScalingGroupName', message);
    }
    properties.check();
    const launched = launchInstances(region, properties, {
      ...{ name, data, subnets, tags, count: desiredCapacity, context },
    });
    const made: AutoScalingGroup = {
      name,
      arn: arnOf(context, 'autoscaling', `autoScalingGroup:*:autoScalingGroupName/${name}`),
      logicalId: context.logicalId,
      ...{ minSize, maxSize, desiredCapacity, launch, tags, healthCheckGracePeriod },
      subnetIds: subnets.map(({ id }) => id),
      targetGroupArns: targetGroups.map(({ arn }) => arn),
      loadBalancerNames: classic.map((each) => each.name),
      instanceIds: launched.instanceIds,
      healthCheckType: /ELB/.test(healthCheckType) ? 'ELB' : 'EC2',
    };
    return {
      region: put(launched.region, 'autoScalingGroups', name, made),
      physicalId: name,
      attributes: { AutoScalingGroupARN: made.arn },
    };
  },
};

interface Launch {
  readonly launch: AutoScalingGroup['launch'];
  readonly data: JsonMap;
}

function launchOf(region: Region, properties: Properties): Launch {
  if (properties.has('LaunchConfigurationName')) {
    const { name, data } = properties.reference(
      'LaunchConfigurationName',
      region.launchConfigurations,
      'launch configuration',
    );
    return { launch: { kind: 'launch-configuration', name }, data };
  }
  const mixed = properties.group('MixedInstancesPolicy');
  mixed?.ignore('InstancesDistribution');
  const inner = mixed?.group('LaunchTemplate');
  const specification =
    properties.group('LaunchTemplate') ?? inner?.group('LaunchTemplateSpecification');
  if (specification === undefined) {
    const message = 'The group has nothing to launch.';
    const hint = 'Give a LaunchTemplate, a MixedInstancesPolicy or a LaunchConfigurationName.';
    return properties.fail('LaunchTemplate', message, hint);
  }
  const { id, data } = launchTemplateOf(region, specification);
  const [override] = inner?.groups('Overrides') ?? [];
  const instanceType = override?.text('InstanceType');
  override?.ignore('InstanceRequirements', 'WeightedCapacity', 'LaunchTemplateSpecification');
  return {
    launch: { kind: 'launch-template', id, version: specification.text('Version') ?? '1' },
    data: { ...data, ...(instanceType === undefined ? {} : { InstanceType: instanceType }) },
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

function launchInstances(
  region: Region,
  properties: Properties,
  of: {
    readonly name: string;
    readonly data: JsonMap;
    readonly subnets: readonly Subnet[];
    readonly tags: readonly AutoScalingTag[];
    readonly count: number;
    readonly context: ResourceContext;
  },
): { readonly region: Region; readonly instanceIds: readonly string[] } {
  const { name, data, subnets, context } = of;
  let next = region;
  const instanceIds = Array.from({ length: of.count }, (_, index) => {
    const subnet = subnets[index % Math.max(subnets.length, 1)];
    const logicalId = `${context.logicalId}-${index + 1}`;
    const tags = of.tags
      .filter(({ propagateAtLaunch }) => propagateAtLaunch)
      .map(({ key, value }) => ({ Key: key, Value: value }));
    const own = properties.derived({
      ...data,
      Tags: [...tags, { Key: 'aws:autoscaling:groupName', Value: name }],
      ...(subnet === undefined ? {} : { SubnetId: subnet.id }),
    });
    const made = makeInstance(next, own, { ...context, logicalId }, { name: logicalId, of: name });
    next = made.region;
    return made.physicalId;
  });
  return { region: next, instanceIds };
}
