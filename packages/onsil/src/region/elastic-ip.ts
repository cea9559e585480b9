import type { Region, Tags } from './region.ts';

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/elastic-ip-addresses-eip.html */
export interface ElasticIp {
  /** The allocation id. */
  readonly id: string;
  readonly publicIp: string;
  readonly association?: {
    readonly id: string;
    readonly networkInterfaceId: string;
    readonly privateIp: string;
  };
  readonly tags: Tags;
}

/** One pair of the Internet gateway's 1:1 translation. */
export interface PublicAddress {
  readonly publicIp: string;
  readonly privateIp: string;
  readonly networkInterfaceId: string;
}

/**
 * Every public address in force: associated Elastic IPs, and the automatic address of an
 * interface whose primary private address has no Elastic IP.
 */
export function publicAddresses(region: Region): readonly PublicAddress[] {
  const elastic = Object.values(region.elasticIps).flatMap(({ publicIp, association }) =>
    association === undefined
      ? []
      : [
          {
            publicIp,
            privateIp: association.privateIp,
            networkInterfaceId: association.networkInterfaceId,
          },
        ],
  );
  const taken = new Set(elastic.map((pair) => `${pair.networkInterfaceId} ${pair.privateIp}`));
  const automatic = Object.values(region.networkInterfaces).flatMap((networkInterface) => {
    const { id, publicIp, privateIps } = networkInterface;
    const privateIp = privateIps[0];
    if (publicIp === undefined || privateIp === undefined || taken.has(`${id} ${privateIp}`)) {
      return [];
    }
    return [{ publicIp, privateIp, networkInterfaceId: id }];
  });
  return [...elastic, ...automatic];
}
