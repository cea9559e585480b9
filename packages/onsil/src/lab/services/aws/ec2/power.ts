/** Calls that switch instances on and off, and that change what they are. */
import type { Instance } from '../../../../region/instance.ts';
import { put, type Region } from '../../../../region/region.ts';
import { withoutInstance } from '../../../../region/without-instance.ts';
import { AwsError } from '../../endpoints/error.ts';
import type { Call, Operation, Operations } from '../operation.ts';
import { flag, type Structure, structure, textOf, texts } from '../value.ts';
import { change } from './change.ts';
import { badValue, thingOf } from './describe.ts';
import { INSTANCE_IDS, instancesIn, stateOf } from './instance.ts';
import { INTERFACE_IDS } from './network-interface.ts';
import { GROUP_IDS } from './security-group.ts';

/** https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html */
const MOST_GROUPS = 16;

const arnsOf = (input: Structure, { region }: Pick<Call, 'region'>): readonly string[] =>
  texts(input, 'InstanceIds').map(
    (id) => `arn:aws:ec2:${region.name}:${region.account}:instance/${id}`,
  );

/** What is terminated stays so. Throws IncorrectInstanceState. */
function refuseTerminated(all: readonly Instance[], { region }: Call): void {
  const gone = all.find(({ id }) => region.instances[id] === undefined);
  if (gone === undefined) return;
  const message = `The instance '${gone.id}' is not in a state from which it can be started or stopped: it is terminated.`;
  throw new AwsError(400, 'IncorrectInstanceState', message);
}

function switches(action: 'start' | 'stop', member: string): Operation {
  return {
    resources: arnsOf,
    handle: async (input, call) => {
      const all = instancesIn(input, call);
      refuseTerminated(all, call);
      const { control } = call.context;
      const before = all.map(({ id }) => control.state(id));
      for (const { id } of all) await control.power(id, action);
      return {
        [member]: all.map(({ id }, index) => ({
          ...{ InstanceId: id, CurrentState: stateOf(control.state(id)) },
          PreviousState: stateOf(before[index] ?? 'pending'),
        })),
      };
    },
  };
}

export const powerOperations: Operations = {
  StartInstances: switches('start', 'StartingInstances'),
  StopInstances: switches('stop', 'StoppingInstances'),
  RebootInstances: {
    resources: arnsOf,
    handle: async (input, call) => {
      const all = instancesIn(input, call);
      refuseTerminated(all, call);
      for (const { id } of all) await call.context.control.power(id, 'reboot');
      return {};
    },
  },
  TerminateInstances: {
    resources: arnsOf,
    handle: async (input, call) => {
      const all = instancesIn(input, call);
      const { control } = call.context;
      const there = all.filter(({ id }) => call.region.instances[id] !== undefined);
      const before = new Map(there.map(({ id }) => [id, control.state(id)] as const));
      for (const { id } of there) await control.power(id, 'terminate');
      await control.change((region) => there.reduce(withoutInstance, region));
      return {
        TerminatingInstances: all.map(({ id }) => ({
          ...{ InstanceId: id },
          CurrentState: stateOf(before.has(id) ? 'shutting-down' : 'terminated'),
          PreviousState: stateOf(before.get(id) ?? 'terminated'),
        })),
      };
    },
  },
  ModifyInstanceAttribute: {
    handle: (input, call) =>
      change(call, (region) => {
        const id = textOf(input, 'InstanceId');
        const instance = thingOf(region.instances, id, INSTANCE_IDS);
        const known = ['InstanceId', 'Groups', 'SourceDestCheck', 'DryRun'];
        const other = Object.keys(input).find((name) => !known.includes(name));
        if (other !== undefined)
          throw badValue(
            `The lab does not change ${other} of an instance: Groups and SourceDestCheck only.`,
          );
        const [primary = ''] = instance.networkInterfaceIds;
        return { region: withInterface(region, primary, input), result: {} };
      }),
  },
  ModifyNetworkInterfaceAttribute: {
    handle: (input, call) =>
      change(call, (region) => {
        const known = ['NetworkInterfaceId', 'Groups', 'SourceDestCheck', 'DryRun', 'Description'];
        const other = Object.keys(input).find((name) => !known.includes(name));
        if (other !== undefined)
          throw badValue(
            `The lab does not change ${other} of an interface: Groups, SourceDestCheck and Description only.`,
          );
        const id = textOf(input, 'NetworkInterfaceId');
        return { region: withInterface(region, id, input), result: {} };
      }),
  },
};

function withInterface(region: Region, id: string, input: Structure): Region {
  const own = thingOf(region.networkInterfaces, id, INTERFACE_IDS);
  const groups = texts(input, 'Groups');
  for (const groupId of groups) {
    const { vpcId } = thingOf(region.securityGroups, groupId, GROUP_IDS);
    if (vpcId !== own.vpcId)
      throw badValue(
        `${groupId} is in ${vpcId}, the interface ${id} in ${own.vpcId}: both must be in one VPC.`,
      );
  }
  if (groups.length > MOST_GROUPS)
    throw badValue(`An interface has at most ${MOST_GROUPS} security groups.`);
  const check = flag(structure(input, 'SourceDestCheck') ?? {}, 'Value');
  const description = structure(input, 'Description')?.['Value'];
  return put(region, 'networkInterfaces', id, {
    ...own,
    ...(input['Groups'] === undefined ? {} : { securityGroupIds: groups.toSorted() }),
    ...(check === undefined ? {} : { sourceDestCheck: check }),
    ...(typeof description === 'string' ? { description } : {}),
  });
}
