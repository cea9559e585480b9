import type { Tags } from './region.ts';

/**
 * A secret without its value: who needs it makes it of this and of a salt (`secretValue`).
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
 */
export interface Secret {
  readonly arn: string;
  readonly name: string;
  readonly description?: string;
  readonly source: /** The template has it: it is no secret any more. */
    | { readonly kind: 'given'; readonly value: string }
    | { readonly kind: 'generated'; readonly form: GeneratedForm }
    | { readonly kind: 'empty' };
  /** What AWS::SecretsManager::SecretTargetAttachment adds to the JSON of the value. */
  readonly connection?: Readonly<Record<string, string | number>>;
  readonly tags: Tags;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-secretsmanager-secret-generatesecretstring.html */
export interface GeneratedForm {
  readonly length: number;
  readonly excludeCharacters: string;
  readonly excludeLowercase: boolean;
  readonly excludeNumbers: boolean;
  readonly excludePunctuation: boolean;
  readonly excludeUppercase: boolean;
  readonly includeSpace: boolean;
  readonly requireEachIncludedType: boolean;
  /** JSON, into which the password goes under `key`. */
  readonly template?: { readonly json: string; readonly key: string };
}
