import { put } from '../region.ts';
import { withPrefixList } from './named-prefix-list.ts';
import type { ResourceType } from './resource-type.ts';
import { DESTINATIONS, destinationOf } from './route-destination.ts';
import { TARGETS, targetNameOf, targetOf } from './route-target.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-route.html */
export const route: ResourceType = {
  type: 'AWS::EC2::Route',
  properties: { real: ['RouteTableId', ...DESTINATIONS, ...TARGETS] },
  create(region, properties) {
    const table = properties.reference('RouteTableId', region.routeTables, 'route table');
    const targetName = targetNameOf(properties);
    const destination = destinationOf(region, properties, table, targetName);
    const target = targetOf(region, properties, table, targetName, destination);
    properties.check();
    const routes = [...table.routes, { destination: destination.text, target }];
    const known =
      destination.kind === 'prefix-list' ? withPrefixList(region, destination.text) : region;
    return {
      region: put(known, 'routeTables', table.id, { ...table, routes }),
      physicalId: `${table.id}|${destination.text}`,
      attributes: { CidrBlock: destination.text },
    };
  },
};
