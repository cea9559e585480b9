import { hashIndex } from '../hash.ts';
import type { HostedZone } from '../hosted-zone.ts';
import { put } from '../region.ts';
import { codeOf, type ResourceContext, type ResourceType } from './resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-route53-hostedzone.html */
export const hostedZone: ResourceType = {
  type: 'AWS::Route53::HostedZone',
  properties: {
    real: ['Name', 'VPCs'],
    recorded: ['HostedZoneConfig', 'HostedZoneTags', 'QueryLoggingConfig'],
  },
  create(region, properties, context) {
    const name = domainName(properties.requiredText('Name'));
    const vpcIds = properties.groups('VPCs').flatMap((vpc) => {
      const regionName = vpc.text('VPCRegion');
      if (regionName !== undefined && regionName !== region.name) {
        vpc.warn('VPCRegion', `The VPC is in ${regionName}; only ${region.name} is modelled.`);
        vpc.ignore('VPCId');
        return [];
      }
      return [vpc.reference('VPCId', region.vpcs, 'VPC').id];
    });
    properties.ignore('HostedZoneConfig', 'HostedZoneTags', 'QueryLoggingConfig');
    properties.check();
    const id = `Z${codeOf(context, 20)}`;
    const nameServers = vpcIds.length > 0 ? [] : nameServersOf(context);
    const made: HostedZone = { id, name, vpcIds, nameServers, records: [] };
    return {
      region: put(region, 'hostedZones', id, made),
      physicalId: id,
      attributes: { Id: id, NameServers: nameServers },
    };
  },
};

/** Lower case, with the final dot. */
export function domainName(text: string): string {
  const lower = text.toLowerCase();
  return lower === '' || lower.endsWith('.') ? lower : `${lower}.`;
}

/** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/GetInfoAboutHostedZone.html */
function nameServersOf({ account, stackName, logicalId }: ResourceContext): readonly string[] {
  return ['com', 'net', 'org', 'co.uk'].map((ending, index) => {
    const number = (count: number, part: string) =>
      hashIndex(count, 'name server', account, stackName, logicalId, ending, part);
    const host = number(512, 'host') + 512 * index;
    return `ns-${host}.awsdns-${String(number(64, 'domain')).padStart(2, '0')}.${ending}`;
  });
}
