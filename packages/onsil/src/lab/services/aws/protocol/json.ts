/** https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html */
import { resolveShape, type ServiceModel, type Shape, typeOf } from '../model.ts';
import { isList, isStructure, type Structure, type Value } from '../value.ts';
import { FaultError } from './fault.ts';
import { checkScalar } from './scalar.ts';

/** Throws FaultError. */
export function parseJsonInput(
  model: ServiceModel,
  input: Shape | undefined,
  body: string,
): Structure {
  const type = 'structure';
  let given: unknown;
  try {
    given = JSON.parse(body === '' ? '{}' : body);
  } catch {
    throw new FaultError({ kind: 'type', parameter: 'the body', given: 'What is no JSON', type });
  }
  const shape = resolveShape(model, input ?? { type });
  const value = readValue(model, shape, given, '');
  if (isStructure(value)) return value;
  throw new FaultError({ kind: 'type', parameter: 'the body', given: 'This', type });
}

function readValue(model: ServiceModel, use: Shape, given: unknown, path: string): Value {
  const shape = resolveShape(model, use);
  const type = typeOf(shape);
  const wrong = () =>
    new FaultError({ kind: 'type', parameter: path || 'the body', given: kindOf(given), type });
  switch (type) {
    case 'structure':
      return structureOf(model, shape, mapOf(given) ?? thrown(wrong()), path);
    case 'map': {
      const map = mapOf(given) ?? thrown(wrong());
      return Object.fromEntries(
        Object.entries(map).map(([key, each]) => [
          key,
          readValue(model, shape.value ?? {}, each, `${path}.${key}`),
        ]),
      );
    }
    case 'list':
      if (!Array.isArray(given)) throw wrong();
      return given.map((each, index) =>
        readValue(model, shape.member ?? {}, each, `${path}[${index}]`),
      );
    case 'blob':
      if (typeof given !== 'string') throw wrong();
      return Buffer.from(given, 'base64');
    case 'timestamp': {
      const time = typeof given === 'number' ? given * 1000 : Date.parse(String(given));
      if (Number.isNaN(time)) throw wrong();
      return time;
    }
    case 'boolean':
      if (typeof given !== 'boolean') throw wrong();
      return given;
    case 'string':
    case 'character':
      if (typeof given !== 'string') throw wrong();
      return given;
    default:
      if (typeof given !== 'number') throw wrong();
      return given;
  }
}

function structureOf(
  model: ServiceModel,
  shape: Shape,
  given: Readonly<Record<string, unknown>>,
  path: string,
): Structure {
  const members = shape.members ?? {};
  const at = (name: string) => (path === '' ? name : `${path}.${name}`);
  const entries = Object.entries(given).flatMap(([name, each]) => {
    if (each === null || each === undefined) return [];
    const member = Object.hasOwn(members, name) ? members[name] : undefined;
    if (member === undefined) throw new FaultError({ kind: 'unknown', parameter: at(name) });
    return [[name, readValue(model, member, each, at(name))] as const];
  });
  const there = new Set(entries.map(([name]) => name));
  const missing = shape.required?.find((name) => !there.has(name));
  if (missing !== undefined) throw new FaultError({ kind: 'missing', parameter: at(missing) });
  return Object.fromEntries(entries);
}

/** An answer. Throws where it is not what the model says: a mistake of ours. */
export function writeJson(
  model: ServiceModel,
  output: Shape | undefined,
  value: Structure,
): string {
  return JSON.stringify(jsonOf(model, output ?? { type: 'structure' }, value, 'the answer'));
}

function jsonOf(model: ServiceModel, use: Shape, value: Value, path: string): unknown {
  const shape = resolveShape(model, use);
  const type = typeOf(shape);
  switch (type) {
    case 'structure':
      if (!isStructure(value)) throw new TypeError(`${path} is no structure`);
      return Object.fromEntries(
        Object.entries(value).flatMap(([name, each]) => {
          if (each === undefined) return [];
          const member = shape.members?.[name];
          if (member === undefined) throw new TypeError(`${path} has no ${name}`);
          return [[name, jsonOf(model, member, each, `${path}.${name}`)] as const];
        }),
      );
    case 'map':
      if (!isStructure(value)) throw new TypeError(`${path} is no map`);
      return Object.fromEntries(
        Object.entries(value).flatMap(([name, each]) =>
          each === undefined ? [] : [[name, jsonOf(model, shape.value ?? {}, each, path)] as const],
        ),
      );
    case 'list':
      if (!isList(value)) throw new TypeError(`${path} is no list`);
      return value.map((each) => jsonOf(model, shape.member ?? {}, each, path));
    case 'blob':
      if (!(value instanceof Uint8Array)) throw new TypeError(`${path} is no blob`);
      return Buffer.from(value).toString('base64');
    case 'timestamp':
      if (typeof value !== 'number') throw new TypeError(`${path} is no time`);
      return value / 1000;
    default:
      checkScalar(type, value, path);
      return value;
  }
}

function mapOf(given: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof given === 'object' && given !== null && !Array.isArray(given)
    ? { ...given }
    : undefined;
}

function thrown(error: Error): never {
  throw error;
}

/** As AWS calls them in these errors; never the value itself, which may be a secret. */
function kindOf(given: unknown): string {
  if (given === null) return 'NULL_VALUE';
  if (Array.isArray(given)) return 'START_ARRAY';
  const kinds: Readonly<Record<string, string>> = {
    ...{ string: 'STRING_VALUE', number: 'NUMBER_VALUE', object: 'START_OBJECT' },
    boolean: given === true ? 'TRUE_VALUE' : 'FALSE_VALUE',
  };
  return kinds[typeof given] ?? 'VALUE';
}
