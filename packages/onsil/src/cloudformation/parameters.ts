/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html */
import type { Json, JsonMap } from '../region/json.ts';
import { gather, list, type Problem, problem } from '../region/problem.ts';
import type { Region } from '../region/region.ts';
import { offeredValue } from './offered-value.ts';
import { checkType } from './parameter-types.ts';
import type { ParameterDeclaration, Template } from './template.ts';

/**
 * Gives each parameter its value: the one given, else the default, else what the region offers,
 * with a warning that says so. Throws ProblemsError.
 */
export function resolveParameters(
  template: Template,
  given: Readonly<Record<string, string>>,
  region: Region,
  warn: (problem: Problem) => void,
): JsonMap {
  const unknown = Object.keys(given).filter((name) => template.parameters[name] === undefined);
  const entries = gather(
    [...unknown, ...Object.keys(template.parameters)],
    (name): readonly [string, Json] => {
      const declaration = template.parameters[name];
      const path = `Parameters.${name}`;
      if (declaration === undefined) {
        const known = list(Object.keys(template.parameters));
        throw problem(path, `The template has no parameter "${name}"; it has ${known}.`);
      }
      const own = given[name] ?? declaration.default;
      const text =
        own === undefined || (own === '' && isOfRegion(declaration))
          ? offered(template, name, declaration, region, warn, own)
          : own;
      return [name, valueFor(declaration, text, path, region, warn)];
    },
  );
  return Object.fromEntries(entries);
}

/** Types whose values are names or ids of a region's things: an empty default is none. */
function isOfRegion({ type }: ParameterDeclaration): boolean {
  return type.startsWith('AWS::EC2::') || type.startsWith('List<AWS::EC2::');
}

/** What the region has for a parameter without a value. Throws ProblemsError with the choices. */
function offered(
  template: Template,
  name: string,
  declaration: ParameterDeclaration,
  region: Region,
  warn: (problem: Problem) => void,
  empty: string | undefined,
): string {
  const path = `Parameters.${name}`;
  const { type, description } = declaration;
  const alike = Object.entries(template.parameters).filter((each) => each[1].type === type);
  const index = alike.findIndex(([other]) => other === name);
  const offer = offeredValue(declaration, region, index);
  if (offer?.value !== undefined) {
    const message = `No value was given: ${name} is ${offer.value}, ${offer.why}.`;
    warn({ severity: 'warning', path, message });
    return offer.value;
  }
  if (empty !== undefined) return empty;
  const choices = offer === undefined ? '' : ` This region has ${list(offer.choices)}; choose one.`;
  throw problem(
    path,
    `The parameter (${type}) has no value and no default.${choices}`,
    `Give it one: ${name}=…${description === undefined ? '' : ` (${description.trim()})`}`,
  );
}

/** As they may be shown: values of NoEcho parameters are masked. */
export function shownParameters(template: Template, values: JsonMap): JsonMap {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      template.parameters[name]?.noEcho === true ? '****' : value,
    ]),
  );
}

function valueFor(
  declaration: ParameterDeclaration,
  text: string,
  path: string,
  region: Region,
  warn: (problem: Problem) => void,
): Json {
  checkAllowedValues(declaration, text, path);
  checkPattern(declaration, text, path, warn);
  checkLength(declaration, text, path);
  checkNumber(declaration, text, path);
  return checkType(declaration, text, path, region);
}

/** The message with the value, or without it where it is a secret. */
function refuse(declaration: ParameterDeclaration, text: string, path: string, why: string): Error {
  const shown = declaration.noEcho ? 'The value' : JSON.stringify(text);
  return problem(path, `${shown} ${why}`, declaration.constraintDescription);
}

function isListType({ type }: ParameterDeclaration): boolean {
  return type === 'CommaDelimitedList' || type.startsWith('List<');
}

function checkAllowedValues(declaration: ParameterDeclaration, text: string, path: string): void {
  const { allowedValues } = declaration;
  if (allowedValues === undefined) return;
  const values = isListType(declaration) ? text.split(',').map((item) => item.trim()) : [text];
  const wrong = values.find((value) => !allowedValues.includes(value));
  if (wrong === undefined) return;
  throw refuse(declaration, wrong, path, `is none of the allowed values ${list(allowedValues)}.`);
}

function checkPattern(
  declaration: ParameterDeclaration,
  text: string,
  path: string,
  warn: (problem: Problem) => void,
): void {
  const { allowedPattern } = declaration;
  if (allowedPattern === undefined) return;
  let pattern: RegExp;
  try {
    // AWS matches the whole value.
    pattern = new RegExp(`^(?:${allowedPattern})$`);
  } catch {
    const message = `The pattern ${allowedPattern} is of a form that is not checked here.`;
    warn({ severity: 'warning', path: `${path}.AllowedPattern`, message });
    return;
  }
  if (pattern.test(text)) return;
  throw refuse(declaration, text, path, `does not match the pattern ${allowedPattern}.`);
}

function checkLength(declaration: ParameterDeclaration, text: string, path: string): void {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY } = declaration;
  if (text.length >= minLength && text.length <= maxLength) return;
  const allowed = rangeOf(declaration.minLength, declaration.maxLength);
  throw refuse(declaration, text, path, `has ${text.length} characters; ${allowed} are allowed.`);
}

function checkNumber(declaration: ParameterDeclaration, text: string, path: string): void {
  if (declaration.type !== 'Number') return;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) {
    throw refuse(declaration, text, path, 'is not a number.');
  }
  const { minValue = -Infinity, maxValue = Infinity } = declaration;
  if (value >= minValue && value <= maxValue) return;
  const allowed = rangeOf(declaration.minValue, declaration.maxValue);
  throw refuse(declaration, text, path, `is out of range; ${allowed} is allowed.`);
}

function rangeOf(least: number | undefined, most: number | undefined): string {
  if (least === undefined) return `${most} or less`;
  return most === undefined ? `${least} or more` : `${least} to ${most}`;
}
