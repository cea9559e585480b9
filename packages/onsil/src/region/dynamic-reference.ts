/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html */

/** To a value that is in no template, and here in no region: who uses it resolves it. */
export type SecretReference =
  | {
      readonly service: 'secretsmanager';
      /** Name or ARN. */
      readonly id: string;
      /** Of a field of its JSON; absent: all of it. */
      readonly key?: string;
      /** Absent: AWSCURRENT. */
      readonly stage?: string;
      readonly versionId?: string;
    }
  | {
      readonly service: 'ssm-secure';
      readonly name: string;
      /** Absent: the newest. */
      readonly version?: string;
    };

export type DynamicReference =
  | SecretReference
  | { readonly service: 'ssm'; readonly name: string; readonly version?: string }
  /** No reference that there is. */
  | { readonly service: 'unknown'; readonly name: string };

const REFERENCE = /\{\{resolve:([a-z-]+):([^}]*)\}\}/g;

/** An id may be an ARN, which has colons of its own. */
const SECRET =
  /^((?:arn:[^:]*:secretsmanager:[^:]*:[^:]*:secret:)?[^:]+)(?::SecretString)?(?::([^:]*))?(?::([^:]*))?(?::([^:]*))?$/;

/** `name` or `name:version`; AWS has letters, digits and `_ . - /` in names. */
const PARAMETER = /^([\w./-]+)(?::(\d+))?$/;

/** A text with each of its references replaced. */
export function replaceReferences(
  text: string,
  replacement: (reference: DynamicReference, whole: string) => string,
): string {
  if (!text.includes('{{resolve:')) return text;
  return text.replaceAll(REFERENCE, (whole, service: string, rest: string) =>
    replacement(parse(service, rest), whole),
  );
}

function parse(service: string, rest: string): DynamicReference {
  if (service === 'secretsmanager') {
    const [, id, key, stage, versionId] = SECRET.exec(rest) ?? [];
    if (id === undefined) return { service: 'unknown', name: service };
    return {
      ...{ service, id },
      ...(key ? { key } : {}),
      ...(stage ? { stage } : {}),
      ...(versionId ? { versionId } : {}),
    };
  }
  if (service === 'ssm' || service === 'ssm-secure') {
    const [, name, version] = PARAMETER.exec(rest) ?? [];
    if (name === undefined) return { service: 'unknown', name: service };
    return { service, name, ...(version === undefined ? {} : { version }) };
  }
  return { service: 'unknown', name: service };
}
