/** One file as `aws … > file.json` wrote it. */
import { type ParseError, parse } from 'jsonc-parser';
import { isMap, type Json, type JsonMap, show } from '../region/json.ts';
import { ProblemsError } from '../region/problem.ts';

export interface Document {
  /** For messages, and for the id of a prefix list that its entries do not say. */
  readonly file: string;
  readonly value: JsonMap;
}

/**
 * Nothing for JSON that is no map: no command of AWS prints that. Throws ProblemsError with file,
 * line and column for text that is no JSON.
 */
export function parseDocument(text: string, file: string): Document | undefined {
  try {
    const value: Json = JSON.parse(text);
    return isMap(value) ? { file, value } : undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const message = `This is not JSON${text.trim() === '' ? ': the file is empty' : ''}.`;
    const hint = `Collect it again with --output json; there is ${show(text.trim().slice(0, 40))}.`;
    const place = placeOf(text);
    const problem = { severity: 'error', path: '', message, hint, file, ...place } as const;
    throw new ProblemsError([problem], { cause: error });
  }
}

/** V8 names a position for some mistakes only. Both count from 1. */
function placeOf(text: string): { line: number; column: number } {
  const errors: ParseError[] = [];
  parse(text, errors, { disallowComments: true });
  const before = text.slice(0, errors[0]?.offset ?? text.length).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}
