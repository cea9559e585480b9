import { publicAddresses } from '../../../region/elastic-ip.ts';
import type { Instance } from '../../../region/instance.ts';
import type { Region } from '../../../region/region.ts';
import type { Credentials } from '../credentials.ts';
import { publicDnsName } from '../dns/names.ts';

/** A value, or a folder: an entry per line when listed, folders with a final slash. */
export type Node = string | Folder;
export interface Folder {
  readonly [name: string]: Node | undefined;
}

export interface TreeContext {
  readonly region: Region;
  readonly instance: Instance;
  readonly credentials: Credentials;
  /** Of the machine, as AWS spells it: `x86_64` or `arm64`. */
  readonly architecture: string;
  /** Milliseconds. */
  readonly started: number;
}

/**
 * What is under /latest/.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-categories.html
 */
export function metadataTree(context: TreeContext): Folder {
  return {
    dynamic: {
      'instance-identity': {
        document: identityDocument(context),
        // In lines, as AWS shows it.
        signature: context.credentials
          .signIdentity(identityDocument(context))
          .replaceAll(/.{76}(?!$)/g, '$&\n'),
      },
    },
    'meta-data': metaData(context),
    'user-data': context.instance.userData,
  };
}

function metaData(context: TreeContext): Folder {
  const { region, instance } = context;
  const networkInterface = region.networkInterfaces[instance.networkInterfaceIds[0] ?? ''];
  const privateIp = networkInterface?.privateIps[0];
  const [, publicIp] = associations(region, networkInterface?.id)[0] ?? [];
  const key = Object.values(region.keyPairs).find(({ name }) => name === instance.keyName);
  return {
    'ami-id': instance.imageId,
    'ami-launch-index': '0',
    'ami-manifest-path': '(unknown)',
    'block-device-mapping': blockDevices(context),
    hostname: instance.privateDnsName,
    iam: iam(context),
    'instance-action': 'none',
    'instance-id': instance.id,
    'instance-life-cycle': 'on-demand',
    'instance-type': instance.instanceType,
    'local-hostname': instance.privateDnsName,
    'local-ipv4': privateIp,
    mac: networkInterface?.macAddress,
    network: { interfaces: { macs: interfaces(context) } },
    placement: { 'availability-zone': instance.zone, region: region.name },
    profile: 'default-hvm',
    'public-hostname': publicHostname(context, publicIp),
    'public-ipv4': publicIp,
    'public-keys':
      key === undefined ? undefined : { [`0=${key.name}`]: { 'openssh-key': key.publicKey } },
    'reservation-id': `r-${instance.id.replace(/^i-/, '')}`,
    'security-groups': groupNames(region, networkInterface?.securityGroupIds ?? []),
    services: { domain: 'amazonaws.com', partition: 'aws' },
  };
}

function interfaces(context: TreeContext): Folder {
  const { region, instance } = context;
  const entries = instance.networkInterfaceIds.flatMap((id, index) => {
    const networkInterface = region.networkInterfaces[id];
    if (networkInterface === undefined) return [];
    const { privateIps, securityGroupIds, subnetId, vpcId, macAddress } = networkInterface;
    const vpc = region.vpcs[vpcId];
    const pairs = associations(region, id);
    const publicIps = pairs.map(([, publicIp]) => publicIp);
    const folder: Folder = {
      'device-number': String(networkInterface.attachment?.deviceIndex ?? index),
      'interface-id': id,
      'ipv4-associations':
        pairs.length === 0
          ? undefined
          : Object.fromEntries(pairs.map(([privateIp, publicIp]) => [publicIp, privateIp])),
      'local-hostname': instance.privateDnsName,
      'local-ipv4s': privateIps.join('\n'),
      mac: macAddress,
      'owner-id': region.account,
      'public-hostname': publicHostname(context, publicIps[0]),
      'public-ipv4s': publicIps.length === 0 ? undefined : publicIps.join('\n'),
      'security-group-ids': securityGroupIds.join('\n'),
      'security-groups': groupNames(region, securityGroupIds),
      'subnet-id': subnetId,
      'subnet-ipv4-cidr-block': region.subnets[subnetId]?.cidr,
      'vpc-id': vpcId,
      'vpc-ipv4-cidr-block': vpc?.cidrs[0],
      'vpc-ipv4-cidr-blocks': vpc?.cidrs.join('\n'),
    };
    return [[macAddress, folder] as const];
  });
  return Object.fromEntries(entries);
}

function iam({ region, instance, credentials }: TreeContext): Folder | undefined {
  const profile = Object.values(region.instanceProfiles).find(
    ({ name }) => name === instance.instanceProfileName,
  );
  if (profile === undefined) return undefined;
  const issued = () => credentials.forInstance(instance.id, profile.roleName);
  // Getters: a look at anything else issues no credentials.
  return {
    get info() {
      return json({
        Code: 'Success',
        LastUpdated: isoSeconds(issued().issued),
        InstanceProfileArn: profile.arn,
        InstanceProfileId: profile.id,
      });
    },
    'security-credentials': {
      get [profile.roleName]() {
        const { accessKeyId, secretAccessKey, sessionToken, issued: since, expires } = issued();
        return json({
          Code: 'Success',
          LastUpdated: isoSeconds(since),
          Type: 'AWS-HMAC',
          AccessKeyId: accessKeyId,
          SecretAccessKey: secretAccessKey,
          Token: sessionToken,
          Expiration: isoSeconds(expires),
        });
      },
    },
  };
}

function blockDevices({ region, instance }: TreeContext): Folder {
  const attached = Object.values(region.volumes).filter(
    ({ attachment }) => attachment?.instanceId === instance.id,
  );
  const root = region.volumes[instance.rootVolumeId]?.attachment?.device ?? '/dev/xvda';
  const data = attached.filter(({ id }) => id !== instance.rootVolumeId);
  return {
    ami: root.replace('/dev/', ''),
    ...Object.fromEntries(
      data.map(({ attachment }, index) => [
        `ebs${index + 1}`,
        (attachment?.device ?? '').replace('/dev/', ''),
      ]),
    ),
    root,
  };
}

function identityDocument(context: TreeContext): string {
  const { region, instance } = context;
  return json({
    accountId: region.account,
    architecture: context.architecture,
    availabilityZone: instance.zone,
    billingProducts: null,
    devpayProductCodes: null,
    marketplaceProductCodes: null,
    imageId: instance.imageId,
    instanceId: instance.id,
    instanceType: instance.instanceType,
    kernelId: null,
    pendingTime: isoSeconds(context.started),
    privateIp: region.networkInterfaces[instance.networkInterfaceIds[0] ?? '']?.privateIps[0],
    ramdiskId: null,
    region: region.name,
    version: '2017-09-30',
  });
}

function associations(
  region: Region,
  id: string | undefined,
): readonly (readonly [string, string])[] {
  return publicAddresses(region)
    .filter(({ networkInterfaceId }) => networkInterfaceId === id)
    .map(({ privateIp, publicIp }) => [privateIp, publicIp] as const);
}

function publicHostname(
  { region, instance }: TreeContext,
  publicIp: string | undefined,
): string | undefined {
  if (publicIp === undefined || region.vpcs[instance.vpcId]?.dnsHostnames !== true)
    return undefined;
  return publicDnsName(region.name, publicIp);
}

function groupNames(region: Region, ids: readonly string[]): string {
  return ids.map((id) => region.securityGroups[id]?.name ?? id).join('\n');
}

function isoSeconds(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
