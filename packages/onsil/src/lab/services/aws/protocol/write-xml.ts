/** Answers of the `query`, the `ec2` and the `rest-xml` protocol. */
import { escapeXml } from '../../endpoints/xml.ts';
import { resolveShape, type ServiceModel, type Shape, typeOf } from '../model.ts';
import { isList, isStructure, type Structure, type Value } from '../value.ts';
import { scalarText } from './scalar.ts';

/** The elements inside of a structure. Throws where it is not what the model says: a mistake of ours. */
export function writeMembers(
  model: ServiceModel,
  use: Shape,
  value: Structure,
  path: string,
): string {
  const shape = resolveShape(model, use);
  const members = shape.members ?? {};
  const unknown = Object.keys(value).find((name) => members[name] === undefined);
  if (unknown !== undefined) throw new TypeError(`${path} of an answer has no ${unknown}`);
  return Object.entries(members)
    .map(([name, member]) => {
      const own = value[name];
      // What is in a header is written there.
      if (own === undefined || member.location !== undefined) return '';
      return writeElement(model, member, member.locationName ?? name, own, `${path}.${name}`);
    })
    .join('');
}

function writeElement(
  model: ServiceModel,
  use: Shape,
  name: string,
  value: Value,
  path: string,
): string {
  const shape = resolveShape(model, use);
  switch (typeOf(shape)) {
    case 'structure':
      if (!isStructure(value)) throw new TypeError(`${path} of an answer is no structure`);
      return element(name, writeMembers(model, shape, value, path));
    case 'list': {
      if (!isList(value)) throw new TypeError(`${path} of an answer is no list`);
      const member = shape.member ?? {};
      const flat = shape.flattened === true;
      const entry = member.locationName ?? (flat ? name : 'member');
      const entries = value
        .map((each, index) => writeElement(model, member, entry, each, `${path}[${index}]`))
        .join('');
      return flat ? entries : element(name, entries);
    }
    case 'map': {
      if (!isStructure(value)) throw new TypeError(`${path} of an answer is no map`);
      const { key = {}, value: of = {}, flattened = false } = shape;
      const entries = Object.entries(value).flatMap(([word, each]) => {
        if (each === undefined) return [];
        const inner =
          element(key.locationName ?? 'key', escapeXml(word)) +
          writeElement(model, of, of.locationName ?? 'value', each, `${path}.${word}`);
        return [element(flattened ? name : 'entry', inner)];
      });
      return flattened ? entries.join('') : element(name, entries.join(''));
    }
    default:
      return element(name, escapeXml(scalarText(shape, value, path)));
  }
}

export function element(name: string, inner: string, namespace?: string): string {
  const attribute = namespace === undefined ? '' : ` xmlns="${namespace}"`;
  return inner === '' ? `<${name}${attribute}/>` : `<${name}${attribute}>${inner}</${name}>`;
}

export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';
