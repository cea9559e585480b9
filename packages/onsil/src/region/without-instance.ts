import type { Instance } from './instance.ts';
import { put, type Region, without } from './region.ts';

/** With its interfaces and root volume; what else was attached is free again. */
export function withoutInstance(
  region: Region,
  {
    id,
    networkInterfaceIds,
    rootVolumeId,
  }: Pick<Instance, 'id' | 'networkInterfaceIds' | 'rootVolumeId'>,
): Region {
  const interfaces = new Set(networkInterfaceIds);
  const freed = Object.values(region.elasticIps)
    .filter(({ association }) => interfaces.has(association?.networkInterfaceId ?? ''))
    .reduce(
      (now, { association: _gone, ...rest }) => put(now, 'elasticIps', rest.id, rest),
      region,
    );
  const bare = networkInterfaceIds.reduce(
    (now, each) => without(now, 'networkInterfaces', each),
    freed,
  );
  const detached = Object.values(bare.volumes)
    .filter(({ attachment, root }) => attachment?.instanceId === id && !root)
    .reduce((now, { attachment: _gone, ...rest }) => put(now, 'volumes', rest.id, rest), bare);
  return without(without(detached, 'volumes', rootVolumeId), 'instances', id);
}
