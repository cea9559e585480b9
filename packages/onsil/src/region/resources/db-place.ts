/** Where a database stands, and what it is called: the same for an instance and a cluster. */
import { hashOf } from '../hash.ts';
import type { Region } from '../region.ts';
import type { Subnet } from '../subnet.ts';
import { defaultSubnets } from './default-vpc.ts';
import type { Properties } from './properties.ts';
import { codeOf, type ResourceContext } from './resource-type.ts';

export interface DbPlace {
  readonly subnetGroupName?: string;
  readonly vpcId: string;
  readonly subnets: readonly Subnet[];
}

/** The subnets of the group that the property names, or those of the default VPC. */
export function dbPlaceOf(region: Region, properties: Properties): DbPlace {
  if (properties.has('DBSubnetGroupName')) {
    const name = properties.requiredText('DBSubnetGroupName').toLowerCase();
    const group = region.dbSubnetGroups[name];
    if (group === undefined) {
      const known = Object.keys(region.dbSubnetGroups).join(', ') || 'none';
      const message = `"${name}" is no DB subnet group of this region; it has ${known}.`;
      return properties.fail('DBSubnetGroupName', message);
    }
    const subnets = group.subnetIds.flatMap((id) => region.subnets[id] ?? []);
    return { subnetGroupName: name, vpcId: group.vpcId, subnets };
  }
  const subnets = defaultSubnets(region);
  const [first] = subnets;
  if (first === undefined) {
    const message = 'The database would go to the default VPC, and this region has none.';
    return properties.fail('DBSubnetGroupName', message, 'Give an AWS::RDS::DBSubnetGroup.');
  }
  return { vpcId: first.vpcId, subnets };
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html */
export function portOfEngine(engine: string): number {
  if (/postgres/.test(engine)) return 5432;
  if (engine.startsWith('oracle')) return 1521;
  if (engine.startsWith('sqlserver')) return 1433;
  if (engine.startsWith('db2')) return 50_000;
  return 3306;
}

/** Lower case: the one given, else of stack and logical id. At most 63 letters. */
export function dbIdentifierOf(
  properties: Properties,
  name: string,
  context: ResourceContext,
): string {
  const made = `${context.stackName}-${context.logicalId}`.slice(0, 50);
  const given = (properties.text(name) ?? `${made}-${codeOf(context, 12)}`).toLowerCase();
  if (!/^[a-z](?!.*--)[a-z0-9-]{0,62}(?<!-)$/.test(given)) {
    const hint = 'Use letters, digits and single hyphens, a letter first.';
    properties.report(name, `"${given}" is not an identifier of a database.`, hint);
  }
  return given;
}

/** `<id>.<code of the account>.<region>.rds.amazonaws.com` */
export function dbEndpointOf(id: string, kind: '' | 'cluster-' | 'cluster-ro-', region: Region) {
  const code = hashOf('rds', region.account, region.name).slice(0, 12);
  return `${id}.${kind}${code}.${region.name}.rds.amazonaws.com`;
}

/** Who may enter. The password stays as it was written; one of AWS's own is a secret. */
export function masterOf(properties: Properties): {
  readonly masterUsername?: string;
  readonly masterUserPassword?: string;
} {
  const masterUsername = properties.text('MasterUsername');
  const masterUserPassword = properties.text('MasterUserPassword');
  const length = masterUserPassword?.length ?? 8;
  if (length < 8 && !masterUserPassword?.includes('{{resolve:')) {
    const message = 'The password has fewer than 8 characters, which AWS does not take.';
    properties.report('MasterUserPassword', message);
  }
  return {
    ...(masterUsername === undefined ? {} : { masterUsername }),
    ...(masterUserPassword === undefined ? {} : { masterUserPassword }),
  };
}
