/** Calls that change a group: its sizes, what it launches, where, and what it does by itself. */
import {
  type AutoScalingGroup,
  type Launch,
  SCALING_PROCESSES,
  type ScalingProcess,
  TERMINATION_POLICIES,
  type TerminationPolicy,
} from '../../../../region/auto-scaling-group.ts';
import { versionOf } from '../../../../region/launch-template.ts';
import { put, type Region } from '../../../../region/region.ts';
import { AwsError } from '../../endpoints/error.ts';
import { change } from '../ec2/change.ts';
import type { Call, Operation, Operations } from '../operation.ts';
import { flag, number, type Structure, structure, text, textOf, texts } from '../value.ts';

export const invalid = (message: string): AwsError => new AwsError(400, 'ValidationError', message);

/** Throws ValidationError where there is none of that name. */
export function groupNamed(region: Region, name: string): AutoScalingGroup {
  const found = Object.hasOwn(region.autoScalingGroups, name)
    ? region.autoScalingGroups[name]
    : undefined;
  if (found !== undefined) return found;
  throw invalid(`AutoScalingGroup name not found - AutoScalingGroup ${name} not found`);
}

/** What the caller must be allowed to act on. */
export const groupArns = (
  input: Structure,
  { region }: Pick<Call, 'region'>,
): readonly string[] => [groupNamed(region, textOf(input, 'AutoScalingGroupName')).arn];

/** An operation on the one group that AutoScalingGroupName names; it answers nothing. */
function changes(
  what: (group: AutoScalingGroup, input: Structure, region: Region) => Partial<AutoScalingGroup>,
): Operation {
  return {
    resources: groupArns,
    handle: (input, call) =>
      change(call, (region) => {
        const group = groupNamed(region, textOf(input, 'AutoScalingGroupName'));
        const made = { ...group, ...what(group, input, region) };
        return { region: put(region, 'autoScalingGroups', group.name, made), result: {} };
      }),
  };
}

export const groupOperations: Operations = {
  SetDesiredCapacity: changes(({ minSize, maxSize }, input) => {
    const desiredCapacity = number(input, 'DesiredCapacity') ?? 0;
    if (desiredCapacity > maxSize) {
      throw invalid(
        `New SetDesiredCapacity value ${desiredCapacity} is above max value ${maxSize} for the AutoScalingGroup.`,
      );
    }
    if (desiredCapacity < minSize) {
      throw invalid(
        `New SetDesiredCapacity value ${desiredCapacity} is below min value ${minSize} for the AutoScalingGroup.`,
      );
    }
    return { desiredCapacity };
  }),
  UpdateAutoScalingGroup: changes(updated),
  SuspendProcesses: changes(({ suspendedProcesses }, input) => ({
    suspendedProcesses: [...new Set([...suspendedProcesses, ...processesIn(input)])],
  })),
  ResumeProcesses: changes(({ suspendedProcesses }, input) => {
    const resumed = processesIn(input);
    return { suspendedProcesses: suspendedProcesses.filter((each) => !resumed.includes(each)) };
  }),
};

const KNOWN = [
  ...['AutoScalingGroupName', 'DesiredCapacity', 'HealthCheckGracePeriod', 'HealthCheckType'],
  ...['LaunchConfigurationName', 'LaunchTemplate', 'MaxSize', 'MinSize', 'TerminationPolicies'],
  ...['NewInstancesProtectedFromScaleIn', 'VPCZoneIdentifier'],
];

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_UpdateAutoScalingGroup.html */
function updated(
  group: AutoScalingGroup,
  input: Structure,
  region: Region,
): Partial<AutoScalingGroup> {
  const other = Object.keys(input).find((name) => !KNOWN.includes(name));
  if (other !== undefined) {
    throw invalid(`The lab does not change ${other} of a group: it has ${KNOWN.join(', ')}.`);
  }
  const minSize = number(input, 'MinSize') ?? group.minSize;
  const maxSize = number(input, 'MaxSize') ?? group.maxSize;
  if (minSize > maxSize) {
    throw invalid(`Min bound, ${minSize}, must be less than or equal to max bound, ${maxSize}`);
  }
  const given = number(input, 'DesiredCapacity');
  if (given !== undefined && (given < minSize || given > maxSize)) {
    throw invalid(
      `Desired capacity:${given} must be between the specified min size:${minSize} and max size:${maxSize}`,
    );
  }
  // Without one, the group keeps to the new bounds.
  const wanted = given ?? group.desiredCapacity;
  return {
    ...{ minSize, maxSize, desiredCapacity: Math.min(Math.max(wanted, minSize), maxSize) },
    launch: launchIn(group, input, region),
    subnetIds: subnetsIn(group, input, region),
    healthCheckType: healthCheckIn(group, input),
    healthCheckGracePeriod: number(input, 'HealthCheckGracePeriod') ?? group.healthCheckGracePeriod,
    terminationPolicies: policiesIn(group, input),
    newInstancesProtected:
      flag(input, 'NewInstancesProtectedFromScaleIn') ?? group.newInstancesProtected,
  };
}

function launchIn({ launch }: AutoScalingGroup, input: Structure, region: Region): Launch {
  const configuration = text(input, 'LaunchConfigurationName');
  if (configuration !== undefined) {
    if (region.launchConfigurations[configuration] !== undefined) {
      return { kind: 'launch-configuration', name: configuration };
    }
    throw invalid(
      `Launch configuration name not found - Launch configuration ${configuration} not found`,
    );
  }
  const given = structure(input, 'LaunchTemplate');
  if (given === undefined) return launch;
  const [wantedId, wantedName] = ['LaunchTemplateId', 'LaunchTemplateName'].map((member) =>
    text(given, member),
  );
  const found = Object.values(region.launchTemplates).find(
    ({ id, name }) => id === wantedId || name === wantedName,
  );
  const version = text(given, 'Version') ?? '$Default';
  if (found !== undefined && versionOf(found, version) !== undefined) {
    return { kind: 'launch-template', id: found.id, version };
  }
  throw invalid(
    `You must use a valid fully-formed launch template. There is no ${wantedId ?? wantedName} with the version ${version}.`,
  );
}

function subnetsIn(
  { subnetIds }: AutoScalingGroup,
  input: Structure,
  region: Region,
): readonly string[] {
  const given = text(input, 'VPCZoneIdentifier');
  if (given === undefined) return subnetIds;
  const ids = given.split(',').map((id) => id.trim());
  const missing = ids.filter((id) => region.subnets[id] === undefined);
  if (missing.length === 0) return ids;
  throw invalid(`The subnet ID '${missing.join("', '")}' does not exist`);
}

function healthCheckIn(
  { healthCheckType }: AutoScalingGroup,
  input: Structure,
): AutoScalingGroup['healthCheckType'] {
  const given = text(input, 'HealthCheckType') ?? healthCheckType;
  if (given === 'EC2' || given === 'ELB') return given;
  throw invalid(`The lab has no health check of the type ${given}: it has EC2 and ELB.`);
}

function policiesIn(
  { terminationPolicies }: AutoScalingGroup,
  input: Structure,
): readonly TerminationPolicy[] {
  if (input['TerminationPolicies'] === undefined) return terminationPolicies;
  return texts(input, 'TerminationPolicies').map((name) =>
    known(name, TERMINATION_POLICIES, 'termination policy'),
  );
}

/** All, where none is named. */
function processesIn(input: Structure): readonly ScalingProcess[] {
  const given = texts(input, 'ScalingProcesses');
  if (given.length === 0) return SCALING_PROCESSES;
  return given.map((name) => known(name, SCALING_PROCESSES, 'scaling process'));
}

function known<const T extends string>(name: string, all: readonly T[], noun: string): T {
  const found = all.find((each) => each === name);
  if (found !== undefined) return found;
  throw invalid(`${name} is no ${noun} of the lab: it has ${all.join(', ')}.`);
}
