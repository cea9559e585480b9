import { publicAddresses } from '../../../../region/elastic-ip.ts';
import type { NetworkInterface } from '../../../../region/network-interface.ts';
import type { Region } from '../../../../region/region.ts';
import { privateDnsName, publicDnsName } from '../../dns/names.ts';
import type { Operations } from '../operation.ts';
import type { Structure } from '../value.ts';
import { describes, tagged, tagSet, yesNo } from './describe.ts';
import { associationId } from './vpc.ts';

export const INTERFACE_IDS = {
  ...{ member: 'NetworkInterfaceIds', code: 'InvalidNetworkInterfaceID.NotFound' },
  ...{ noun: 'networkInterface ID', of: ({ id }: { readonly id: string }) => id },
};

const TYPES = {
  'nat-gateway': 'nat_gateway',
  'vpc-endpoint': 'vpc_endpoint',
  service: 'interface',
};

export const networkInterfaceOperations: Operations = {
  DescribeNetworkInterfaces: describes<NetworkInterface>({
    set: 'NetworkInterfaces',
    ids: INTERFACE_IDS,
    all: ({ networkInterfaces }) => Object.values(networkInterfaces),
    filters: tagged({
      'network-interface-id': ({ id }) => id,
      'vpc-id': ({ vpcId }) => vpcId,
      'subnet-id': ({ subnetId }) => subnetId,
      'availability-zone': ({ subnetId }, { region }) => region.subnets[subnetId]?.zone,
      'private-ip-address': ({ privateIps }) => privateIps,
      'addresses.private-ip-address': ({ privateIps }) => privateIps,
      'addresses.association.public-ip': (own, { region }) => publicIpsOf(region, own),
      'association.public-ip': (own, { region }) => publicIpsOf(region, own),
      'ipv6-addresses.ipv6-address': ({ ipv6Addresses }) => ipv6Addresses,
      'group-id': ({ securityGroupIds }) => securityGroupIds,
      'group-name': ({ securityGroupIds }, { region }) =>
        securityGroupIds.map((id) => region.securityGroups[id]?.name),
      'attachment.instance-id': ({ attachment }) => attachment?.instanceId,
      'attachment.device-index': ({ attachment }) => attachment?.deviceIndex.toString(),
      'attachment.status': (own) => (isUsed(own) ? 'attached' : undefined),
      status: (own) => (isUsed(own) ? 'in-use' : 'available'),
      'source-dest-check': ({ sourceDestCheck }) => yesNo(sourceDestCheck),
      'mac-address': ({ macAddress }) => macAddress,
      description: ({ description }) => description,
      'interface-type': (own) => interfaceType(own),
      'requester-managed': ({ managedBy }) => yesNo(managedBy !== undefined),
      'owner-id': (_own, { region }) => region.account,
    }),
    print: (own, { region, context }) => {
      const { attachment } = own;
      return {
        ...common(region, own, publicOf(region, own)),
        ...(attachment === undefined
          ? {}
          : {
              Attachment: {
                ...attachmentOf(own, context.control.startedAt),
                ...{ InstanceId: attachment.instanceId, InstanceOwnerId: region.account },
              },
            }),
        ...(own.managedBy === undefined
          ? {}
          : {
              Attachment: {
                AttachmentId: associationId('ela-attach', own.id),
                ...{ DeleteOnTermination: false, DeviceIndex: 1, InstanceOwnerId: 'amazon-aws' },
                Status: 'attached',
              },
            }),
        AvailabilityZone: region.subnets[own.subnetId]?.zone,
        ...{ RequesterManaged: own.managedBy !== undefined, TagSet: tagSet(own.tags) },
        RequesterId: own.managedBy === undefined ? undefined : region.account,
      };
    },
  }),
};

/** As `describe-instances` prints it: with less about the attachment, and no tags. */
export function instanceInterface(
  region: Region,
  own: NetworkInterface,
  startedAt: number,
): Structure {
  return {
    ...common(region, own, publicOf(region, own, false)),
    ...(own.attachment === undefined ? {} : { Attachment: attachmentOf(own, startedAt) }),
  };
}

function common(
  region: Region,
  own: NetworkInterface,
  associations: ReadonlyMap<string, Structure>,
): Structure {
  const [primary = ''] = own.privateIps;
  const named = region.vpcs[own.vpcId]?.dnsHostnames === true;
  return {
    Association: associations.get(primary),
    ...{ Description: own.description, MacAddress: own.macAddress, NetworkInterfaceId: own.id },
    Groups: groupsOf(region, own),
    InterfaceType: interfaceType(own),
    Ipv6Addresses: own.ipv6Addresses.map((Ipv6Address) => ({ Ipv6Address, IsPrimaryIpv6: false })),
    OwnerId: region.account,
    ...(named ? { PrivateDnsName: privateDnsName(region.name, primary) } : {}),
    PrivateIpAddress: primary,
    PrivateIpAddresses: own.privateIps.map((PrivateIpAddress, index) => ({
      Association: associations.get(PrivateIpAddress),
      ...{ Primary: index === 0, PrivateIpAddress },
      ...(named ? { PrivateDnsName: privateDnsName(region.name, PrivateIpAddress) } : {}),
    })),
    ...{ SourceDestCheck: own.sourceDestCheck, Status: isUsed(own) ? 'in-use' : 'available' },
    ...{ SubnetId: own.subnetId, VpcId: own.vpcId },
  };
}

export function groupsOf(
  region: Region,
  { securityGroupIds }: NetworkInterface,
): readonly Structure[] {
  return securityGroupIds.map((GroupId) => ({
    ...{ GroupName: region.securityGroups[GroupId]?.name ?? GroupId, GroupId },
  }));
}

function attachmentOf(own: NetworkInterface, startedAt: number): Structure {
  return {
    AttachmentId: associationId('eni-attach', own.id),
    ...{ AttachTime: startedAt, DeleteOnTermination: own.attachment?.deviceIndex === 0 },
    ...{ DeviceIndex: own.attachment?.deviceIndex ?? 0, NetworkCardIndex: 0, Status: 'attached' },
  };
}

const isUsed = ({ attachment, managedBy }: NetworkInterface): boolean =>
  attachment !== undefined || managedBy !== undefined;

const interfaceType = ({ managedBy }: NetworkInterface): string =>
  managedBy === undefined ? 'interface' : TYPES[managedBy.kind];

const publicIpsOf = (region: Region, { id }: NetworkInterface): readonly string[] =>
  publicAddresses(region)
    .filter(({ networkInterfaceId }) => networkInterfaceId === id)
    .map(({ publicIp }) => publicIp);

/** By private address. An instance's own view names no allocation. */
function publicOf(
  region: Region,
  own: NetworkInterface,
  full = true,
): ReadonlyMap<string, Structure> {
  const pairs = publicAddresses(region).filter(
    ({ networkInterfaceId }) => networkInterfaceId === own.id,
  );
  return new Map(
    pairs.map(({ publicIp, privateIp }) => {
      const elastic = Object.values(region.elasticIps).find((each) => each.publicIp === publicIp);
      const allocation = {
        ...{ AllocationId: elastic?.id, AssociationId: elastic?.association?.id },
      };
      return [
        privateIp,
        {
          ...(full && elastic !== undefined ? allocation : {}),
          IpOwnerId: elastic === undefined ? 'amazon' : region.account,
          ...{ PublicDnsName: publicDnsName(region.name, publicIp), PublicIp: publicIp },
        },
      ];
    }),
  );
}
