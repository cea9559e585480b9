import { expect, test } from 'vitest';
import { stackOf } from '../cloudformation/testing.ts';
import { endpointOf } from './endpoint.ts';
import { compile } from './model.ts';
import { notModelledOf } from './not-modelled-of.ts';
import { ask } from './why/why.ts';

const template = (more: object) =>
  JSON.stringify({
    Resources: {
      Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
      Gateway: { Type: 'AWS::EC2::InternetGateway' },
      Attached: {
        Type: 'AWS::EC2::VPCGatewayAttachment',
        Properties: { VpcId: { Ref: 'Vpc' }, InternetGatewayId: { Ref: 'Gateway' } },
      },
      Table: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: { Ref: 'Vpc' } } },
      Out: {
        Type: 'AWS::EC2::Route',
        DependsOn: 'Attached',
        Properties: {
          RouteTableId: { Ref: 'Table' },
          DestinationCidrBlock: '0.0.0.0/0',
          GatewayId: { Ref: 'Gateway' },
        },
      },
      Subnet: {
        Type: 'AWS::EC2::Subnet',
        Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.0.0/24' },
      },
      Joined: {
        Type: 'AWS::EC2::SubnetRouteTableAssociation',
        Properties: { SubnetId: { Ref: 'Subnet' }, RouteTableId: { Ref: 'Table' } },
      },
      Web: {
        Type: 'AWS::EC2::Instance',
        DependsOn: 'Joined',
        Properties: {
          ImageId: 'ami-1',
          NetworkInterfaces: [
            { DeviceIndex: '0', SubnetId: { Ref: 'Subnet' }, AssociatePublicIpAddress: true },
          ],
        },
      },
      ...more,
    },
  });

function verdictOf(more: object) {
  const { region, stack } = stackOf(template(more));
  const model = compile(region, 'ipv4', { notModelled: notModelledOf(stack, region) });
  const [from, to] = ['Web', '203.0.113.9'].map((name) => endpointOf({ model }, name));
  if (from === undefined || to === undefined || 'unknown' in from || 'unknown' in to) {
    throw new Error('unknown');
  }
  const words = ask(model, { from, to }).outcomes.map(({ verdict }) =>
    verdict.kind === 'not-modelled' ? verdict.resource : verdict.kind,
  );
  return [...new Set(words)];
}

test.each([
  ['nothing more', {}, 'reachable'],
  [
    'a route table of the gateway',
    {
      Edge: {
        Type: 'AWS::EC2::GatewayRouteTableAssociation',
        Properties: { GatewayId: { Ref: 'Gateway' }, RouteTableId: { Ref: 'Table' } },
      },
    },
    'Edge',
  ],
  [
    'Block Public Access',
    {
      Block: {
        Type: 'AWS::EC2::VPCBlockPublicAccessOptions',
        Properties: { InternetGatewayBlockMode: 'block-bidirectional' },
      },
    },
    'Block',
  ],
  [
    'propagated routes',
    {
      Told: {
        Type: 'AWS::EC2::VPNGatewayRoutePropagation',
        Properties: { RouteTableIds: [{ Ref: 'Table' }], VpnGatewayId: 'vgw-1' },
      },
    },
    'Told',
  ],
])('with %s, what reaches the Internet is no more than known', (_, more, expected) => {
  expect(verdictOf(more)).toEqual([expected]);
});
