/** Calls that act on single instances of a group. */
import type { AutoScalingGroup, GroupMember } from '../../../../region/auto-scaling-group.ts';
import { put, type Region } from '../../../../region/region.ts';
import { change } from '../ec2/change.ts';
import type { Call, Operation, Operations } from '../operation.ts';
import { flag, type Structure, textOf, texts } from '../value.ts';
import { printActivity } from './activity.ts';
import { groupArns, groupNamed, invalid } from './group.ts';

/** The group that has the instance. Throws ValidationError where none has. */
function groupOf(region: Region, instanceId: string): AutoScalingGroup {
  const found = Object.values(region.autoScalingGroups).find(({ members }) =>
    members.some(({ id }) => id === instanceId),
  );
  if (found !== undefined) return found;
  throw invalid(`Instance Id not found - No managed instance found for instance ID: ${instanceId}`);
}

const ownArns = (input: Structure, { region }: Pick<Call, 'region'>): readonly string[] => [
  groupOf(region, textOf(input, 'InstanceId')).arn,
];

/** The members that InstanceIds names. Throws ValidationError for one of another group. */
function membersIn(group: AutoScalingGroup, input: Structure): readonly GroupMember[] {
  return texts(input, 'InstanceIds').map((id) => {
    const member = group.members.find((each) => each.id === id);
    if (member !== undefined) return member;
    throw invalid(`The instance ${id} is not part of Auto Scaling group ${group.name}.`);
  });
}

/** The group with fewer instances to have, where that was asked for. */
function decremented(group: AutoScalingGroup, by: number, input: Structure): AutoScalingGroup {
  if (flag(input, 'ShouldDecrementDesiredCapacity') !== true) return group;
  const desiredCapacity = group.desiredCapacity - by;
  if (desiredCapacity >= group.minSize) return { ...group, desiredCapacity };
  throw invalid(
    `Currently, desiredSize equals minSize (${group.minSize}). Terminating instance without replacement will ` +
      "violate group's min size constraint. Either set shouldDecrementDesiredCapacity flag to false or lower " +
      "group's min size.",
  );
}

function incremented(group: AutoScalingGroup, by: number, what: string): AutoScalingGroup {
  const desiredCapacity = group.desiredCapacity + by;
  const { name, minSize, maxSize } = group;
  if (desiredCapacity <= maxSize) return { ...group, desiredCapacity };
  throw invalid(
    `AutoScalingGroup ${name} has min-size=${minSize}, max-size=${maxSize}, and desired-size=` +
      `${group.desiredCapacity}. To ${what} ${by} more instance(s), please update the AutoScalingGroup sizes appropriately.`,
  );
}

const withMembers = (
  group: AutoScalingGroup,
  which: readonly GroupMember[],
  what: Partial<GroupMember>,
): AutoScalingGroup => ({
  ...group,
  members: group.members.map((each) => (which.includes(each) ? { ...each, ...what } : each)),
});

/**
 * An operation on members of the group that AutoScalingGroupName names.
 * @param step the region as it becomes, and the instances; then one activity for each
 */
function moves(
  step: (
    region: Region,
    group: AutoScalingGroup,
    input: Structure,
  ) => { readonly region: Region; readonly ids: readonly string[] },
  description: (instanceId: string) => string,
  cause: string,
): Operation {
  return {
    resources: groupArns,
    handle: async (input, call) => {
      const name = textOf(input, 'AutoScalingGroupName');
      const ids = await change(call, (region) => {
        const made = step(region, groupNamed(region, name), input);
        return { region: made.region, result: made.ids };
      });
      const { activities } = call.context.control.scaling;
      return {
        Activities: ids.map((id) => printActivity(activities.note(name, description(id), cause))),
      };
    },
  };
}

const inGroup = (region: Region, group: AutoScalingGroup): Region =>
  put(region, 'autoScalingGroups', group.name, group);

const idsOf = (members: readonly GroupMember[]): readonly string[] => members.map(({ id }) => id);

export const memberOperations: Operations = {
  TerminateInstanceInAutoScalingGroup: {
    resources: ownArns,
    handle: async (input, call) => {
      const id = textOf(input, 'InstanceId');
      const name = await change(call, (region) => {
        const group = groupOf(region, id);
        const member = group.members.filter((each) => each.id === id);
        const less = withMembers(decremented(group, 1, input), member, { state: 'Terminating' });
        return { region: inGroup(region, less), result: group.name };
      });
      const cause = `instance ${id} was taken out of service in response to a user request`;
      const { activity } = call.context.control.scaling.terminateOne(name, id, cause);
      return { Activity: printActivity(activity) };
    },
  },
  AttachInstances: {
    resources: groupArns,
    handle: (input, call) =>
      change(call, (region) => {
        const group = groupNamed(region, textOf(input, 'AutoScalingGroupName'));
        const ids = texts(input, 'InstanceIds');
        const made = ids.reduce(
          (now, id) => attached(now, group, id, call),
          inGroup(region, incremented(group, ids.length, 'attach')),
        );
        return { region: made, result: {} };
      }),
  },
  DetachInstances: moves(
    (region, group, input) => {
      const which = membersIn(group, input);
      const less = decremented(group, which.length, input);
      const members = group.members.filter((each) => !which.includes(each));
      return {
        region: idsOf(which).reduce(detached, inGroup(region, { ...less, members })),
        ids: idsOf(which),
      };
    },
    (id) => `Detaching EC2 instance: ${id}`,
    'an instance was detached in response to a user request',
  ),
  EnterStandby: moves(
    (region, group, input) => {
      const which = membersIn(group, input);
      const wrong = which.find(({ state }) => state !== 'InService');
      if (wrong !== undefined) {
        throw invalid(`The instance ${wrong.id} is not in InService, but in ${wrong.state}.`);
      }
      const less = decremented(group, which.length, input);
      const made = withMembers(less, which, { state: 'Standby' });
      return { region: inGroup(region, made), ids: idsOf(which) };
    },
    (id) => `Moving EC2 instance to Standby: ${id}`,
    'an instance was moved to standby in response to a user request',
  ),
  ExitStandby: moves(
    (region, group, input) => {
      const which = membersIn(group, input);
      const wrong = which.find(({ state }) => state !== 'Standby');
      if (wrong !== undefined) {
        throw invalid(`The instance ${wrong.id} is not in Standby, but in ${wrong.state}.`);
      }
      const more = incremented(group, which.length, 'put in service');
      const made = withMembers(more, which, { state: 'InService' });
      return { region: inGroup(region, made), ids: idsOf(which) };
    },
    (id) => `Moving EC2 instance out of Standby: ${id}`,
    'an instance was moved out of standby in response to a user request',
  ),
  SetInstanceHealth: {
    resources: ownArns,
    handle: (input, call) =>
      change(call, (region) => {
        const id = textOf(input, 'InstanceId');
        const health = textOf(input, 'HealthStatus');
        if (health !== 'Healthy' && health !== 'Unhealthy') {
          throw invalid(`${health} is not a valid health status: Healthy or Unhealthy.`);
        }
        const group = groupOf(region, id);
        const { name, healthCheckGracePeriod: grace } = group;
        const respects = flag(input, 'ShouldRespectGracePeriod') ?? true;
        const isNew = call.context.control.scaling.inService(name, id) < grace;
        if (respects && isNew && health === 'Unhealthy') return { region, result: {} };
        const member = group.members.filter((each) => each.id === id);
        return { region: inGroup(region, withMembers(group, member, { health })), result: {} };
      }),
  },
  SetInstanceProtection: {
    resources: groupArns,
    handle: (input, call) =>
      change(call, (region) => {
        const group = groupNamed(region, textOf(input, 'AutoScalingGroupName'));
        const protectedFromScaleIn = flag(input, 'ProtectedFromScaleIn') === true;
        const made = withMembers(group, membersIn(group, input), { protectedFromScaleIn });
        return { region: inGroup(region, made), result: {} };
      }),
  },
};

function attached(region: Region, { name, subnetIds }: AutoScalingGroup, id: string, call: Call) {
  const instance = region.instances[id];
  const group = groupNamed(region, name);
  if (instance === undefined) throw invalid(`Invalid Instance ID: ${id}`);
  const zones = subnetIds.map((subnetId) => region.subnets[subnetId]?.zone);
  if (instance.autoScalingGroupName !== undefined) {
    throw invalid(`The instance ${id} is already part of ${instance.autoScalingGroupName}.`);
  }
  if (!zones.includes(instance.zone)) {
    throw invalid(`The instance ${id} is in ${instance.zone}, where the group has no subnet.`);
  }
  const state = call.context.control.state(id);
  if (state !== 'running') {
    throw invalid(`The instance ${id} is not in correct state: it is ${state}, not running.`);
  }
  const member: GroupMember = {
    ...{ id, state: 'InService', health: 'Healthy' },
    protectedFromScaleIn: group.newInstancesProtected,
  };
  const tags = { ...instance.tags, 'aws:autoscaling:groupName': name };
  const own = { ...instance, autoScalingGroupName: name, tags };
  const members = [...group.members, member];
  return put(inGroup(region, { ...group, members }), 'instances', id, own);
}

/** It stays as it is, and is nobody's any more. */
function detached(region: Region, id: string): Region {
  const instance = region.instances[id];
  if (instance === undefined) return region;
  const { autoScalingGroupName: _former, tags, ...rest } = instance;
  const { 'aws:autoscaling:groupName': _name, ...own } = tags;
  return put(region, 'instances', id, { ...rest, tags: own });
}
