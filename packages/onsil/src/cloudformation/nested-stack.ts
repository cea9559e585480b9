/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html */

import { addedEntries } from '../region/entry.ts';
import { asText, isList, isMap, type Json } from '../region/json.ts';
import { type Problem, ProblemsError, problem } from '../region/problem.ts';
import type { Region, Tags } from '../region/region.ts';
import { Properties } from '../region/resources/properties.ts';
import { codeOf } from '../region/resources/resource-type.ts';
import type { StackResource } from './create-resource.ts';
import { evaluateMap } from './evaluate.ts';
import { parseTemplate } from './parse.ts';
import { stackIdOf } from './pseudo-parameters.ts';
import type { Scope } from './scope.ts';
import type { Stack, StackResult } from './stack.ts';
import type { StackOptions } from './stack-options.ts';
import type { Template } from './template.ts';

export const NESTED_STACK = 'AWS::CloudFormation::Stack';

/** The template of a nested stack, as it was found at its TemplateURL. */
export interface NestedTemplate {
  readonly body: string;
  /** For messages. */
  readonly fileName: string;
}

/** The stack that an AWS::CloudFormation::Stack is, with what it was made of. */
export interface NestedStack extends Stack {
  readonly source: {
    readonly template: Template;
    /** As it was found. */
    readonly templateBody: string;
    /** As they were given. */
    readonly parameters: Readonly<Record<string, string>>;
    readonly tags: Tags;
    /** How long its creation may take; absent: as long as it takes. */
    readonly timeoutInMinutes?: number;
  };
}

/** `createStack`; passed in, since the one makes the other. */
export type MakeStack = (region: Region, template: Template, options: StackOptions) => StackResult;

/**
 * The region with the stack that a resource nests. Its outputs are the resource's attributes.
 * Throws ProblemsError; what is wrong in its template has that template's place.
 * @returns nothing where its template is not there: then it is recorded by name
 */
export function createNestedStack(
  region: Region,
  scope: Scope,
  logicalId: string,
  dependsOn: readonly string[],
  options: StackOptions,
  make: MakeStack,
):
  | { readonly region: Region; readonly resource: StackResource; readonly inner: StackResult }
  | undefined {
  const declaration = scope.template.resources[logicalId];
  if (declaration === undefined || options.nestedTemplate === undefined) return undefined;
  const path = `Resources.${logicalId}.Properties`;
  const value = evaluateMap(declaration.properties, scope, path);
  const properties = new Properties(value, path);
  const url = properties.requiredText('TemplateURL');
  const given = properties.json('Parameters');
  properties.ignore('NotificationARNs');
  const tags = properties.tags();
  const timeoutInMinutes = properties.number('TimeoutInMinutes');
  properties.check();
  const found = options.nestedTemplate(url);
  if (found === null) return undefined;
  if (found === undefined) {
    const hint = 'Put the template where the URL says.';
    throw problem(`${path}.TemplateURL`, `There is no template at ${url}.`, hint);
  }
  const { stackName, secret, exports = {}, generations } = options;
  const generation = generations?.[logicalId] ?? 0;
  const context = {
    account: region.account,
    regionName: region.name,
    stackName,
    logicalId,
    secret,
    generation,
  };
  const name = `${stackName}-${logicalId}`.slice(0, 115);
  const own = `${name}-${codeOf(context, 12)}`;
  const parameters = parametersOf(given, `${path}.Parameters`);
  // What nests it may be a stack of a name that there was before.
  const parent = options.stackId ?? stackIdOf(region, stackName);
  const { template, result } = made(path, () => {
    const parsed = parseTemplate(found.body, found.fileName);
    const nested = make(region, parsed, {
      ...withoutOwn(options, logicalId),
      ...{ stackName: own, stackId: stackIdOf(region, own, parent), parameters, exports },
    });
    return { template: parsed, result: nested };
  });
  for (const warning of result.problems) scope.warn(inNested(path, warning));
  const source = {
    ...{ template, templateBody: found.body, parameters, tags },
    ...(timeoutInMinutes === undefined ? {} : { timeoutInMinutes }),
  };
  const stack = { ...result.stack, source };
  const { deletionPolicy, type } = declaration;
  return {
    region: result.region,
    inner: result,
    resource: {
      ...{ type, logicalId, dependsOn, physicalId: stack.id, status: 'modelled', nested: stack },
      ...{ properties: value, generation, entries: addedEntries(region, result.region) },
      ...(deletionPolicy === undefined ? {} : { deletionPolicy }),
      attributes: Object.fromEntries(
        Object.entries(stack.outputs).map(([output, each]) => [`Outputs.${output}`, each.value]),
      ),
    },
  };
}

/** The options of the outer stack as they are for the one that a resource of it nests. */
function withoutOwn(
  { stackId: _id, generations = {}, formerVersions = {}, ...options }: StackOptions,
  logicalId: string,
): StackOptions {
  return {
    ...options,
    generations: inside(generations, logicalId),
    formerVersions: inside(formerVersions, logicalId),
  };
}

/** What is noted of the inner stack's resources, by their own logical ids. */
function inside<T>(
  noted: Readonly<Record<string, T>>,
  logicalId: string,
): Readonly<Record<string, T>> {
  const prefix = `${logicalId}.`;
  const inner = Object.entries(noted)
    .filter(([path]) => path.startsWith(prefix))
    .map(([path, each]) => [path.slice(prefix.length), each] as const);
  return Object.fromEntries(inner);
}

/** Of a list parameter, its items with commas. */
function parametersOf(given: Json | undefined, path: string): Readonly<Record<string, string>> {
  if (given === undefined) return {};
  if (!isMap(given)) throw problem(path, 'The parameters of a stack are a map of names to values.');
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      isList(value) ? value.map(asText).join(',') : asText(value),
    ]),
  );
}

function made<T>(path: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error;
    throw new ProblemsError(
      error.problems.map((each) => inNested(path, each)),
      { cause: error },
    );
  }
}

/** Told with the nested template's own place, at the resource that nests it. */
function inNested(path: string, { message, file, line, column, ...rest }: Problem): Problem {
  const place = [file, line, column].filter((each) => each !== undefined).join(':');
  const inner = [place, rest.path].filter((each) => each !== '').join(': ');
  return { ...rest, path, message: inner === '' ? message : `${inner}: ${message}` };
}
