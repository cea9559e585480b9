import { providedIpv6Block } from '../allocate.ts';
import { overlaps } from '../ipv4.ts';
import { overlaps6 } from '../ipv6.ts';
import { peeringBetween } from '../lookup.ts';
import { put, type Region } from '../region.ts';
import type { Vpc } from '../vpc.ts';
import { ipv6BlockOf } from './block.ts';
import { withLocalRoute } from './local-route.ts';
import type { Properties } from './properties.ts';
import { idOf, type ResourceType } from './resource-type.ts';
import { vpcBlock } from './vpc.ts';
import { withIpv6Defaults } from './vpc-ipv6-defaults.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-vpccidrblock.html */
export const vpcCidrBlock: ResourceType = {
  type: 'AWS::EC2::VPCCidrBlock',
  properties: {
    real: ['AmazonProvidedIpv6CidrBlock', 'CidrBlock', 'Ipv6CidrBlock', 'VpcId'],
    recorded: ['Ipv6CidrBlockNetworkBorderGroup', 'Ipv6Pool'],
    rejected: ['Ipv4IpamPoolId', 'Ipv6IpamPoolId'],
  },
  create(region, properties, context) {
    const vpc = properties.reference('VpcId', region.vpcs, 'VPC');
    const id = idOf(context, 'vpc-cidr-assoc');
    const created = { physicalId: id, attributes: { Id: id } };
    if (properties.has('CidrBlock')) {
      const cidr = vpcBlock(properties, 'CidrBlock');
      properties.check();
      checkFree(region, properties, 'CidrBlock', vpc, cidr);
      const grown = put(region, 'vpcs', vpc.id, { ...vpc, cidrs: [...vpc.cidrs, cidr] });
      return { ...created, region: withLocalRoute(grown, vpc.id, cidr) };
    }
    if (properties.has('Ipv4IpamPoolId')) {
      const message = 'An IPAM pool is not modelled: the VPC gets no block here.';
      properties.warn('Ipv4IpamPoolId', message, 'Give the CidrBlock.');
      return { ...created, region, status: 'recorded' };
    }
    const cidr = ipv6Of(properties, vpc);
    properties.check();
    const grown = put(region, 'vpcs', vpc.id, { ...vpc, ipv6Cidrs: [...vpc.ipv6Cidrs, cidr] });
    const routed = withLocalRoute(grown, vpc.id, cidr);
    return { ...created, region: withIpv6Defaults(routed, vpc, context) };
  },
};

/** A block of one's own, else one that is drawn: the same in every run. */
function ipv6Of(properties: Properties, vpc: Vpc): string {
  properties.ignore('Ipv6CidrBlockNetworkBorderGroup', 'Ipv6Pool');
  const drawn = providedIpv6Block(vpc.id, vpc.ipv6Cidrs.length);
  if (properties.has('Ipv6CidrBlock')) {
    const cidr = ipv6BlockOf(properties, 'Ipv6CidrBlock');
    properties.check();
    const clash = vpc.ipv6Cidrs.find((other) => overlaps6(other, cidr));
    if (clash !== undefined) {
      const message = `${cidr} overlaps ${clash}, which ${vpc.id} already has.`;
      properties.fail('Ipv6CidrBlock', message);
    }
    return cidr;
  }
  if (properties.has('Ipv6IpamPoolId')) {
    const message = `An IPAM pool is not modelled: the VPC gets ${drawn} here.`;
    properties.warn('Ipv6IpamPoolId', message);
    return drawn;
  }
  if (properties.boolean('AmazonProvidedIpv6CidrBlock') !== true) {
    properties.report(
      '',
      'The resource gives no block.',
      'Give CidrBlock, or AmazonProvidedIpv6CidrBlock: true.',
    );
  }
  return drawn;
}

/** https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html: nor may it overlap a peer. */
function checkFree(
  region: Region,
  properties: Properties,
  name: string,
  vpc: Vpc,
  cidr: string,
): void {
  const clash = vpc.cidrs.find((other) => overlaps(other, cidr));
  if (clash !== undefined) {
    properties.fail(name, `${cidr} overlaps ${clash}, which ${vpc.id} already has.`);
  }
  for (const peer of Object.values(region.vpcs)) {
    const taken = peer.cidrs.find((other) => overlaps(other, cidr));
    if (taken === undefined || peeringBetween(region, vpc.id, peer.id) === undefined) continue;
    properties.fail(name, `${cidr} overlaps ${taken} of ${peer.id}, a peer of ${vpc.id}.`);
  }
}
