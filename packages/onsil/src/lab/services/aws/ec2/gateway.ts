/** Gateways of a VPC to somewhere else. */
import type { EgressOnlyInternetGateway } from '../../../../region/egress-only-internet-gateway.ts';
import type { InternetGateway } from '../../../../region/internet-gateway.ts';
import type { NatGateway } from '../../../../region/nat-gateway.ts';
import type { Region } from '../../../../region/region.ts';
import type { VpcPeeringConnection } from '../../../../region/vpc-peering-connection.ts';
import type { Operations } from '../operation.ts';
import type { Structure } from '../value.ts';
import { describes, tagged, tagSet } from './describe.ts';

export const gatewayOperations: Operations = {
  DescribeInternetGateways: describes<InternetGateway>({
    set: 'InternetGateways',
    ids: {
      ...{ member: 'InternetGatewayIds', code: 'InvalidInternetGatewayID.NotFound' },
      ...{ noun: 'internetGateway ID', of: ({ id }) => id },
    },
    all: ({ internetGateways }) => Object.values(internetGateways),
    filters: tagged({
      'internet-gateway-id': ({ id }) => id,
      'attachment.vpc-id': ({ vpcId }) => vpcId,
      'attachment.state': ({ vpcId }) => (vpcId === undefined ? undefined : 'available'),
      'owner-id': (_own, { region }) => region.account,
    }),
    print: ({ id, vpcId, tags }, { region }) => ({
      Attachments: vpcId === undefined ? [] : [{ State: 'available', VpcId: vpcId }],
      ...{ InternetGatewayId: id, OwnerId: region.account, Tags: tagSet(tags) },
    }),
  }),
  DescribeEgressOnlyInternetGateways: describes<EgressOnlyInternetGateway>({
    set: 'EgressOnlyInternetGateways',
    ids: {
      ...{ member: 'EgressOnlyInternetGatewayIds', code: 'InvalidGatewayID.NotFound' },
      ...{ noun: 'eigw ID', of: ({ id }) => id },
    },
    all: ({ egressOnlyInternetGateways }) => Object.values(egressOnlyInternetGateways),
    filters: tagged({ 'vpc-id': ({ vpcId }) => vpcId }),
    print: ({ id, vpcId, tags }) => ({
      Attachments: [{ State: 'attached', VpcId: vpcId }],
      ...{ EgressOnlyInternetGatewayId: id, Tags: tagSet(tags) },
    }),
  }),
  DescribeNatGateways: natGateways(),
  /** A template may name such gateways; the lab has none. */
  DescribeTransitGateways: { handle: () => ({ TransitGateways: [] }) },
  DescribeVpnGateways: { handle: () => ({ VpnGateways: [] }) },
  DescribeVpcPeeringConnections: describes<VpcPeeringConnection>({
    set: 'VpcPeeringConnections',
    ids: {
      ...{ member: 'VpcPeeringConnectionIds', code: 'InvalidVpcPeeringConnectionID.NotFound' },
      ...{ noun: 'vpcPeeringConnection ID', of: ({ id }) => id },
    },
    all: ({ vpcPeeringConnections }) => Object.values(vpcPeeringConnections),
    filters: tagged({
      'vpc-peering-connection-id': ({ id }) => id,
      'requester-vpc-info.vpc-id': ({ requesterVpcId }) => requesterVpcId,
      'accepter-vpc-info.vpc-id': ({ accepterVpcId }) => accepterVpcId,
      'status-code': ({ active }) => (active ? 'active' : 'pending-acceptance'),
    }),
    print: (own, { region }) => ({
      AccepterVpcInfo: peer(region, own.accepterVpcId),
      RequesterVpcInfo: peer(region, own.requesterVpcId),
      Status: own.active
        ? { Code: 'active', Message: 'Active' }
        : { Code: 'pending-acceptance', Message: `Pending Acceptance by ${region.account}` },
      ...{ Tags: tagSet(own.tags), VpcPeeringConnectionId: own.id },
    }),
  }),
};

/** This one's filters have a name of their own. */
function natGateways() {
  const inner = describes<NatGateway>({
    set: 'NatGateways',
    ids: {
      ...{ member: 'NatGatewayIds', code: 'NatGatewayNotFound', noun: 'NAT gateway' },
      of: ({ id }) => id,
    },
    all: ({ natGateways: all }) => Object.values(all),
    filters: tagged({
      'nat-gateway-id': ({ id }) => id,
      'vpc-id': ({ vpcId }) => vpcId,
      'subnet-id': ({ subnetId }) => subnetId,
      state: () => 'available',
    }),
    print: (nat, { region, context }) => {
      const own = region.networkInterfaces[nat.networkInterfaceId];
      const elastic = Object.values(region.elasticIps).find(
        ({ association }) => association?.networkInterfaceId === nat.networkInterfaceId,
      );
      return {
        ...{ CreateTime: context.control.startedAt, NatGatewayId: nat.id, State: 'available' },
        NatGatewayAddresses: [
          {
            ...{ AllocationId: elastic?.id, AssociationId: elastic?.association?.id },
            ...{ NetworkInterfaceId: nat.networkInterfaceId, PublicIp: elastic?.publicIp },
            ...{ PrivateIp: own?.privateIps[0], IsPrimary: true, Status: 'succeeded' },
          },
        ],
        ...{ SubnetId: nat.subnetId, VpcId: nat.vpcId, Tags: tagSet(nat.tags) },
        ConnectivityType: nat.connectivity,
      };
    },
  });
  return {
    ...inner,
    handle: (input: Structure, call: Parameters<typeof inner.handle>[1]) =>
      inner.handle({ ...input, Filters: input['Filter'] }, call),
  };
}

function peer(region: Region, vpcId: string): Structure {
  const cidrs = region.vpcs[vpcId]?.cidrs ?? [];
  return {
    ...{ CidrBlock: cidrs[0], CidrBlockSet: cidrs.map((CidrBlock) => ({ CidrBlock })) },
    ...{ OwnerId: region.account, VpcId: vpcId, Region: region.name },
    PeeringOptions: {
      AllowDnsResolutionFromRemoteVpc: false,
      AllowEgressFromLocalClassicLinkToRemoteVpc: false,
      AllowEgressFromLocalVpcToRemoteClassicLink: false,
    },
  };
}
