/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-sub.html */
import { isMap, type Json, show } from '../../region/json.ts';
import { gather, problem } from '../../region/problem.ts';
import { argumentPath, asText, type Call, type Intrinsic } from './intrinsic.ts';
import { attributeOf, splitName, valueOfName } from './references.ts';

const FORM = 'a text, or a list of a text and a map of names to values';

export const sub: Intrinsic = (call) => {
  const { text, variables } = subParts(call.argument) ?? {};
  if (text === undefined || variables === undefined) {
    throw problem(argumentPath(call), `${show(call.argument)} is not ${FORM}.`);
  }
  const values = gather(
    placeholders(text),
    (name) => [name, textOf(call, name, variables)] as const,
  );
  const byName = new Map(values);
  return text.replaceAll(PLACEHOLDER, (_whole, literal: string, name: string) =>
    literal === '!' ? `\${${name}}` : (byName.get(name) ?? ''),
  );
};

/** The text and the map of its own names; nothing for a malformed argument. */
export function subParts(
  argument: Json,
): { readonly text: string; readonly variables: Readonly<Record<string, Json>> } | undefined {
  if (typeof argument === 'string') return { text: argument, variables: {} };
  const [text, variables, ...more] = Array.isArray(argument) ? argument : [];
  if (typeof text !== 'string' || !isMap(variables) || more.length > 0) return undefined;
  return { text, variables };
}

/** The names between `${` and `}`, each once; not those of the literal form `${!Name}`. */
export function placeholders(text: string): readonly string[] {
  const names = [...text.matchAll(PLACEHOLDER)].flatMap(([, literal, name = '']) =>
    literal === '!' ? [] : [name],
  );
  return [...new Set(names)];
}

// Names as AWS takes them; anything else, e.g. ${HOME:-/root}, is an error there too.
const PLACEHOLDER = /\$\{(!?)([^{}]*)\}/g;

function textOf(call: Call, name: string, variables: Readonly<Record<string, Json>>): string {
  const own = variables[name];
  if (own !== undefined) {
    const path = `${argumentPath(call, 1)}.${name}`;
    return asText(call, call.evaluate(own, path), path);
  }
  const path = call.path;
  const place = `\${${name}}`;
  if (!/^[A-Za-z0-9_.:]+$/.test(name)) {
    throw problem(
      path,
      `${place} in Fn::Sub is not a name.`,
      `For the shell's own ${place} write \${!${name}}.`,
    );
  }
  const [logicalId, attribute] = splitName(name);
  const value =
    attribute === undefined || name.startsWith('AWS::')
      ? valueOfName(name, call.scope, path)
      : attributeOf(logicalId, attribute, call.scope, path);
  return asText(call, value, path);
}
