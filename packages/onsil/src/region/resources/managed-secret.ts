/** The secret that RDS makes for a master user: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html */
import { put, type Region } from '../region.ts';
import type { Secret } from '../secret.ts';
import type { Properties } from './properties.ts';
import { arnOf, codeOf, type ResourceContext } from './resource-type.ts';

/** The region with the secret, where `ManageMasterUserPassword` asks for one. */
export function withManagedSecret(
  region: Region,
  properties: Properties,
  of: { readonly id: string; readonly username: string },
  context: ResourceContext,
): { readonly region: Region; readonly masterUserSecretArn?: string } {
  if (properties.boolean('ManageMasterUserPassword') !== true) return { region };
  if (properties.has('MasterUserPassword')) {
    const message = 'RDS manages the password already.';
    properties.report('MasterUserPassword', message, 'Leave it or ManageMasterUserPassword out.');
  }
  const name = `rds!${of.id}`;
  const arn = arnOf(context, 'secretsmanager', `secret:${name}-${codeOf(context, 6, 'secret')}`);
  const secret: Secret = {
    ...{ arn, name, tags: {} },
    source: {
      kind: 'generated',
      form: {
        length: 32,
        excludeCharacters: '/@"\'\\ ',
        excludeLowercase: false,
        excludeNumbers: false,
        excludePunctuation: false,
        excludeUppercase: false,
        includeSpace: false,
        requireEachIncludedType: true,
        template: { json: JSON.stringify({ username: of.username }), key: 'password' },
      },
    },
  };
  return { region: put(region, 'secrets', arn, secret), masterUserSecretArn: arn };
}

/** What Fn::GetAtt gives of it; nothing where there is none. */
export function managedSecretAttribute(arn: string | undefined): Readonly<Record<string, string>> {
  return arn === undefined ? {} : { 'MasterUserSecret.SecretArn': arn };
}
