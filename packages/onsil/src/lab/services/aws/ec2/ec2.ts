/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Operations.html */
import type { ServiceDefinition } from '../operation.ts';
import { addressOperations } from './address.ts';
import { addressAssociationOperations } from './address-association.ts';
import { gatewayOperations } from './gateway.ts';
import { imageOperations } from './image.ts';
import { instanceOperations } from './instance.ts';
import { networkAclOperations } from './network-acl.ts';
import { networkInterfaceOperations } from './network-interface.ts';
import { otherOperations } from './other.ts';
import { powerOperations } from './power.ts';
import { routeOperations } from './route.ts';
import { routeTableOperations } from './route-table.ts';
import { securityGroupOperations } from './security-group.ts';
import { securityGroupRuleOperations } from './security-group-rule.ts';
import { subnetOperations } from './subnet.ts';
import { tagOperations } from './tag.ts';
import { keyPairOperations, volumeOperations } from './volume-key-pair.ts';
import { vpcOperations } from './vpc.ts';
import { vpcEndpointOperations } from './vpc-endpoint.ts';
import { zoneOperations } from './zone.ts';

export const ec2: ServiceDefinition = {
  prefix: 'ec2',
  operations: {
    ...{ ...vpcOperations, ...subnetOperations, ...routeTableOperations, ...routeOperations },
    ...{ ...securityGroupOperations, ...securityGroupRuleOperations, ...networkAclOperations },
    ...{ ...networkInterfaceOperations, ...gatewayOperations, ...vpcEndpointOperations },
    ...{ ...addressOperations, ...addressAssociationOperations, ...instanceOperations },
    ...{ ...powerOperations, ...imageOperations, ...volumeOperations, ...keyPairOperations },
    ...{ ...zoneOperations, ...tagOperations, ...otherOperations },
  },
};
