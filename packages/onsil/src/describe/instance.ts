import * as z from 'zod/mini';
import type { Instance } from '../region/instance.ts';
import { isList, isMap } from '../region/json.ts';
import { namesOf } from './names.ts';
import type { Report } from './report.ts';
import { id, name, optionalList, read, tags } from './shape.ts';
import type { Entry, Sources } from './sources.ts';

const schema = z.object({
  InstanceId: id,
  State: z.optional(z.object({ Name: z.string() })),
  VpcId: z.optional(id),
  SubnetId: z.optional(id),
  ImageId: z._default(name, ''),
  InstanceType: z._default(name, ''),
  KeyName: z.optional(name),
  PrivateDnsName: z._default(name, ''),
  Placement: z.optional(z.object({ AvailabilityZone: z.optional(name) })),
  MetadataOptions: z.optional(
    z.object({
      HttpTokens: z._default(z.enum(['required', 'optional']), 'optional'),
      HttpPutResponseHopLimit: z._default(z.number(), 1),
      HttpEndpoint: z._default(z.enum(['enabled', 'disabled']), 'enabled'),
    }),
  ),
  RootDeviceName: z.optional(name),
  BlockDeviceMappings: optionalList(
    z.object({
      DeviceName: z.optional(name),
      Ebs: z.optional(z.object({ VolumeId: z.optional(id) })),
    }),
  ),
  Tags: tags,
});

export interface Instances {
  /** Without their interfaces, which say themselves where they are. */
  readonly all: readonly Omit<Instance, 'networkInterfaceIds'>[];
  /** Interfaces as the instances tell of them. */
  readonly interfaces: readonly Entry[];
  readonly isRunning: (instanceId: string) => boolean;
}

/**
 * A stopped instance keeps its interfaces and answers nobody: packets to it find nothing behind
 * the interface, and a route to it is a blackhole. A terminated one is gone.
 */
export function instances(report: Report, sources: Sources): Instances {
  const all = read(report, schema, sources.of('Instances')).filter(
    ({ value }) => !['terminated', 'shutting-down'].includes(value.State?.Name ?? ''),
  );
  const names = namesOf(
    all.map(({ value }) => ({ id: value.InstanceId, name: value.Tags['Name'] ?? '' })),
  );
  const stopped = new Set<string>();
  for (const { at, value } of all) {
    const { InstanceId, State } = value;
    if (State === undefined || ['running', 'pending'].includes(State.Name)) continue;
    stopped.add(InstanceId);
    const known = names.get(InstanceId) ?? InstanceId;
    report.warn(at, '.State', `${known} is ${State.Name}: nobody answers there until it runs.`);
  }
  return {
    isRunning: (instanceId) => !stopped.has(instanceId),
    interfaces: all.flatMap(({ at, value }) => interfacesIn(at, value.InstanceId)),
    all: all.flatMap(({ value }) => {
      const { InstanceId, VpcId, SubnetId, KeyName, MetadataOptions, RootDeviceName } = value;
      if (VpcId === undefined || SubnetId === undefined) return [];
      const root = value.BlockDeviceMappings.find(
        ({ DeviceName }) => DeviceName === RootDeviceName,
      );
      return [
        {
          ...{ id: InstanceId, logicalId: InstanceId, name: names.get(InstanceId) ?? InstanceId },
          ...{ vpcId: VpcId, subnetId: SubnetId },
          ...{ imageId: value.ImageId, instanceType: value.InstanceType },
          zone: value.Placement?.AvailabilityZone ?? '',
          ...(KeyName === undefined ? {} : { keyName: KeyName }),
          metadataOptions: {
            enabled: MetadataOptions?.HttpEndpoint !== 'disabled',
            httpTokens: MetadataOptions?.HttpTokens ?? 'optional',
            hopLimit: MetadataOptions?.HttpPutResponseHopLimit ?? 1,
          },
          ...{ privateDnsName: value.PrivateDnsName, tags: value.Tags },
          rootVolumeId: root?.Ebs?.VolumeId ?? '',
        },
      ];
    }),
  };
}

/** As `describe-network-interfaces` tells them. */
function interfacesIn({ file, path, value }: Entry, instanceId: string): readonly Entry[] {
  const given = isMap(value) ? value['NetworkInterfaces'] : undefined;
  return (isList(given) ? given : []).map((each, index) => {
    const own = isMap(each) ? each : {};
    const attachment = isMap(own['Attachment']) ? own['Attachment'] : {};
    return {
      ...{ file, path: `${path}.NetworkInterfaces[${index}]` },
      value: { ...own, Attachment: { ...attachment, InstanceId: instanceId } },
    };
  });
}
