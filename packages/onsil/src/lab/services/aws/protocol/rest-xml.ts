/** https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html */
import {
  type OperationModel,
  resolveShape,
  type ServiceModel,
  type Shape,
  typeOf,
} from '../model.ts';
import type { Structure, Value } from '../value.ts';
import { FaultError } from './fault.ts';
import { readXml, type XmlElement } from './read-xml.ts';
import { parseScalar } from './scalar.ts';

export interface RestRequest {
  readonly method: string;
  /** Undecoded. */
  readonly path: string;
  readonly query: ReadonlyMap<string, string>;
  readonly header: (name: string) => string | undefined;
  readonly body: string;
}

/** The operation that a method and a path stand for, with the parameters in the path. */
export function matchOperation(
  model: ServiceModel,
  { method, path, query }: Pick<RestRequest, 'method' | 'path' | 'query'>,
): { readonly name: string; readonly labels: Readonly<Record<string, string>> } | undefined {
  for (const [name, operation] of Object.entries(model.operations)) {
    const { http } = operation;
    if (http === undefined || (http.method ?? 'POST') !== method) continue;
    const [template = '', fixed = ''] = http.requestUri.split('?');
    if (fixed !== '' && !query.has(fixed)) continue;
    const labels = matchPath(template, path);
    if (labels !== undefined) return { name, labels };
  }
  return undefined;
}

function matchPath(template: string, path: string): Record<string, string> | undefined {
  const wanted = template.replace(/\/$/, '').split('/');
  const given = path.replace(/\/$/, '').split('/');
  if (wanted.length !== given.length) return undefined;
  const labels: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const own = given[index] ?? '';
    const label = /^\{(\w+)\+?\}$/.exec(part)?.[1];
    if (label === undefined) {
      if (part !== own) return undefined;
    } else if (own === '') return undefined;
    else labels[label] = decodeURIComponent(own);
  }
  return labels;
}

/** Throws FaultError. */
export function parseRestInput(
  model: ServiceModel,
  operation: OperationModel,
  request: RestRequest,
  labels: Readonly<Record<string, string>>,
): Structure {
  const shape = resolveShape(model, operation.input ?? { type: 'structure' });
  const members = Object.entries(shape.members ?? {});
  const placed = members.flatMap(([name, use]) => {
    const place = use.locationName ?? name;
    const text =
      use.location === 'uri'
        ? labels[place]
        : use.location === 'querystring'
          ? request.query.get(place)
          : use.location === 'header'
            ? request.header(place.toLowerCase())
            : undefined;
    return text === undefined
      ? []
      : [[name, parseScalar(resolveShape(model, use), text, name)] as const];
  });
  const inBody = Object.fromEntries(members.filter(([, { location }]) => location === undefined));
  const body = bodyOf(model, { ...shape, members: inBody, required: [] }, request.body);
  const input: Structure = { ...Object.fromEntries(placed), ...body };
  const missing = shape.required?.find((name) => input[name] === undefined);
  if (missing !== undefined) throw new FaultError({ kind: 'missing', parameter: missing });
  return input;
}

function bodyOf(model: ServiceModel, shape: Shape, body: string): Structure {
  if (body.trim() === '') return {};
  const root = readXml(body);
  if (root === undefined || (shape.locationName ?? root.name) !== root.name) {
    const given = root === undefined ? 'what is no XML' : `<${root.name}>`;
    throw new FaultError({
      kind: 'type',
      parameter: 'the body',
      given,
      type: shape.locationName ?? 'structure',
    });
  }
  return structureOf(model, shape, root, '');
}

function readValue(model: ServiceModel, use: Shape, own: XmlElement, path: string): Value {
  const shape = resolveShape(model, use);
  switch (typeOf(shape)) {
    case 'structure':
      return structureOf(model, shape, own, path);
    case 'list': {
      const name = shape.member?.locationName ?? 'member';
      return own.children.map((child, index) => {
        if (child.name !== name)
          throw new FaultError({ kind: 'unknown', parameter: `${path}.${child.name}` });
        return readValue(model, shape.member ?? {}, child, `${path}[${index}]`);
      });
    }
    default: {
      const [child] = own.children;
      if (child !== undefined)
        throw new FaultError({ kind: 'unknown', parameter: `${path}.${child.name}` });
      return parseScalar(shape, own.text, path);
    }
  }
}

function structureOf(model: ServiceModel, shape: Shape, own: XmlElement, path: string): Structure {
  const members = Object.entries(shape.members ?? {});
  const given = own.children.map((child) => {
    const at = path === '' ? child.name : `${path}.${child.name}`;
    const [name, use] =
      members.find(([key, each]) => (each.locationName ?? key) === child.name) ?? [];
    if (name === undefined || use === undefined)
      throw new FaultError({ kind: 'unknown', parameter: at });
    return [name, readValue(model, use, child, at)] as const;
  });
  const value = Object.fromEntries(given);
  const missing = shape.required?.find((name) => value[name] === undefined);
  if (missing !== undefined) {
    throw new FaultError({
      kind: 'missing',
      parameter: path === '' ? missing : `${path}.${missing}`,
    });
  }
  return value;
}
