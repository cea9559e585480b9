/** Ref and Fn::GetAtt. */
import { asText, isList, type Json, show } from '../../region/json.ts';
import { list, problem } from '../../region/problem.ts';
import type { Scope, Value } from '../scope.ts';
import { argumentPath, type Intrinsic, textAt } from './intrinsic.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-ref.html */
export const ref: Intrinsic = (call) => {
  const { argument, scope } = call;
  if (typeof argument !== 'string') {
    throw problem(argumentPath(call), `${show(argument)} is not a name.`, 'Write !Ref Name.');
  }
  return valueOfName(argument, scope, call.path);
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-getatt.html */
export const getAtt: Intrinsic = (call) => {
  const [logicalId, attribute, ...more] = attributeParts(call.argument);
  if (logicalId === undefined || attribute === undefined || more.length > 0) {
    const hint = 'Write !GetAtt LogicalId.Attribute.';
    throw problem(argumentPath(call), `${show(call.argument)} names no attribute.`, hint);
  }
  const name =
    typeof attribute === 'string' ? attribute : textAt(call, attribute, argumentPath(call, 1));
  return attributeOf(asText(logicalId), name, call.scope, call.path);
};

/** What a name in Ref or `${Name}` stands for. */
export function valueOfName(name: string, scope: Scope, path: string): Value {
  const pseudo = scope.pseudoParameters[name];
  if (pseudo !== undefined) return pseudo;
  if (name.startsWith('AWS::')) {
    const known = list(Object.keys(scope.pseudoParameters));
    throw problem(path, `"${name}" is not a pseudo parameter; there are ${known}.`);
  }
  return scope.parameters[name] ?? resourceOf(name, scope, path).physicalId;
}

/** An attribute in Fn::GetAtt or `${Name.Attribute}`. */
export function attributeOf(logicalId: string, name: string, scope: Scope, path: string): Json {
  const { attributes } = resourceOf(logicalId, scope, path);
  const value = attributes[name];
  if (value !== undefined) return value;
  const type = scope.template.resources[logicalId]?.type;
  const known = list(Object.keys(attributes));
  throw problem(
    path,
    `${logicalId} (${type}) has no attribute "${name}"; it has ${known}.`,
    undefined,
    {
      text: `Template error: resource ${logicalId} does not support attribute type ${name} in Fn::GetAtt`,
    },
  );
}

function resourceOf(
  name: string,
  scope: Scope,
  path: string,
): { physicalId: string; attributes: Readonly<Record<string, Json>> } {
  const found = scope.resources?.get(name);
  if (found !== undefined) return found;
  const declared = scope.template.resources[name];
  if (declared === undefined) throw unknownName(name, scope, path);
  if (scope.resources === undefined) {
    const hint = 'Conditions, rules and parameters are settled before any resource exists.';
    throw problem(path, `"${name}" is a resource, which cannot be referred to here.`, hint);
  }
  if (declared.condition !== undefined && !scope.condition(declared.condition, path)) {
    throw problem(
      path,
      `"${name}" is not created: its condition ${declared.condition} is false.`,
      'Choose with Fn::If under the same condition.',
    );
  }
  throw problem(path, `"${name}" could not be created.`);
}

/** The problem of a name that is neither a parameter nor a resource. */
export function unknownName(
  name: string,
  { template }: Pick<Scope, 'template'>,
  path: string,
): Error {
  const names = [...Object.keys(template.parameters), ...Object.keys(template.resources)];
  return problem(
    path,
    `"${name}" is neither a parameter nor a resource of this template.`,
    `There are ${list(names)}.`,
  );
}

/** `A.B.C` and `[A, B.C]` both as the logical id and the attribute. */
export function attributeParts(argument: Json): readonly Json[] {
  if (isList(argument)) return argument;
  return typeof argument === 'string' ? splitName(argument) : [];
}

/** `A.B.C` as `A` and `B.C`; the attribute is absent without a dot. */
export function splitName(text: string): readonly [string] | readonly [string, string] {
  const dot = text.indexOf('.');
  return dot < 0 ? [text] : [text.slice(0, dot), text.slice(dot + 1)];
}
