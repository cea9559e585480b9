/**
 * YAML, and JSON as its subset, as plain data. Plain scalars stay the text that was written
 * (`000500`, `2010-09-09`), for CloudFormation takes nearly all of them as strings; only null,
 * true and false are told apart.
 */
import {
  type Alias,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
} from 'yaml';
import type { Json } from '../region/json.ts';
import { list, type Problem } from '../region/problem.ts';
import { longArgument, SHORT_FORMS } from './short-forms.ts';
import { syntaxProblems } from './syntax-error.ts';
import type { Position } from './template.ts';
import { TemplateError } from './template-error.ts';

/** A template has 1 MB, but aliases of aliases could make any number of values of it. */
const MOST_NODES = 500_000;

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
  const mistakes = syntaxProblems(text, document).map(
    ({ message, hint, offset }): Problem => ({
      ...{ severity: 'error', path: '', message, hint },
      ...positionOf(offset),
    }),
  );
  if (mistakes.length > 0) throw new TemplateError({ fileName, positions: {} }, mistakes);
  const problems: Problem[] = [];
  const positions: Record<string, Position> = {};

  const report = (node: Node, path: string, message: string, hint: string) => {
    const position = positionOf(node.range?.[0] ?? 0);
    problems.push({ severity: 'error', path, message, hint, ...position });
  };
  const note = (node: Node, path: string) => {
    positions[path] ??= positionOf(node.range?.[0] ?? 0);
  };

  /** Aliases inside each other. */
  const followed = new Set<Node>();
  let nodes = 0;
  let tooMany = false;
  function followAlias(alias: Alias, path: string): Json {
    const target = alias.resolve(document);
    const refuse = (message: string, hint: string) => {
      report(alias, path, message, hint);
      return null;
    };
    const name = alias.source;
    if (target === undefined) {
      return refuse(`No anchor &${name} comes before the alias *${name}.`, `Write &${name} there.`);
    }
    if (followed.has(target)) {
      return refuse(`The alias *${name} is inside what it stands for.`, 'Write it out.');
    }
    followed.add(target);
    const value = read(target, path);
    followed.delete(target);
    return value;
  }

  function read(node: unknown, path: string): Json {
    nodes += 1;
    if (tooMany) return null;
    if (nodes > MOST_NODES && isNode(node)) {
      tooMany = true;
      const message = `With its aliases the template has more than ${MOST_NODES} values.`;
      report(node, path, message, 'Templates have at most 1 MB.');
      return null;
    }
    if (isAlias(node)) return followAlias(node, path);
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return null;
    note(node, path);
    const { tag } = node;
    if (tag === undefined || tag.startsWith('tag:yaml.org,2002:')) return readBare(node, path);
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

function scalarOf(text: string, plain: boolean): Json {
  if (!plain) return text;
  if (text === '' || text === '~' || text === 'null') return null;
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  return /^(?:false|False|FALSE)$/.test(text) ? false : text;
}
