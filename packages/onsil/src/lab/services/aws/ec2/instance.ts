import { publicAddresses } from '../../../../region/elastic-ip.ts';
import { hashOf } from '../../../../region/hash.ts';
import { imageOf } from '../../../../region/image.ts';
import type { Instance } from '../../../../region/instance.ts';
import { interfacesOf } from '../../../../region/lookup.ts';
import type { Region } from '../../../../region/region.ts';
import { publicDnsName } from '../../dns/names.ts';
import { resolveSecrets } from '../../references.ts';
import type { Call, InstanceState, Operations } from '../operation.ts';
import { flag, type Structure, textOf } from '../value.ts';
import {
  badValue,
  type Described,
  describes,
  selected,
  tagged,
  tagSet,
  thingOf,
  yesNo,
} from './describe.ts';
import { groupsOf, instanceInterface } from './network-interface.ts';

export const INSTANCE_IDS = {
  ...{ member: 'InstanceIds', code: 'InvalidInstanceID.NotFound', noun: 'instance ID' },
  of: ({ id }: { readonly id: string }) => id,
};

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html */
const CODES: Readonly<Record<InstanceState, number>> = {
  ...{ pending: 0, running: 16, 'shutting-down': 32, terminated: 48, stopping: 64, stopped: 80 },
};
export const stateOf = (state: InstanceState): Structure => ({ Code: CODES[state], Name: state });

const state = ({ id }: Instance, { context, region }: Call): InstanceState =>
  region.instances[id] === undefined ? 'terminated' : context.control.state(id);
const primaryOf = (region: Region, instance: Instance) => interfacesOf(region, instance)[0];
const publicIpOf = (region: Region, instance: Instance): string | undefined =>
  publicAddresses(region).find(
    ({ networkInterfaceId }) => networkInterfaceId === instance.networkInterfaceIds[0],
  )?.publicIp;

const instances: Described<Instance> = {
  set: 'Reservations',
  ids: INSTANCE_IDS,
  // The region is as it was when the request came; who has left since is in it still.
  all: ({ instances: all }, { context }) => [
    ...Object.values(all),
    ...context.control.terminated().filter(({ id }) => all[id] === undefined),
  ],
  filters: tagged({
    'instance-id': ({ id }) => id,
    'instance-state-name': state,
    'instance-state-code': (own, call) => String(CODES[state(own, call)]),
    'instance-type': ({ instanceType }) => instanceType,
    'image-id': ({ imageId }) => imageId,
    'key-name': ({ keyName }) => keyName,
    'vpc-id': ({ vpcId }) => vpcId,
    'subnet-id': ({ subnetId }) => subnetId,
    'availability-zone': ({ zone }) => zone,
    'private-ip-address': (own, { region }) => primaryOf(region, own)?.privateIps[0],
    'private-dns-name': ({ privateDnsName }) => privateDnsName,
    'ip-address': (own, { region }) => publicIpOf(region, own),
    'dns-name': (own, { region }) => {
      const ip = publicIpOf(region, own);
      return ip === undefined ? undefined : publicDnsName(region.name, ip);
    },
    'instance.group-id': (own, { region }) => primaryOf(region, own)?.securityGroupIds ?? [],
    'instance.group-name': (own, { region }) =>
      (primaryOf(region, own)?.securityGroupIds ?? []).map((id) => region.securityGroups[id]?.name),
    'network-interface.network-interface-id': ({ networkInterfaceIds }) => networkInterfaceIds,
    'iam-instance-profile.arn': (own, { region }) => profileOf(region, own)?.arn,
    'source-dest-check': (own, { region }) =>
      yesNo(primaryOf(region, own)?.sourceDestCheck ?? true),
    'reservation-id': (own) => reservationId(own),
    architecture: ({ imageId }) => imageOf(imageId)?.architecture ?? 'x86_64',
    'owner-id': (_own, { region }) => region.account,
  }),
  /** Each was launched on its own, as CloudFormation does. */
  print: (instance, call) => ({
    ...{ ReservationId: reservationId(instance), OwnerId: call.region.account, Groups: [] },
    Instances: [print(instance, call)],
  }),
};

export const instanceOperations: Operations = {
  DescribeInstances: describes(instances),
  DescribeInstanceStatus: {
    handle: (input, call) => {
      const all = flag(input, 'IncludeAllInstances') === true;
      const statuses: Described<Instance> = {
        ...{ ...instances, set: 'InstanceStatuses' },
        all: (region) =>
          instances.all(region, call).filter((own) => all || state(own, call) === 'running'),
        print: (own) => {
          const now = state(own, call);
          const known = now === 'running' ? 'ok' : 'not-applicable';
          const status = {
            ...{
              Status: known,
              Details: now === 'running' ? [{ Name: 'reachability', Status: 'passed' }] : [],
            },
          };
          return {
            ...{ AvailabilityZone: own.zone, InstanceId: own.id, InstanceState: stateOf(now) },
            ...{ InstanceStatus: status, SystemStatus: status, Events: [] },
          };
        },
      };
      return describes(statuses).handle(input, call);
    },
  },
  DescribeInstanceAttribute: {
    handle: (input, call) => {
      const { region } = call;
      const id = textOf(input, 'InstanceId');
      const instance = thingOf(region.instances, id, INSTANCE_IDS);
      const attribute = textOf(input, 'Attribute');
      const primary = primaryOf(region, instance);
      const { userData } = instance;
      const values: Readonly<Record<string, () => Structure>> = {
        instanceType: () => ({ InstanceType: { Value: instance.instanceType } }),
        userData: () => ({
          UserData: {
            Value:
              userData === undefined
                ? undefined
                : Buffer.from(resolveSecrets(userData, call)).toString('base64'),
          },
        }),
        sourceDestCheck: () => ({ SourceDestCheck: { Value: primary?.sourceDestCheck ?? true } }),
        groupSet: () => ({ Groups: primary === undefined ? [] : groupsOf(region, primary) }),
        disableApiTermination: () => ({ DisableApiTermination: { Value: false } }),
        disableApiStop: () => ({ DisableApiStop: { Value: false } }),
        ebsOptimized: () => ({ EbsOptimized: { Value: true } }),
        rootDeviceName: () => ({ RootDeviceName: { Value: rootDevice(region, instance) } }),
        instanceInitiatedShutdownBehavior: () => ({
          InstanceInitiatedShutdownBehavior: { Value: 'stop' },
        }),
        blockDeviceMapping: () => ({ BlockDeviceMappings: disks(instance, call) }),
      };
      const get = Object.hasOwn(values, attribute) ? values[attribute] : undefined;
      if (get === undefined)
        throw badValue(
          `Value (${attribute}) for parameter attribute is invalid: the lab has ${Object.keys(values).join(', ')}.`,
        );
      return { InstanceId: id, ...get() };
    },
  },
};

/** The instances that ids name, in the order of the region. */
export function instancesIn(input: Structure, call: Call): readonly Instance[] {
  return selected(instances, input, call);
}

const reservationId = ({ id }: Instance): string => `r-${hashOf('reservation', id).slice(0, 17)}`;

const profileOf = (region: Region, { instanceProfileName }: Instance) =>
  Object.values(region.instanceProfiles).find(({ name }) => name === instanceProfileName);

const volumesOf = (region: Region, { id }: Instance) =>
  Object.values(region.volumes).filter(({ attachment }) => attachment?.instanceId === id);

const rootDevice = (region: Region, instance: Instance): string =>
  region.volumes[instance.rootVolumeId]?.attachment?.device ?? '/dev/xvda';

function disks(instance: Instance, { region, context }: Call): readonly Structure[] {
  return volumesOf(region, instance).map(({ id, root, attachment }) => ({
    DeviceName: attachment?.device,
    Ebs: {
      ...{ AttachTime: context.control.startedAt, DeleteOnTermination: root, Status: 'attached' },
      VolumeId: id,
    },
  }));
}

const NO_REASON = { StateTransitionReason: '' };
const USER_INITIATED = {
  StateTransitionReason: 'User initiated',
  StateReason: {
    Code: 'Client.UserInitiatedShutdown',
    Message: 'Client.UserInitiatedShutdown: User initiated shutdown',
  },
};

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html */
function print(instance: Instance, call: Call): Structure {
  const { region, context } = call;
  const { startedAt } = context.control;
  const interfaces = interfacesOf(region, instance);
  const [primary] = interfaces;
  const publicIp = publicIpOf(region, instance);
  const named = region.vpcs[instance.vpcId]?.dnsHostnames === true;
  const profile = profileOf(region, instance);
  const { metadataOptions } = instance;
  const now = state(instance, call);
  const isGone = now === 'terminated';
  return {
    ...{ AmiLaunchIndex: 0, ImageId: instance.imageId, InstanceId: instance.id },
    ...{ InstanceType: instance.instanceType, KeyName: instance.keyName, LaunchTime: startedAt },
    Monitoring: { State: 'disabled' },
    Placement: {
      ...{ AvailabilityZone: instance.zone, GroupName: '', Tenancy: 'default' },
    },
    ...{
      PrivateDnsName: isGone ? '' : instance.privateDnsName,
      PrivateIpAddress: primary?.privateIps[0],
    },
    ...{ ProductCodes: [], State: stateOf(now), ...(isGone ? USER_INITIATED : NO_REASON) },
    PublicDnsName: named && publicIp !== undefined ? publicDnsName(region.name, publicIp) : '',
    PublicIpAddress: publicIp,
    ...(isGone ? {} : { SubnetId: instance.subnetId, VpcId: instance.vpcId }),
    ...{ Architecture: imageOf(instance.imageId)?.architecture ?? 'x86_64' },
    ...{ BlockDeviceMappings: disks(instance, call), ClientToken: '', EbsOptimized: false },
    ...{ EnaSupport: true, Hypervisor: 'xen' },
    IamInstanceProfile: profile === undefined ? undefined : { Arn: profile.arn, Id: profile.id },
    NetworkInterfaces: interfaces.map((each) => instanceInterface(region, each, startedAt)),
    ...{ RootDeviceName: rootDevice(region, instance), RootDeviceType: 'ebs' },
    SecurityGroups: primary === undefined ? [] : groupsOf(region, primary),
    ...{ SourceDestCheck: primary?.sourceDestCheck ?? true, VirtualizationType: 'hvm' },
    Tags: tagSet(instance.tags),
    MetadataOptions: {
      ...{ State: 'applied', HttpTokens: metadataOptions.httpTokens, HttpProtocolIpv6: 'disabled' },
      HttpPutResponseHopLimit: metadataOptions.hopLimit,
      HttpEndpoint: metadataOptions.enabled ? 'enabled' : 'disabled',
      InstanceMetadataTags: 'disabled',
    },
    EnclaveOptions: { Enabled: false },
    ...{ PlatformDetails: 'Linux/UNIX', UsageOperation: 'RunInstances' },
    CurrentInstanceBootMode: 'legacy-bios',
  };
}
