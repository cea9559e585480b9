import { isList, isMap, type Json, show } from '../../region/json.ts';
import { problem } from '../../region/problem.ts';
import { NO_VALUE, type Scope, type Value } from '../scope.ts';

/** One use of a function in a template. */
export interface Call {
  /** e.g. `Fn::Join`. */
  readonly name: string;
  /** Not evaluated yet. */
  readonly argument: Json;
  /** Of the map that holds the function; its argument is at `path.name`. */
  readonly path: string;
  readonly scope: Scope;
  readonly evaluate: (value: Json, path: string) => Value;
}

/** Gives the value of a call. Throws ProblemsError. */
export type Intrinsic = (call: Call) => Value;

/** The path of the argument, or of one entry of it. */
export function argumentPath({ path, name }: Call, index?: number): string {
  return index === undefined ? `${path}.${name}` : `${path}.${name}[${index}]`;
}

/** The argument as a list of as many entries as allowed, not evaluated. */
export function argumentsOf(
  call: Call,
  least: number,
  most: number,
  form: string,
): readonly Json[] {
  const { argument, name } = call;
  if (isList(argument) && argument.length >= least && argument.length <= most) return argument;
  throw problem(
    argumentPath(call),
    `${show(argument)} is not what ${name} takes.`,
    `Write ${form}.`,
  );
}

/** A part of the argument, evaluated, as a text. */
export function textAt(call: Call, value: Json | undefined, path: string): string {
  return asText(call, call.evaluate(value ?? null, path), path);
}

export function asText({ name }: Call, value: Value, path: string): string {
  if (value === NO_VALUE || isMap(value) || isList(value) || value === null) {
    throw problem(
      path,
      `${value === NO_VALUE ? 'AWS::NoValue' : show(value)} is not a text, which ${name} needs here.`,
    );
  }
  return String(value);
}

/** A part of the argument, evaluated, as a list. */
export function listAt(call: Call, value: Json | undefined, path: string): readonly Json[] {
  const list = call.evaluate(value ?? null, path);
  if (list !== NO_VALUE && isList(list)) return list;
  const shown = list === NO_VALUE ? 'AWS::NoValue' : show(list);
  throw problem(path, `${shown} is not a list, which ${call.name} needs here.`);
}

/** A part of the argument, evaluated, as a whole number. */
export function numberAt(call: Call, value: Json | undefined, path: string): number {
  const text = textAt(call, value, path);
  if (!/^-?[0-9]{1,9}$/.test(text)) {
    throw problem(path, `"${text}" is not a whole number, which ${call.name} needs here.`);
  }
  return Number(text);
}
