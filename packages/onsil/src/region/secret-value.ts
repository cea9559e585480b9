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

/** The letters of each type that a password may have; types without any are left out. */
export function letterKinds(form: GeneratedForm): readonly (readonly string[])[] {
  const allowed = (letters: string) =>
    [...letters].filter((letter) => !form.excludeCharacters.includes(letter));
  const kinds = Object.entries(KINDS).flatMap(([exclude, letters]) =>
    form[exclude as keyof typeof KINDS] ? [] : [allowed(letters)],
  );
  return [...kinds, ...(form.includeSpace ? [allowed(' ')] : [])].filter(
    (letters) => letters.length > 0,
  );
}

/** As long as was asked for, of the letters that are left, one of each kind where that is asked for. */
function passwordOf(form: GeneratedForm, seed: readonly string[]): string {
  const used = letterKinds(form);
  const all = used.flat();
  if (all.length === 0) return '';
  const draw = (letters: readonly string[], part: string) =>
    letters[Number(BigInt(`0x${hashOf('password', ...seed, part)}`) % BigInt(letters.length))] ??
    '';
  const letters = Array.from({ length: form.length }, (_, index) => draw(all, String(index)));
  if (form.requireEachIncludedType && form.length >= used.length) {
    // Places of their own, spread over the length.
    const step = Math.floor(form.length / used.length);
    const isMissing = (kind: readonly string[]) => !letters.some((letter) => kind.includes(letter));
    // Again where the place of one kind held the only letter of another.
    while (used.some(isMissing)) {
      for (const [index, kind] of used.entries()) {
        if (isMissing(kind)) letters[index * step] = draw(kind, `kind ${index}`);
      }
    }
  }
  return letters.join('');
}

/** By ARN or by name; the region's own. */
export function secretOf(region: Pick<Region, 'secrets'>, id: string): Secret | undefined {
  return region.secrets[id] ?? Object.values(region.secrets).find(({ name }) => name === id);
}

/** The fields of a text that is a JSON object; nothing for any other text. */
export function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? { ...value }
      : undefined;
  } catch {
    return undefined;
  }
}
