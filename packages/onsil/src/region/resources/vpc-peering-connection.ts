import { overlaps } from '../ipv4.ts';
import { overlaps6 } from '../ipv6.ts';
import { peeringBetween } from '../lookup.ts';
import { put, type Region } from '../region.ts';
import type { Vpc } from '../vpc.ts';
import type { VpcPeeringConnection } from '../vpc-peering-connection.ts';
import type { Properties } from './properties.ts';
import { idOf, type ResourceContext, type ResourceType } from './resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-vpcpeeringconnection.html */
export const vpcPeeringConnection: ResourceType = {
  type: 'AWS::EC2::VPCPeeringConnection',
  properties: {
    real: ['PeerOwnerId', 'PeerRegion', 'PeerVpcId', 'Tags', 'VpcId'],
    recorded: ['AssumeRoleRegion', 'PeerRoleArn'],
  },
  create(region, properties, context) {
    const vpc = properties.reference('VpcId', region.vpcs, 'VPC');
    const tags = properties.tags();
    properties.ignore('PeerRoleArn', 'AssumeRoleRegion');
    const active = peerIsHere(properties, context);
    const accepterVpcId = active
      ? localPeer(region, properties, vpc).id
      : properties.requiredText('PeerVpcId');
    properties.check();
    const id = idOf(context, 'pcx');
    const made: VpcPeeringConnection = {
      id,
      requesterVpcId: vpc.id,
      accepterVpcId,
      active,
      tags,
    };
    return {
      region: put(region, 'vpcPeeringConnections', id, made),
      physicalId: id,
      attributes: { Id: id },
    };
  },
};

/** With a warning where it is not: another side would have to accept, and has its own state. */
function peerIsHere(properties: Properties, { account, regionName }: ResourceContext): boolean {
  const owner = properties.text('PeerOwnerId') ?? account;
  const peerRegion = properties.text('PeerRegion') ?? regionName;
  const away =
    owner === account ? (peerRegion === regionName ? undefined : 'PeerRegion') : 'PeerOwnerId';
  // The id of something that is not modelled, as the output of a nested stack.
  const unknown = !/^(?:vpc-|$)/.test(properties.text('PeerVpcId') ?? '');
  const name = away ?? (unknown ? 'PeerVpcId' : undefined);
  if (name === undefined) return true;
  properties.warn(
    name,
    `The peer VPC is not in this region (${regionName}) of this account (${account}): the connection is never active here.`,
  );
  return false;
}

/** https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html#vpc-peering-limitations */
function localPeer(region: Region, properties: Properties, vpc: Vpc): Vpc {
  const peer = properties.reference('PeerVpcId', region.vpcs, 'VPC');
  const refuse = (message: string) => properties.fail('PeerVpcId', message);
  if (peer.id === vpc.id) refuse('A VPC cannot be peered with itself.');
  const other = peeringBetween(region, vpc.id, peer.id);
  if (other !== undefined) refuse(`${vpc.id} and ${peer.id} are already peered by ${other.id}.`);
  const pairs = [
    ...vpc.cidrs.flatMap((own) =>
      peer.cidrs.flatMap((far) => (overlaps(own, far) ? [[own, far]] : [])),
    ),
    ...vpc.ipv6Cidrs.flatMap((own) =>
      peer.ipv6Cidrs.flatMap((far) => (overlaps6(own, far) ? [[own, far]] : [])),
    ),
  ];
  const [clash] = pairs;
  if (clash !== undefined) {
    const [own, far] = clash;
    refuse(
      `${far} of ${peer.id} overlaps ${own} of ${vpc.id}; VPCs that overlap cannot be peered.`,
    );
  }
  return peer;
}
