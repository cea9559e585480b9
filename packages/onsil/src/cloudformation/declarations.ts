/** What the sections of a template declare, with their attributes checked by name. */
import { isList, isMap, type Json, type JsonMap, show } from '../region/json.ts';
import { gather, list, problem } from '../region/problem.ts';
import type { OutputDeclaration, ParameterDeclaration, ResourceDeclaration } from './template.ts';

const PARAMETER_ATTRIBUTES = [
  'Type',
  'Default',
  'Description',
  'NoEcho',
  'AllowedValues',
  'AllowedPattern',
  'MinLength',
  'MaxLength',
  'MinValue',
  'MaxValue',
  'ConstraintDescription',
];
const RESOURCE_ATTRIBUTES = [
  'Type',
  'Properties',
  'DependsOn',
  'Condition',
  'Metadata',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'CreationPolicy',
  'UpdatePolicy',
  'Version',
];
const OUTPUT_ATTRIBUTES = ['Value', 'Description', 'Condition', 'Export'];
const TYPE_EXAMPLE = 'A type is written like AWS::EC2::Instance.';

export function parseParameter(value: Json, path: string): ParameterDeclaration {
  const map = attributesOf(value, path, PARAMETER_ATTRIBUTES);
  const type = map['Type'];
  if (typeof type !== 'string') {
    throw problem(path, 'The parameter has no Type.', 'Add one, e.g. Type: String.');
  }
  const number = (name: string) => numberOf(map, name, path);
  const text = (name: string) => textOf(map, name, path);
  const allowed = map['AllowedValues'];
  if (allowed !== undefined && !isList(allowed)) {
    throw problem(`${path}.AllowedValues`, `${show(allowed)} is not a list.`);
  }
  return {
    type,
    noEcho: text('NoEcho')?.toLowerCase() === 'true',
    ...defined('default', text('Default')),
    ...defined('description', text('Description')),
    ...defined('allowedValues', allowed?.map(String)),
    ...defined('allowedPattern', text('AllowedPattern')),
    ...defined('minLength', number('MinLength')),
    ...defined('maxLength', number('MaxLength')),
    ...defined('minValue', number('MinValue')),
    ...defined('maxValue', number('MaxValue')),
    ...defined('constraintDescription', text('ConstraintDescription')),
  };
}

export function parseResource(value: Json, path: string): ResourceDeclaration {
  const map = attributesOf(value, path, RESOURCE_ATTRIBUTES);
  const type = map['Type'];
  if (typeof type !== 'string') throw problem(path, 'The resource has no Type.', TYPE_EXAMPLE);
  if (!/^[A-Za-z0-9]+(::[A-Za-z0-9_@-]+)+$/.test(type)) {
    throw problem(`${path}.Type`, `"${type}" is not a resource type.`, TYPE_EXAMPLE);
  }
  const properties = map['Properties'] ?? {};
  if (!isMap(properties)) {
    throw problem(`${path}.Properties`, `${show(properties)} is not a map of properties.`);
  }
  const text = (name: string) => textOf(map, name, path);
  return {
    type,
    properties,
    dependsOn: dependsOnOf(map['DependsOn'], path),
    ...defined('condition', text('Condition')),
    ...defined('metadata', map['Metadata']),
    ...defined('deletionPolicy', text('DeletionPolicy')),
    ...defined('updateReplacePolicy', text('UpdateReplacePolicy')),
    ...defined('creationPolicy', map['CreationPolicy']),
    ...defined('updatePolicy', map['UpdatePolicy']),
  };
}

export function parseOutput(value: Json, path: string): OutputDeclaration {
  const map = attributesOf(value, path, OUTPUT_ATTRIBUTES);
  const given = map['Value'];
  if (given === undefined || given === null) {
    throw problem(path, 'The output has no Value.', 'Add one, e.g. Value: !Ref Vpc.');
  }
  const exported = map['Export'];
  const exportName = isMap(exported) ? exported['Name'] : undefined;
  if (exported !== undefined && exportName === undefined) {
    throw problem(`${path}.Export`, `${show(exported)} is not an export.`, 'Give it a Name.');
  }
  return {
    value: given,
    ...defined('description', textOf(map, 'Description', path)),
    ...defined('condition', textOf(map, 'Condition', path)),
    ...defined('exportName', exportName),
  };
}

function attributesOf(value: Json, path: string, allowed: readonly string[]): JsonMap {
  if (!isMap(value)) throw problem(path, `${show(value)} is not a map with a Type or a Value.`);
  gather(Object.keys(value), (name) => {
    if (allowed.includes(name)) return;
    const block = path.startsWith('Resources') ? 'resource' : 'parameter';
    const says = { text: `Invalid template ${block} property '${name}'` };
    const known = `Known are ${list(allowed)}.`;
    throw problem(`${path}.${name}`, `"${name}" is not known here.`, known, says);
  });
  return value;
}

function dependsOnOf(value: Json | undefined, path: string): readonly string[] {
  if (value === undefined || value === null) return [];
  const names = isList(value) ? value : [value];
  if (names.every((name) => typeof name === 'string')) return names;
  throw problem(`${path}.DependsOn`, `${show(value)} is not a logical id or a list of them.`);
}

function textOf(map: JsonMap, name: string, path: string): string | undefined {
  const value = map[name];
  if (value === undefined) return undefined;
  if (value === null) return '';
  if (isMap(value) || isList(value)) {
    // A list parameter's default may be written as a list.
    if (isList(value) && name === 'Default') return value.map(String).join(',');
    throw problem(`${path}.${name}`, `${show(value)} is not a text.`);
  }
  return String(value);
}

function numberOf(map: JsonMap, name: string, path: string): number | undefined {
  const text = textOf(map, name, path);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number)) {
    throw problem(`${path}.${name}`, `${show(text)} is not a number.`);
  }
  return number;
}

function defined<const K extends string, T>(key: K, value: T | undefined): { [P in K]?: T } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: T });
}
