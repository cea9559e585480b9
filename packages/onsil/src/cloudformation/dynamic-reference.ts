import { type DynamicReference, replaceReferences } from '../region/dynamic-reference.ts';
import { problem } from '../region/problem.ts';
import type { Scope } from './scope.ts';

/**
 * The properties that take a SecureString, by type; others never see one.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm-secure-strings.html
 */
const SECURE: Readonly<Record<string, readonly string[]>> = {
  'AWS::DirectoryService::MicrosoftAD': ['Password'],
  'AWS::DirectoryService::SimpleAD': ['Password'],
  'AWS::ElastiCache::ReplicationGroup': ['AuthToken'],
  'AWS::IAM::User': ['LoginProfile.Password'],
  'AWS::KinesisFirehose::DeliveryStream': ['RedshiftDestinationConfiguration.Password'],
  'AWS::OpsWorks::App': ['AppSource.Password'],
  'AWS::OpsWorks::Stack': ['CustomCookbooksSource.Password', 'RdsDbInstances.DbPassword'],
  'AWS::RDS::DBCluster': ['MasterUserPassword'],
  'AWS::RDS::DBInstance': ['MasterUserPassword'],
  'AWS::Redshift::Cluster': ['MasterUserPassword'],
};

/**
 * A text with its dynamic references to the parameter store replaced. Those to secrets stay as
 * they are written: who uses the value resolves it, so that it is in no region and in no output.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
 */
export function resolveReferences(text: string, scope: Scope, path: string): string {
  return replaceReferences(text, (reference, whole) => {
    switch (reference.service) {
      case 'ssm':
        return parameterValue(reference, scope, path);
      case 'ssm-secure':
        checkSecure(scope, path);
        return whole;
      case 'secretsmanager':
        if (!scope.isSecret(reference.id)) {
          scope.warn({
            severity: 'warning',
            path,
            message: `The template makes no secret "${reference.id}": ${whole} must be there when this is created.`,
          });
        }
        return whole;
      case 'unknown':
        throw unknown(reference.name, whole, path);
    }
  });
}

function unknown(service: string, whole: string, path: string) {
  if (/^(ssm|ssm-secure|secretsmanager)$/.test(service)) {
    const form =
      service === 'secretsmanager'
        ? 'secretsmanager:NAME-OR-ARN:SecretString:KEY'
        : `${service}:NAME:VERSION`;
    const hint = `Write {{resolve:${form}}}.`;
    throw problem(path, `${whole} names nothing.`, hint, {
      text: `Incorrect format is used in the following ${service === 'secretsmanager' ? 'Secrets Manager' : 'SSM'} reference: [*]`,
      name: whole,
    });
  }
  throw problem(
    path,
    `"${service}" in ${whole} is not a service for dynamic references.`,
    'There are ssm, ssm-secure and secretsmanager.',
  );
}

function checkSecure({ template }: Scope, path: string): void {
  const [section, logicalId = '', , ...rest] = path.split('.');
  const type = section === 'Resources' ? template.resources[logicalId]?.type : undefined;
  const property = rest.join('.').replaceAll(/\[\d+\]/g, '');
  if (type !== undefined && SECURE[type]?.includes(property) === true) return;
  const place = type === undefined ? path : `${type}/Properties/${rest.join('/')}`;
  throw problem(
    path,
    'A SecureString is not taken here.',
    'AWS takes {{resolve:ssm-secure:…}} in passwords of databases and directories only. Use a secret: {{resolve:secretsmanager:…}}.',
    { text: 'SSM Secure reference is not supported in: [*]', name: place },
  );
}

function parameterValue(
  { name, version }: Extract<DynamicReference, { readonly service: 'ssm' }>,
  scope: Scope,
  path: string,
): string {
  const found = scope.parameterStore[name];
  if (found === undefined) {
    const hint = 'Create it first, as an AWS::SSM::Parameter or by hand.';
    throw problem(path, `There is no parameter "${name}" in the parameter store.`, hint, {
      text: 'Parameters: [*] cannot be found.',
      name: `ssm:${version === undefined ? name : `${name}:${version}`}`,
    });
  }
  if (version !== undefined && found.version !== undefined && version !== `${found.version}`) {
    throw problem(
      path,
      `The parameter "${name}" is at version ${found.version}; version ${version} is not kept here.`,
      `Ask for version ${found.version}, or for the newest: {{resolve:ssm:${name}}}.`,
    );
  }
  if (found.type === 'SecureString') {
    const asked = version === undefined ? name : `${name}:${version}`;
    throw problem(path, `"${name}" is a SecureString.`, `Use {{resolve:ssm-secure:${asked}}}.`);
  }
  return found.value;
}
