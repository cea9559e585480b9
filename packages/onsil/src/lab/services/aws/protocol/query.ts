/**
 * Requests of the `query` and the `ec2` protocol: `A.member.1.B=c` pairs.
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html,
 * https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html
 */
import { resolveShape, type ServiceModel, type Shape, typeOf } from '../model.ts';
import type { Structure, Value } from '../value.ts';
import { FaultError } from './fault.ts';
import { parseScalar } from './scalar.ts';

interface Node {
  text?: string;
  readonly children: Map<string, Node>;
}

/** Not of any operation: what every request has, and what a presigned one adds. */
const COMMON = /^(Action|Version|X-Amz-.*)$/;
const DEEPEST = 32;

/** Throws FaultError. */
export function parseQueryInput(
  model: ServiceModel,
  input: Shape | undefined,
  pairs: readonly (readonly [string, string])[],
): Structure {
  const root = treeOf(pairs.filter(([name]) => !COMMON.test(name)));
  return structureOf(model, resolveShape(model, input ?? { type: 'structure' }), root, '');
}

function treeOf(pairs: readonly (readonly [string, string])[]): Node {
  const root: Node = { children: new Map() };
  for (const [name, text] of pairs) {
    const parts = name.split('.');
    if (parts.length > DEEPEST) throw new FaultError({ kind: 'unknown', parameter: name });
    let node = root;
    for (const part of parts) {
      const next = node.children.get(part) ?? { children: new Map() };
      node.children.set(part, next);
      node = next;
    }
    node.text = text;
  }
  return root;
}

function readValue(model: ServiceModel, use: Shape, node: Node, path: string): Value {
  const shape = resolveShape(model, use);
  switch (typeOf(shape)) {
    case 'structure':
      return structureOf(model, shape, node, path);
    case 'list':
      return listOf(model, shape, node, path);
    case 'map':
      return mapOf(model, shape, node, path);
    default: {
      const [child] = node.children.keys();
      if (child !== undefined)
        throw new FaultError({ kind: 'unknown', parameter: `${path}.${child}` });
      return parseScalar(shape, node.text ?? '', path);
    }
  }
}

function structureOf(model: ServiceModel, shape: Shape, node: Node, path: string): Structure {
  const left = new Map(node.children);
  const entries = Object.entries(shape.members ?? {}).flatMap(([member, use]) => {
    const name = nameOf(model, member, use);
    const own = left.get(name);
    if (own === undefined) return [];
    left.delete(name);
    return [[member, readValue(model, use, own, at(path, name))] as const];
  });
  const [unknown] = left.keys();
  if (unknown !== undefined)
    throw new FaultError({ kind: 'unknown', parameter: at(path, unknown) });
  const given = new Set(entries.map(([member]) => member));
  const missing = shape.required?.find((member) => !given.has(member));
  if (missing !== undefined) {
    const name = nameOf(model, missing, shape.members?.[missing] ?? {});
    throw new FaultError({ kind: 'missing', parameter: at(path, name) });
  }
  return Object.fromEntries(entries);
}

function nameOf(model: ServiceModel, member: string, use: Shape): string {
  if (model.metadata.protocol === 'ec2') {
    return use.queryName ?? upperFirst(use.locationName ?? member);
  }
  const shape = resolveShape(model, use);
  // A flattened list is known by the name of its entries.
  const entry = shape.flattened === true ? shape.member?.locationName : undefined;
  return entry ?? use.locationName ?? member;
}

function listOf(model: ServiceModel, shape: Shape, node: Node, path: string): readonly Value[] {
  const member = shape.member ?? {};
  const isFlat = model.metadata.protocol === 'ec2' || shape.flattened === true;
  if (node.children.size === 0 && node.text === '') return [];
  const name = member.locationName ?? 'member';
  const inner = isFlat ? node : (node.children.get(name) ?? node.children.get('member'));
  const entries = inner === undefined ? [] : numbered(inner, path);
  if (entries.length === 0) {
    const [child] = node.children.keys();
    throw child === undefined
      ? new FaultError({ kind: 'type', parameter: path, given: node.text ?? '', type: 'list' })
      : new FaultError({ kind: 'unknown', parameter: `${path}.${child}` });
  }
  return entries.map(([index, entry]) => readValue(model, member, entry, `${path}.${index}`));
}

function mapOf(model: ServiceModel, shape: Shape, node: Node, path: string): Structure {
  const inner = shape.flattened === true ? node : node.children.get('entry');
  if (inner === undefined) return {};
  const keyName = shape.key?.locationName ?? 'key';
  const valueName = shape.value?.locationName ?? 'value';
  return Object.fromEntries(
    numbered(inner, path).map(([index, entry]) => {
      const key = entry.children.get(keyName)?.text;
      const value = entry.children.get(valueName);
      if (key === undefined || value === undefined) {
        throw new FaultError({ kind: 'missing', parameter: `${path}.${index}.${keyName}` });
      }
      return [key, readValue(model, shape.value ?? {}, value, `${path}.${index}`)] as const;
    }),
  );
}

/** By number, whatever numbers they are. */
function numbered(node: Node, path: string): readonly (readonly [number, Node])[] {
  return [...node.children]
    .map(([index, entry]) => {
      if (!/^\d{1,6}$/.test(index))
        throw new FaultError({ kind: 'unknown', parameter: `${path}.${index}` });
      return [Number(index), entry] as const;
    })
    .toSorted(([a], [b]) => a - b);
}

const at = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);
const upperFirst = (name: string): string => name.slice(0, 1).toUpperCase() + name.slice(1);
