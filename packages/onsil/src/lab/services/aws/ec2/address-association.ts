import type { ElasticIp } from '../../../../region/elastic-ip.ts';
import { put, type Region } from '../../../../region/region.ts';
import { elasticIpAssociation } from '../../../../region/resources/elastic-ip-association.ts';
import { AwsError } from '../../endpoints/error.ts';
import type { Operations } from '../operation.ts';
import { flag, type Structure, text } from '../value.ts';
import { ALLOCATION_IDS } from './address.ts';
import { change, made } from './change.ts';
import { notFound, thingOf } from './describe.ts';
import { INSTANCE_IDS } from './instance.ts';
import { INTERFACE_IDS } from './network-interface.ts';

export const addressAssociationOperations: Operations = {
  AssociateAddress: {
    handle: (input, call) =>
      change(call, (region) => {
        const address = addressOf(region, input);
        const instanceId = text(input, 'InstanceId');
        const interfaceId = text(input, 'NetworkInterfaceId');
        if (instanceId !== undefined) thingOf(region.instances, instanceId, INSTANCE_IDS);
        if (interfaceId !== undefined)
          thingOf(region.networkInterfaces, interfaceId, INTERFACE_IDS);
        // Moving one is allowed unless the caller says that it is not.
        if (address.association !== undefined && flag(input, 'AllowReassociation') === false) {
          const message = `resource ${address.id} is already associated with associate-id ${address.association.id}`;
          throw new AwsError(400, 'Resource.AlreadyAssociated', message);
        }
        const free = put(region, 'elasticIps', address.id, withoutAssociation(address));
        const created = made(free, elasticIpAssociation, {
          ...{ AllocationId: address.id, InstanceId: instanceId, NetworkInterfaceId: interfaceId },
          PrivateIpAddress: text(input, 'PrivateIpAddress'),
        });
        const result = { AssociationId: created.region.elasticIps[address.id]?.association?.id };
        return { region: created.region, result };
      }),
  },
  DisassociateAddress: {
    handle: (input, call) =>
      change(call, (region) => {
        const id = text(input, 'AssociationId');
        const publicIp = text(input, 'PublicIp');
        const found = Object.values(region.elasticIps).find((each) =>
          id === undefined ? each.publicIp === publicIp : each.association?.id === id,
        );
        if (found?.association === undefined) {
          const names = { code: 'InvalidAssociationID.NotFound', noun: 'association ID' };
          throw notFound(names, [id ?? publicIp ?? '']);
        }
        const next = put(region, 'elasticIps', found.id, withoutAssociation(found));
        return { region: next, result: {} };
      }),
  },
};

function withoutAssociation({ association: _gone, ...rest }: ElasticIp): ElasticIp {
  return rest;
}

function addressOf(region: Region, input: Structure): ElasticIp {
  const id = text(input, 'AllocationId');
  if (id !== undefined) return thingOf(region.elasticIps, id, ALLOCATION_IDS);
  const publicIp = text(input, 'PublicIp') ?? '';
  const found = Object.values(region.elasticIps).find((each) => each.publicIp === publicIp);
  if (found === undefined)
    throw new AwsError(400, 'InvalidAddress.NotFound', `Address '${publicIp}' not found.`);
  return found;
}
