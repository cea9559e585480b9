/** Launches instances into an Auto Scaling group, and takes them out again. */
import type { AutoScalingGroup, GroupMember, Launch } from '../auto-scaling-group.ts';
import { isList, isMap, type JsonMap } from '../json.ts';
import { put, type Region, without } from '../region.ts';
import { makeInstance } from '../resources/instance.ts';
import { launchTemplateOf } from '../resources/launch-template.ts';
import { Properties } from '../resources/properties.ts';
import { withoutInstance } from '../without-instance.ts';

export interface Launched {
  readonly region: Region;
  /** In the order of the subnets. */
  readonly instanceIds: readonly string[];
}

/**
 * The region with one more instance of the group in each of the subnets; the same one may be
 * there several times. Equal groups get equal instances: ids are drawn from the group and the
 * number of the instance. Throws ProblemsError where one cannot be, and then nothing is made.
 * @param state of the members that they become
 * @param properties where problems are noted; those of the group's own resource
 */
export function launchInto(
  region: Region,
  group: AutoScalingGroup,
  subnetIds: readonly string[],
  state: GroupMember['state'],
  properties: Properties = new Properties({}, ''),
): Launched {
  const { launch, data } = currentLaunch(region, group.launch, properties);
  const tags = group.tags
    .filter(({ propagateAtLaunch }) => propagateAtLaunch)
    .map(({ key, value }) => ({ Key: key, Value: value }));
  let next = region;
  let { lastNumber } = group;
  const members = subnetIds.map((subnetId): GroupMember => {
    const { number, name } = nextName(next, group, lastNumber);
    lastNumber = number;
    const own = properties.derived({
      ...placed(data, subnetId),
      // They go before those of the launch template's TagSpecifications.
      Tags: [...tags, { Key: 'aws:autoscaling:groupName', Value: group.name }],
    });
    const context = {
      ...{ account: region.account, regionName: region.name, secret: '' },
      ...{ ...group.origin, logicalId: `${group.logicalId}-${number}` },
    };
    const made = makeInstance(next, own, context, { name, of: group.name });
    next = made.region;
    const protectedFromScaleIn = group.newInstancesProtected;
    return { id: made.physicalId, launch, state, health: 'Healthy', protectedFromScaleIn };
  });
  const made = { ...group, lastNumber, members: [...group.members, ...members] };
  return {
    region: put(next, 'autoScalingGroups', group.name, made),
    instanceIds: members.map(({ id }) => id),
  };
}

/** What a launch now comes to: of a launch template the number of its version, and the data. */
export function currentLaunch(
  region: Region,
  launch: Launch,
  properties: Properties = new Properties({}, ''),
): { readonly launch: Launch; readonly data: JsonMap } {
  if (launch.kind === 'launch-configuration') {
    const { name } = launch;
    const found = region.launchConfigurations[name];
    if (found !== undefined) return { launch, data: found.data };
    return properties.fail('LaunchConfigurationName', `There is no launch configuration ${name}.`);
  }
  const { id, version: asked, instanceType } = launch;
  const reference = properties.derived({ LaunchTemplateId: id, Version: asked });
  const { version } = launchTemplateOf(region, reference);
  return {
    launch: { ...launch, version: String(version.number) },
    data: {
      ...version.data,
      ...(instanceType === undefined ? {} : { InstanceType: instanceType }),
    },
  };
}

/** Without instances of groups: their interfaces and all their volumes go, too. */
export function withoutLaunched(region: Region, instanceIds: readonly string[]): Region {
  return instanceIds.reduce((now, id) => {
    const instance = now.instances[id];
    if (instance === undefined) return now;
    const own = Object.values(now.volumes).filter(
      ({ attachment }) => attachment?.instanceId === id,
    );
    const bare = own.reduce((each, volume) => without(each, 'volumes', volume.id), now);
    return withoutInstance(bare, instance);
  }, region);
}

/**
 * `target` without the instances of groups that `now` has and `target` has not: they go with
 * their group, whatever made them.
 */
export function withoutOrphans(now: Region, target: Region): Region {
  const gone = Object.values(now.autoScalingGroups).filter(
    ({ name }) => target.autoScalingGroups[name] === undefined,
  );
  return withoutLaunched(
    target,
    gone.flatMap(({ members }) => members.map(({ id }) => id)),
  );
}

/** The group says where: a subnet that an interface of the launch template names does not count. */
function placed(data: JsonMap, subnetId: string): JsonMap {
  const interfaces = data['NetworkInterfaces'];
  if (!isList(interfaces)) return { ...data, SubnetId: subnetId };
  const NetworkInterfaces = interfaces.map((each) => {
    if (!isMap(each)) return each;
    const { SubnetId: _elsewhere, ...rest } = each;
    return rest;
  });
  return { ...data, SubnetId: subnetId, NetworkInterfaces };
}

/** `Workers-4`, the next free one where a group of the same name before it has that still. */
function nextName(
  region: Region,
  { logicalId, origin }: AutoScalingGroup,
  last: number,
): { readonly number: number; readonly name: string } {
  const taken = new Map(Object.values(region.instances).map((each) => [each.name, each]));
  for (let number = last + 1; ; number += 1) {
    const name = `${logicalId}-${number}`;
    const other = taken.get(name);
    if (other === undefined) return { number, name };
    const group = region.autoScalingGroups[other.autoScalingGroupName ?? ''];
    const isFormer = group?.logicalId === logicalId && group.origin.stackName === origin.stackName;
    if (!isFormer) return { number, name: `${origin.stackName}-${name}` };
  }
}
