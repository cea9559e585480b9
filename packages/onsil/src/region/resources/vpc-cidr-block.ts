import { overlaps } from '../ipv4.ts';
import { put } from '../region.ts';
import { idOf, type ResourceType } from './resource-type.ts';
import { vpcBlock } from './vpc.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-vpccidrblock.html */
export const vpcCidrBlock: ResourceType = {
  type: 'AWS::EC2::VPCCidrBlock',
  create(region, properties, context) {
    const vpc = properties.reference('VpcId', region.vpcs, 'VPC');
    const id = idOf(context, 'vpc-cidr-assoc');
    const created = { physicalId: id, attributes: { Id: id } };
    if (!properties.has('CidrBlock')) {
      const message = 'IPv6 is not modelled: the VPC gets no block here.';
      properties.warn('AmazonProvidedIpv6CidrBlock', message);
      return { ...created, region, status: 'recorded' };
    }

    const cidr = vpcBlock(properties, 'CidrBlock');
    properties.check();
    const clash = vpc.cidrs.find((other) => overlaps(other, cidr));
    if (clash !== undefined) {
      properties.fail('CidrBlock', `${cidr} overlaps ${clash}, which ${vpc.id} already has.`);
    }
    const tables = Object.values(region.routeTables).filter(({ vpcId }) => vpcId === vpc.id);
    const route = { destination: cidr, target: { kind: 'local' } } as const;
    return {
      ...created,
      region: tables.reduce(
        (next, table) => {
          const local = table.routes.filter(({ target }) => target.kind === 'local');
          const others = table.routes.filter(({ target }) => target.kind !== 'local');
          const routes = [...local, route, ...others];
          return put(next, 'routeTables', table.id, { ...table, routes });
        },
        put(region, 'vpcs', vpc.id, { ...vpc, cidrs: [...vpc.cidrs, cidr] }),
      ),
    };
  },
};
