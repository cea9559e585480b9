/** Makes a stack of a template: a pure step from one region to the next. */
import type { Json, JsonMap } from '../region/json.ts';
import {
  gather,
  list,
  messageOfCloudFormation,
  type Problem,
  ProblemsError,
  problem,
  together,
} from '../region/problem.ts';
import type { Region } from '../region/region.ts';
import { secretOf } from '../region/secret-value.ts';
import { settleConditions } from './conditions.ts';
import { createResource, RefusedError, type StackResource } from './create-resource.ts';
import { checkReferences, creationOrder, dependenciesOf } from './dependencies.ts';
import { checkMacros } from './intrinsics/macros.ts';
import { createNestedStack, NESTED_STACK } from './nested-stack.ts';
import { createOutputs, type StackOutput } from './outputs.ts';
import { resolveParameters, shownParameters } from './parameters.ts';
import { withLoopsFor } from './parse.ts';
import { pseudoParameters, stackIdOf } from './pseudo-parameters.ts';
import { referencesOf } from './references.ts';
import { checkRules } from './rules.ts';
import type { Scope } from './scope.ts';
import type { StackOptions } from './stack-options.ts';
import type { Template } from './template.ts';
import { placeProblem, TemplateError } from './template-error.ts';

/** The region before one resource was made, and after. */
export interface Step {
  readonly before: Region;
  readonly after: Region;
}

export interface Stack {
  readonly name: string;
  /** Its ARN. */
  readonly id: string;
  /** With `****` for those with NoEcho. */
  readonly parameters: JsonMap;
  /** By logical id, in the order of creation. */
  readonly resources: Readonly<Record<string, StackResource>>;
  readonly outputs: Readonly<Record<string, StackOutput>>;
  /** Names of the exports of other stacks that it imports. */
  readonly imports: readonly string[];
  /** The template's own. */
  readonly metadata: JsonMap;
}

export interface StackResult {
  readonly region: Region;
  readonly stack: Stack;
  /** Warnings: types and properties without effect here, and the like. */
  readonly problems: readonly Problem[];
  /** Of each resource that was made, in the order of creation; by its path (`Nested.LogicalId`). */
  readonly steps: ReadonlyMap<string, Step>;
  /** Paths of resources that are refused, and of what depends on those. */
  readonly blocked: ReadonlySet<string>;
  /** Why the stack as a whole is refused: before its first resource, or after its last. */
  readonly refusal?: { readonly reason: string; readonly at: 'start' | 'end' };
}

/**
 * Creates every resource of the template in the region. Throws TemplateError with all problems
 * that can be told, and then nothing is made: the region given is never changed.
 */
export function createStack(region: Region, given: Template, options: StackOptions): StackResult {
  const template = withLoopsFor(given, options.parameters);
  const warnings: Problem[] = [];
  try {
    const made = create(region, template, options, (warning) => warnings.push(warning));
    return { ...made, problems: placed(template, warnings) };
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error;
    throw new TemplateError(template, error.problems, { cause: error });
  }
}

function create(
  region: Region,
  template: Template,
  options: StackOptions,
  warn: (problem: Problem) => void,
): Omit<StackResult, 'problems'> {
  const { stackName, keepRefused = false } = options;
  // What a nested stack exports can be imported by what comes after it.
  const exports = { ...options.exports };
  const parameters = settle(region, template, options, warn);
  const imports = new Set<string>();
  let next = region;
  const base = {
    template,
    regionName: region.name,
    zones: region.zones,
    pseudoParameters: pseudoParameters(region, stackName, options.stackId),
    parameters,
    exports,
    imported: (name: string) => imports.add(name),
    parameterStore: { ...region.parameters, ...options.parameterStore },
    isSecret: (id: string) => secretOf(next, id) !== undefined,
    warn,
  };
  const condition = settleConditions(base);
  checkRules({ ...base, condition });

  const created = createdResources(template, condition);
  const holds = (name: string) => condition(name, `Conditions.${name}`);
  const dependencies = dependenciesOf(template, created, holds);
  const order = creationOrder(dependencies);

  const resources = new Map<string, StackResource>();
  const scope: Scope = { ...base, condition, resources };
  const blocked = new Set<string>();
  const steps = new Map<string, Step>();
  const attributes = attributesAsked(template);
  const problems: Problem[] = [];
  let refusal: StackResult['refusal'];
  const refuse = (logicalId: string, error: ProblemsError): void => {
    blocked.add(logicalId);
    if (!keepRefused) problems.push(...error.problems);
    else if (error instanceof RefusedError) resources.set(logicalId, error.resource);
    else if (isMissingImport(error)) {
      refusal ??= { reason: messageOfCloudFormation(error), at: 'start' };
    } else problems.push(...error.problems);
  };
  const make = (logicalId: string, dependsOn: readonly string[]): void => {
    const before = next;
    const asked = attributes.get(logicalId) ?? [];
    const isNested = template.resources[logicalId]?.type === NESTED_STACK;
    const nested = isNested
      ? createNestedStack(next, scope, logicalId, dependsOn, { ...options, exports }, createStack)
      : undefined;
    const result = nested ?? createResource(next, scope, logicalId, dependsOn, options, asked);
    next = result.region;
    resources.set(logicalId, result.resource);
    for (const [path, step] of nested?.inner.steps ?? []) steps.set(`${logicalId}.${path}`, step);
    steps.set(logicalId, { before, after: next });
    if (nested === undefined) return;
    Object.assign(exports, exportedBy(nested.resource.nested));
    refusal ??= nested.inner.refusal;
    for (const path of nested.inner.blocked) blocked.add(`${logicalId}.${path}`);
    // Its outputs are not known.
    if (nested.inner.blocked.size > 0 || nested.inner.refusal !== undefined) blocked.add(logicalId);
  };
  for (const logicalId of order) {
    const dependsOn = dependencies[logicalId] ?? [];
    // What waits for a resource that failed cannot be judged; its own mistakes show up next time.
    if (dependsOn.some((name) => blocked.has(name))) {
      blocked.add(logicalId);
      continue;
    }
    try {
      make(logicalId, dependsOn);
    } catch (error) {
      if (!(error instanceof ProblemsError)) throw error;
      refuse(logicalId, error);
    }
  }
  if (problems.length > 0) throw new ProblemsError(problems);
  let outputs: Stack['outputs'] = {};
  try {
    if (blocked.size === 0 && refusal === undefined) outputs = createOutputs(scope);
  } catch (error) {
    const isKnown = error instanceof ProblemsError && error.problems.every(isOfExports);
    if (!keepRefused || !isKnown) throw error;
    const at = isMissingImport(error) ? 'start' : 'end';
    refusal = { reason: messageOfCloudFormation(error), at };
  }
  return {
    region: next,
    stack: {
      name: stackName,
      id: options.stackId ?? stackIdOf(region, stackName),
      parameters: shownParameters(template, parameters),
      resources: Object.fromEntries(resources),
      outputs,
      imports: [...imports],
      metadata: template.metadata,
    },
    ...{ steps, blocked },
    ...(refusal === undefined ? {} : { refusal }),
  };
}

/** By name, with their values. */
export function exportedBy(
  stack: Pick<Stack, 'outputs'> | undefined,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.values(stack?.outputs ?? {}).flatMap(({ exportName, value }) =>
      exportName === undefined ? [] : [[exportName, value] as const],
    ),
  );
}

/** Exports are other stacks' affair: CloudFormation finds them missing or taken while it works. */
const isOfExports = ({ says }: Problem): boolean =>
  says?.text.startsWith('No export named ') === true ||
  says?.text.startsWith('Export with name ') === true;

const isMissingImport = ({ problems }: ProblemsError): boolean =>
  problems.every(({ says }) => says?.text.startsWith('No export named ') === true);

/** Everything that can be checked before any condition is known, together. */
function settle(
  region: Region,
  template: Template,
  { stackName, parameters, parameterStore }: StackOptions,
  warn: (problem: Problem) => void,
): JsonMap {
  let values: JsonMap = {};
  together(
    () => checkStackName(stackName),
    () => checkTransforms(template),
    () => checkReferences(template),
    () => {
      const known = { ...region, parameters: { ...region.parameters, ...parameterStore } };
      values = resolveParameters(template, parameters, known, warn);
    },
  );
  return values;
}

function checkStackName(name: string): void {
  if (/^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(name)) return;
  const hint = 'Use letters, digits and hyphens, a letter first, at most 128.';
  throw problem('', `"${name}" is not a stack name.`, hint);
}

function checkTransforms({ transforms, resources, outputs, conditions }: Template): void {
  checkMacros({
    Conditions: conditions,
    Outputs: Object.fromEntries(
      Object.entries(outputs).map(([name, { value }]) => [name, { Value: value }]),
    ),
    Resources: Object.fromEntries(
      Object.entries(resources).map(([name, { properties }]) => [name, { Properties: properties }]),
    ),
  });
  // Its functions are known without it; those that are not are named where they are used.
  const macros = transforms.filter((name) => name !== 'AWS::LanguageExtensions');
  if (macros.length === 0) return;
  throw problem(
    'Transform',
    `The template needs ${list(macros)}, code that runs in AWS; it cannot be run here.`,
    'Give the template that the macro makes of this one.',
  );
}

function createdResources(template: Template, condition: Scope['condition']): readonly string[] {
  return gather(Object.entries(template.resources), ([logicalId, resource]) => {
    const path = `Resources.${logicalId}.Condition`;
    const wanted = resource.condition === undefined || condition(resource.condition, path);
    return wanted ? [logicalId] : [];
  }).flat();
}

/** The attributes that the template asks of each resource. */
function attributesAsked(template: Template): ReadonlyMap<string, readonly string[]> {
  const everything: readonly Json[] = [
    ...Object.values(template.resources).map(({ properties }) => properties),
    ...Object.values(template.outputs).map(({ value }) => value),
  ];
  const asked = new Map<string, string[]>();
  for (const { name, attribute } of everything.flatMap((value) => referencesOf(value, ''))) {
    if (attribute === undefined) continue;
    const names = asked.get(name) ?? [];
    if (!names.includes(attribute)) asked.set(name, [...names, attribute]);
  }
  return asked;
}

function placed(template: Template, warnings: readonly Problem[]): readonly Problem[] {
  const seen = new Set<string>();
  return warnings.flatMap((warning) => {
    const key = `${warning.path}\n${warning.message}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [placeProblem(template, warning)];
  });
}
