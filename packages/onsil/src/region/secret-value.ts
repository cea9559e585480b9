/** Values of secrets: made of a salt that a lab keeps for itself, and written down nowhere. */
import { hashOf } from './hash.ts';
import type { Region } from './region.ts';
import type { GeneratedForm, Secret } from './secret.ts';

const KINDS = {
  excludeLowercase: 'abcdefghijklmnopqrstuvwxyz',
  excludeUppercase: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  excludeNumbers: '0123456789',
  // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html
  excludePunctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
} as const;

/** The text of a secret; nothing for one that was never given a value. The same salt, the same text. */
export function secretValue(secret: Secret, salt: string): string | undefined {
  const text = ownValue(secret, salt);
  const { connection } = secret;
  if (connection === undefined) return text;
  const fields = jsonObject(text ?? '{}');
  return fields === undefined ? text : JSON.stringify({ ...fields, ...connection });
}

function ownValue({ source, arn }: Secret, salt: string): string | undefined {
  switch (source.kind) {
    case 'empty':
      return undefined;
    case 'given':
      return source.value;
    case 'generated': {
      const password = passwordOf(source.form, [salt, arn]);
      const { template } = source.form;
      if (template === undefined) return password;
      return JSON.stringify({ ...jsonObject(template.json), [template.key]: password });
    }
  }
}

/** As long as was asked for, of the letters that are left, one of each kind where that is asked for. */
function passwordOf(form: GeneratedForm, seed: readonly string[]): string {
  const allowed = (letters: string) =>
    [...letters].filter((letter) => !form.excludeCharacters.includes(letter));
  const kinds = Object.entries(KINDS).flatMap(([exclude, letters]) =>
    form[exclude as keyof typeof KINDS] ? [] : [allowed(letters)],
  );
  if (form.includeSpace) kinds.push(allowed(' '));
  const used = kinds.filter((letters) => letters.length > 0);
  const all = used.flat();
  if (all.length === 0) return '';
  const draw = (letters: readonly string[], part: string) =>
    letters[Number(BigInt(`0x${hashOf('password', ...seed, part)}`) % BigInt(letters.length))] ??
    '';
  const letters = Array.from({ length: form.length }, (_, index) => draw(all, String(index)));
  if (form.requireEachIncludedType && form.length >= used.length) {
    // Places of their own, spread over the length.
    const step = Math.floor(form.length / used.length);
    for (const [index, kind] of used.entries()) {
      if (!letters.some((letter) => kind.includes(letter))) {
        letters[index * step] = draw(kind, `kind ${index}`);
      }
    }
  }
  return letters.join('');
}

/** `{{resolve:secretsmanager:id:SecretString:key:stage:version}}`; an id may be an ARN. */
const REFERENCE =
  /\{\{resolve:secretsmanager:((?:arn:[^:}]*:secretsmanager:[^:}]*:[^:}]*:secret:)?[^:}]+)(?::SecretString(?::([^:}]*))?(?::[^:}]*){0,2})?\}\}/g;

/**
 * A text with its references to secrets replaced, for who is about to use it. References to
 * secrets that the region does not have, and keys that they do not have, stay as they are.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html
 */
export function resolveSecrets(text: string, region: Region, salt: string): string {
  return text.replaceAll(REFERENCE, (whole, id: string, key: string | undefined) => {
    const secret = secretOf(region, id);
    const value = secret === undefined ? undefined : secretValue(secret, salt);
    if (value === undefined) return whole;
    if (key === undefined || key === '') return value;
    const field = jsonObject(value)?.[key];
    return field === undefined ? whole : String(field);
  });
}

/** The names or ARNs of the secrets that a text refers to. */
export function secretsNamed(text: string): readonly string[] {
  return [...text.matchAll(REFERENCE)].flatMap(([, id]) => id ?? []);
}

/** By ARN or by name. */
export function secretOf(region: Pick<Region, 'secrets'>, id: string): Secret | undefined {
  return region.secrets[id] ?? Object.values(region.secrets).find(({ name }) => name === id);
}

function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? { ...value }
      : undefined;
  } catch {
    return undefined;
  }
}
