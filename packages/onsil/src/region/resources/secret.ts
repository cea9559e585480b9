import { put } from '../region.ts';
import type { GeneratedForm, Secret } from '../secret.ts';
import { letterKinds } from '../secret-value.ts';
import type { Properties } from './properties.ts';
import { arnOf, codeOf, nameOf, type ResourceType } from './resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-secretsmanager-secret.html */
export const secret: ResourceType = {
  type: 'AWS::SecretsManager::Secret',
  properties: {
    real: ['Description', 'GenerateSecretString', 'Name', 'SecretString', 'Tags'],
    recorded: ['KmsKeyId', 'ReplicaRegions'],
  },
  create(region, properties, context) {
    const name = properties.text('Name') ?? nameOf(context, 512);
    const description = properties.text('Description');
    const generate = properties.group('GenerateSecretString');
    const value = properties.text('SecretString');
    const tags = properties.tags();
    if (generate !== undefined && value !== undefined) {
      const message = 'The secret has a SecretString already.';
      properties.report('GenerateSecretString', message, 'Give one of the two.');
    }
    if (Object.values(region.secrets).some((each) => each.name === name)) {
      properties.report('Name', `There is already a secret "${name}".`);
    }
    const source: Secret['source'] =
      generate === undefined
        ? value === undefined
          ? { kind: 'empty' }
          : { kind: 'given', value }
        : { kind: 'generated', form: formOf(generate) };
    properties.check();
    // AWS adds six letters, so that a new secret of an old name has another ARN.
    const arn = arnOf(context, 'secretsmanager', `secret:${name}-${codeOf(context, 6, 'arn')}`);
    const made: Secret = {
      ...{ arn, name, source, tags },
      ...(description === undefined ? {} : { description }),
    };
    return {
      region: put(region, 'secrets', arn, made),
      physicalId: arn,
      attributes: { Id: arn },
    };
  },
};

function formOf(generate: Properties): GeneratedForm {
  const flag = (name: string) => generate.boolean(name) ?? false;
  const json = generate.text('SecretStringTemplate');
  const key = generate.text('GenerateStringKey');
  if ((json === undefined) !== (key === undefined)) {
    const missing = json === undefined ? 'SecretStringTemplate' : 'GenerateStringKey';
    generate.report(missing, 'SecretStringTemplate and GenerateStringKey go together.');
  }
  if (json !== undefined && !isObject(json)) {
    generate.report('SecretStringTemplate', `${JSON.stringify(json)} is not a JSON object.`);
  }
  const form: GeneratedForm = {
    length: generate.has('PasswordLength')
      ? generate.requiredNumber('PasswordLength', 1, 4096)
      : 32,
    excludeCharacters: generate.text('ExcludeCharacters') ?? '',
    excludeLowercase: flag('ExcludeLowercase'),
    excludeNumbers: flag('ExcludeNumbers'),
    excludePunctuation: flag('ExcludePunctuation'),
    excludeUppercase: flag('ExcludeUppercase'),
    includeSpace: flag('IncludeSpace'),
    requireEachIncludedType: generate.boolean('RequireEachIncludedType') ?? true,
    ...(json === undefined || key === undefined ? {} : { template: { json, key } }),
  };
  const kinds = letterKinds(form).length;
  if (kinds === 0) {
    generate.report('', 'Every character is excluded: no password can be made.');
  } else if (form.requireEachIncludedType && form.length < kinds) {
    generate.report(
      'PasswordLength',
      `The password length is too short based on the required types: ${form.length} for ${kinds} of them.`,
      'Raise it, exclude more types, or set RequireEachIncludedType to false.',
    );
  }
  return form;
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
