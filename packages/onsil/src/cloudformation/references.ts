import { isList, isMap, type Json } from '../region/json.ts';
import { attributeParts, splitName } from './intrinsics/references.ts';
import { placeholders, subParts } from './intrinsics/sub.ts';

/** A place where a template names a parameter, a pseudo parameter or a resource. */
export interface Reference {
  readonly name: string;
  /** Set for Fn::GetAtt and `${Name.Attribute}`. */
  readonly attribute?: string;
  readonly path: string;
  /** Whether it stands in the text of a Fn::Sub. */
  readonly inText: boolean;
}

/**
 * Every reference in a value. With `holds`, only the branches of Fn::If that are taken count:
 * what is not used is not waited for.
 */
export function referencesOf(
  value: Json,
  path: string,
  holds?: (condition: string) => boolean,
): readonly Reference[] {
  if (isList(value)) {
    return value.flatMap((item, index) => referencesOf(item, `${path}[${index}]`, holds));
  }
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const inner = `${path}.${key}`;
    if (key === 'Ref' && typeof item === 'string') return [{ name: item, path, inText: false }];
    if (key === 'Fn::GetAtt') {
      const [name, attribute] = attributeParts(item);
      const inAttribute = referencesOf(attribute ?? null, `${inner}[1]`, holds);
      if (typeof name !== 'string') return inAttribute;
      const asked = typeof attribute === 'string' ? { attribute } : {};
      return [{ name, ...asked, path, inText: false }, ...inAttribute];
    }
    if (key === 'Fn::Sub') return referencesOfSub(item, inner, path, holds);
    if (key === 'Fn::If' && isList(item) && holds !== undefined && typeof item[0] === 'string') {
      const index = holds(item[0]) ? 1 : 2;
      return referencesOf(item[index] ?? null, `${inner}[${index}]`, holds);
    }
    return referencesOf(item, inner, holds);
  });
}

function referencesOfSub(
  argument: Json,
  inner: string,
  path: string,
  holds?: (condition: string) => boolean,
): readonly Reference[] {
  const parts = subParts(argument);
  if (parts === undefined) return [];
  const inText = placeholders(parts.text)
    .filter((name) => parts.variables[name] === undefined && /^[A-Za-z0-9_.:]+$/.test(name))
    .map((text): Reference => {
      const [name, attribute] = text.startsWith('AWS::') ? [text] : splitName(text);
      const asked = attribute === undefined ? {} : { attribute };
      return { name, ...asked, path, inText: true };
    });
  return [...inText, ...referencesOf(parts.variables, `${inner}[1]`, holds)];
}
