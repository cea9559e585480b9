import { expect, test } from 'vitest';
import { inVpc, stackOf } from '../cloudformation/testing.ts';
import { groupsOf, instanceByName, interfacesOf, peeringBetween, routeTableOf } from './lookup.ts';
import { RegionBuilder } from './testing.ts';

const { region, stack } = stackOf(
  inVpc(`
Association:
  Type: AWS::EC2::SubnetRouteTableAssociation
  Properties: {SubnetId: !Ref Public, RouteTableId: !Ref Table}
Bastion:
  Type: AWS::EC2::Instance
  Properties:
    ImageId: ami-0123456789abcdef0
    SubnetId: !Ref Public
    SecurityGroupIds: [!Ref Group]
    Tags: [{Key: Name, Value: bastion}]`),
);
const idOf = (logicalId: string) => stack.resources[logicalId]?.physicalId ?? '';

test('an instance by its name, its interfaces and their groups', () => {
  const bastion = instanceByName(region, 'bastion');
  expect(bastion?.id).toBe(idOf('Bastion'));
  const [primary] = bastion === undefined ? [] : interfacesOf(region, bastion);
  expect(primary?.attachment).toEqual({ instanceId: idOf('Bastion'), deviceIndex: 0 });
  expect(primary && groupsOf(region, primary).map(({ name }) => name)).toEqual(['test']);
  expect(instanceByName(region, 'nobody')).toBeUndefined();
});

test('the associated route table, else the main one', () => {
  expect(routeTableOf(region, idOf('Public'))?.id).toBe(idOf('Table'));
  expect(routeTableOf(region, idOf('Private'))?.main).toBe(true);
});

test('the active connection between two VPCs, in either direction', () => {
  const { region: peered } = new RegionBuilder()
    .peering('pcx-1', 'vpc-a', 'vpc-b')
    .peering('pcx-2', 'vpc-a', 'vpc-c', false);
  expect(peeringBetween(peered, 'vpc-a', 'vpc-b')?.id).toBe('pcx-1');
  expect(peeringBetween(peered, 'vpc-b', 'vpc-a')?.id).toBe('pcx-1');
  expect(peeringBetween(peered, 'vpc-a', 'vpc-c')).toBeUndefined();
  expect(peeringBetween(peered, 'vpc-b', 'vpc-c')).toBeUndefined();
});
