/** The volumes that an instance is launched with. */
import { put, type Region } from '../region.ts';
import type { Properties } from './properties.ts';
import { idOf, type ResourceContext } from './resource-type.ts';
import { attachVolume } from './volume-attachment.ts';

/** Debian, Amazon Linux and Ubuntu use one of the two. */
const ROOT_DEVICES = ['/dev/xvda', '/dev/sda1'];
/** GiB; what the images of Debian, Amazon Linux and Ubuntu have. */
const ROOT_SIZE = 8;
const VOLUME_TYPE = 'gp3';

export function attachVolumes(
  region: Region,
  properties: Properties,
  instanceId: string,
  zone: string,
  context: ResourceContext,
): { readonly region: Region; readonly rootVolumeId: string } {
  const rootVolumeId = idOf(context, 'vol', 'root');
  const root = { id: rootVolumeId, size: ROOT_SIZE, type: VOLUME_TYPE, encrypted: false };
  let next = put(region, 'volumes', rootVolumeId, {
    ...root,
    zone,
    root: true,
    attachment: { instanceId, device: '/dev/xvda' },
    tags: {},
  });
  for (const mapping of properties.groups('BlockDeviceMappings')) {
    const device = mapping.requiredText('DeviceName');
    // Instance store and left-out devices have no volume.
    if (mapping.has('NoDevice') || mapping.has('VirtualName')) {
      mapping.ignore('NoDevice', 'VirtualName', 'Ebs');
      continue;
    }
    const isRoot = ROOT_DEVICES.includes(device);
    const ebs = mapping.group('Ebs');
    ebs?.ignore('DeleteOnTermination', 'Iops', 'KmsKeyId', 'Throughput');
    const id = isRoot ? rootVolumeId : idOf(context, 'vol', device);
    const size = ebs?.number('VolumeSize') ?? (isRoot ? ROOT_SIZE : undefined);
    if (size === undefined) mapping.report('Ebs.VolumeSize', 'This property is required (GiB).');
    next = put(next, 'volumes', id, {
      id,
      size: size ?? 0,
      type: ebs?.text('VolumeType') ?? VOLUME_TYPE,
      encrypted: ebs?.boolean('Encrypted') ?? false,
      zone,
      root: isRoot,
      attachment: { instanceId, device },
      tags: {},
    });
  }
  for (const each of properties.groups('Volumes')) {
    next = attachVolume(next, each, { id: instanceId, zone });
  }
  return { region: next, rootVolumeId };
}
