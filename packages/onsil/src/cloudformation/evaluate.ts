import { isList, isMap, type Json, type JsonMap } from '../region/json.ts';
import { gather, problem } from '../region/problem.ts';
import { resolveReferences } from './dynamic-reference.ts';
import { intrinsics } from './intrinsics/intrinsics.ts';
import { NO_VALUE, type Scope, type Value } from './scope.ts';

/**
 * The value with every function replaced by what it gives. `path` names the value in messages.
 * Throws ProblemsError with the problems of all parts.
 */
export function evaluate(value: Json, scope: Scope, path: string): Value {
  if (typeof value === 'string') return resolveReferences(value, scope, path);
  if (value === null) {
    const place = `/${path.replaceAll(/\[(\d+)\]/g, '.$1').replaceAll('.', '/')}`;
    throw problem(path, 'null is not allowed here.', 'Leave it out, or use !Ref AWS::NoValue.', {
      text: `[${place}] 'null' values are not allowed in templates`,
    });
  }
  if (isList(value)) {
    const items = gather(value.entries(), ([index, item]) =>
      evaluate(item, scope, `${path}[${index}]`),
    );
    return items.filter((item) => item !== NO_VALUE);
  }
  if (!isMap(value)) return value;
  const [name, ...more] = Object.keys(value);
  if (name !== undefined && more.length === 0 && isFunction(name, value)) {
    return call(name, value[name] ?? null, scope, path);
  }
  const misplaced = Object.keys(value).find((key) => key.startsWith('Fn::'));
  if (misplaced !== undefined) {
    throw problem(path, `${misplaced} must be the only key here.`);
  }
  return evaluateMap(value, scope, path);
}

/** A map whose keys are no functions, e.g. the properties of a resource. */
export function evaluateMap(value: JsonMap, scope: Scope, path: string): JsonMap {
  const entries = gather(Object.entries(value), ([key, item]) => {
    const evaluated = evaluate(item, scope, `${path}.${key}`);
    return [key, evaluated] as const;
  });
  return Object.fromEntries(
    entries.flatMap(([key, item]) => (item === NO_VALUE ? [] : [[key, item]])),
  );
}

// `Condition` is also an element of IAM policy statements, where it holds a map.
function isFunction(name: string, value: JsonMap): boolean {
  if (name === 'Condition') return typeof value[name] === 'string';
  return name === 'Ref' || name.startsWith('Fn::');
}

function call(name: string, argument: Json, scope: Scope, path: string): Value {
  const intrinsic = intrinsics.get(name);
  if (intrinsic === undefined) {
    const hint = `There are ${[...intrinsics.keys()].join(', ')}.`;
    throw problem(path, `${name} is not a function that is modelled.`, hint);
  }
  const result = intrinsic({
    name,
    argument,
    path,
    scope,
    evaluate: (inner, innerPath) => evaluate(inner, scope, innerPath),
  });
  // Fn::Sub and Fn::Join may have put a dynamic reference together.
  return typeof result === 'string' ? resolveReferences(result, scope, path) : result;
}
