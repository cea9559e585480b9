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
export function masterOf(
  properties: Properties,
  engine: string,
): {
  readonly masterUsername?: string;
  readonly masterUserPassword?: string;
} {
  const masterUsername = properties.text('MasterUsername');
  const masterUserPassword = properties.text('MasterUserPassword');
  const isSecret = (text: string | undefined) => text?.includes('{{resolve:') === true;
  if (masterUserPassword !== undefined && !isSecret(masterUserPassword)) {
    const message = passwordProblem(engine, masterUserPassword);
    if (message !== undefined) properties.report('MasterUserPassword', message);
  }
  if (masterUsername !== undefined && !isSecret(masterUsername)) {
    const message = usernameProblem(engine, masterUsername);
    if (message !== undefined) properties.report('MasterUsername', message);
  }
  return {
    ...(masterUsername === undefined ? {} : { masterUsername }),
    ...(masterUserPassword === undefined ? {} : { masterUserPassword }),
  };
}

/**
 * Why RDS does not take a password; nothing where it does.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
 */
export function passwordProblem(engine: string, password: string): string | undefined {
  const most = /postgres|sqlserver/.test(engine) ? 128 : 41;
  const is = 'The parameter MasterUserPassword is not a valid password';
  if (password.length < 8) return `${is}: it is shorter than 8 characters.`;
  if (password.length > most) return `${is}: it is longer than ${most} characters.`;
  if (!/^[!-~]*$/.test(password) || /[/@"]/.test(password)) {
    return `${is}. Only printable ASCII characters besides '/', '@', '"', ' ' may be used.`;
  }
  return undefined;
}

/** Why RDS does not take the name of a master user; nothing where it does. */
export function usernameProblem(engine: string, name: string): string | undefined {
  const isPostgres = engine.includes('postgres');
  const reserved = ['rdsadmin', ...(isPostgres ? ['admin'] : [])];
  if (reserved.includes(name.toLowerCase())) {
    return `MasterUsername ${name} cannot be used as it is a reserved word used by the engine.`;
  }
  if (isPostgres && /^pg_/i.test(name)) {
    return `MasterUsername ${name} cannot be used because role names starting with "pg_" are reserved by the PostgreSQL engine.`;
  }
  const most = isPostgres ? 63 : engine.startsWith('sqlserver') ? 128 : 32;
  if (/^[A-Za-z]\w*$/.test(name) && name.length <= most) return undefined;
  return `"${name}" is no name of a master user: letters, digits and underscores, a letter first, at most ${most}.`;
}
