/**
 * YAML, and JSON as its subset, as plain data. Plain scalars stay the text that was written
 * (`000500`, `2010-09-09`), for CloudFormation takes nearly all of them as strings; only null,
 * true and false are told apart.
 */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { Json } from '../region/json.ts';
import { list, type Problem } from '../region/problem.ts';
import { longArgument, SHORT_FORMS } from './short-forms.ts';
import type { Position } from './template.ts';
import { TemplateError } from './template-error.ts';

export interface Source {
  readonly value: Json;
  readonly positions: Readonly<Record<string, Position>>;
}

/** Throws TemplateError, with line and column, for text that is neither YAML nor JSON. */
export function readSource(text: string, fileName: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    schema: 'failsafe',
    lineCounter: lines,
    prettyErrors: false,
    // Unknown tags are told apart below, by name.
    logLevel: 'error',
  });
  const positionOf = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const problems: Problem[] = document.errors.map(({ message, code, pos }) => ({
    severity: 'error',
    path: '',
    message: `This is not well-formed ${text.trimStart().startsWith('{') ? 'JSON' : 'YAML'}: ${message}.`,
    hint: HINTS[code] ?? 'Check the indentation, the quotes and the brackets there.',
    ...positionOf(pos[0]),
  }));
  const positions: Record<string, Position> = {};

  const report = (node: Node, path: string, message: string, hint: string) => {
    const position = positionOf(node.range?.[0] ?? 0);
    problems.push({ severity: 'error', path, message, hint, ...position });
  };
  const note = (node: Node, path: string) => {
    positions[path] ??= positionOf(node.range?.[0] ?? 0);
  };

  function read(node: unknown, path: string): Json {
    if (isAlias(node)) return read(node.resolve(document), path);
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return null;
    note(node, path);
    const { tag } = node;
    if (tag === undefined || !tag.startsWith('!')) return readBare(node, path);
    const name = SHORT_FORMS.get(tag);
    if (name === undefined) {
      const known = list([...SHORT_FORMS.keys()], SHORT_FORMS.size);
      report(node, path, `The tag ${tag} is no function of CloudFormation.`, `There are ${known}.`);
      return null;
    }
    return { [name]: longArgument(name, readBare(node, `${path}.${name}`)) };
  }

  function readBare(node: Node, path: string): Json {
    note(node, path);
    if (isSeq(node)) return node.items.map((item, index) => read(item, `${path}[${index}]`));
    if (isScalar(node))
      return scalarOf(typeof node.value === 'string' ? node.value : '', node.type === 'PLAIN');
    const entries: [string, Json][] = [];
    if (!isMap(node)) return null;
    for (const { key, value } of node.items) {
      if (!isScalar(key)) {
        report(node, path, 'A key here is not a text.', 'Quote it.');
        continue;
      }
      const name = String(key.value);
      const place = path === '' ? name : `${path}.${name}`;
      note(key, place);
      entries.push([name, read(value, place)]);
    }
    return Object.fromEntries(entries);
  }

  const value = read(document.contents, '');
  if (problems.length > 0) throw new TemplateError({ fileName, positions }, problems);
  return { value, positions };
}

const HINTS: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'Keep one of the two.',
  TAB_AS_INDENT: 'Indent with spaces.',
  MULTIPLE_DOCS: 'A template is one document: remove the second one.',
};

function scalarOf(text: string, plain: boolean): Json {
  if (!plain) return text;
  if (text === '' || text === '~' || text === 'null') return null;
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  return /^(?:false|False|FALSE)$/.test(text) ? false : text;
}
