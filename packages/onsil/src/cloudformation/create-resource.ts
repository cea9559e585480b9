import { addedEntries, type Entry } from '../region/entry.ts';
import type { Json, JsonMap } from '../region/json.ts';
import {
  messageOfCloudFormation,
  type Problem,
  ProblemsError,
  problem,
} from '../region/problem.ts';
import type { Region } from '../region/region.ts';
import { Properties } from '../region/resources/properties.ts';
import { standInAttributes } from '../region/resources/recorded.ts';
import { nameOf, type ResourceContext } from '../region/resources/resource-type.ts';
import { resourceTypes } from '../region/resources/resource-types.ts';
import { evaluate, evaluateMap } from './evaluate.ts';
import type { NestedStack } from './nested-stack.ts';
import { stackIdOf } from './pseudo-parameters.ts';
import { referencesOf } from './references.ts';
import { NO_VALUE, type Scope } from './scope.ts';
import type { StackOptions } from './stack-options.ts';

export interface StackResource {
  readonly type: string;
  readonly logicalId: string;
  /** What Ref gives. */
  readonly physicalId: string;
  readonly attributes: JsonMap;
  /** As the template gives them, with every function replaced by its value. */
  readonly properties: JsonMap;
  readonly metadata?: Json;
  /** Direct dependencies that exist, in the order of the template. */
  readonly dependsOn: readonly string[];
  readonly deletionPolicy?: string;
  readonly updateReplacePolicy?: string;
  readonly creationPolicy?: Json;
  readonly updatePolicy?: Json;
  /** Entries of the region that are its own: it made them. */
  readonly entries: readonly Entry[];
  /** How often it was replaced. */
  readonly generation: number;
  /** `recorded`: kept by name, without effect in the region. */
  readonly status: 'modelled' | 'recorded';
  /** The stack that an AWS::CloudFormation::Stack is. */
  readonly nested?: NestedStack;
  /** Why it cannot be made: known when it is made, as AWS's services know it. */
  readonly refused?: string;
}

/** A resource that its service would refuse; the template itself is right. */
export class RefusedError extends ProblemsError {
  override readonly name = 'RefusedError';
  /** As far as it is known. */
  readonly resource: StackResource;

  constructor(
    cause: ProblemsError,
    known: Pick<StackResource, 'type' | 'logicalId' | 'dependsOn' | 'properties' | 'generation'>,
  ) {
    super(cause.problems, { cause });
    this.resource = {
      ...{ ...known, physicalId: '', attributes: {}, entries: [], status: 'modelled' },
      // Told with the resource: of the path only the property says anything.
      refused: messageOfCloudFormation(cause).replace(
        `Resources.${known.logicalId}.Properties.`,
        '',
      ),
    };
  }
}

/** The region with one resource more. Throws ProblemsError where it cannot be created. */
export function createResource(
  region: Region,
  scope: Scope,
  logicalId: string,
  dependsOn: readonly string[],
  options: StackOptions,
  attributesAsked: readonly string[],
): { readonly region: Region; readonly resource: StackResource } {
  const declaration = scope.template.resources[logicalId];
  if (declaration === undefined)
    throw problem(`Resources.${logicalId}`, 'There is no such resource.');
  const { type, deletionPolicy, updateReplacePolicy } = declaration;
  const path = `Resources.${logicalId}`;
  const { stackName, secret, formerVersions, launchesLater = false } = options;
  const generation = options.generations?.[logicalId] ?? 0;
  const value = refusedIf(
    (error) => isKnownAtCreation(error, scope, logicalId),
    { type, logicalId, dependsOn, properties: {}, generation },
    () => evaluateMap(declaration.properties, scope, `${path}.Properties`),
  );
  const part = (name: string, given: Json | undefined): Json | undefined => {
    const result = given === undefined ? NO_VALUE : evaluate(given, scope, `${path}.${name}`);
    return result === NO_VALUE ? undefined : result;
  };
  const creationPolicy = part('CreationPolicy', declaration.creationPolicy);
  const updatePolicy = part('UpdatePolicy', declaration.updatePolicy);
  const metadata = part('Metadata', declaration.metadata);
  const context: ResourceContext = {
    account: region.account,
    regionName: region.name,
    stackName,
    logicalId,
    secret,
    generation,
    stackId: options.stackId ?? stackIdOf(region, stackName),
    formerVersions: formerVersions?.[logicalId] ?? [],
    launchesLater,
  };
  const common = {
    type,
    logicalId,
    dependsOn,
    properties: value,
    generation,
    ...(deletionPolicy === undefined ? {} : { deletionPolicy }),
    ...(updateReplacePolicy === undefined ? {} : { updateReplacePolicy }),
    ...(creationPolicy === undefined ? {} : { creationPolicy }),
    ...(updatePolicy === undefined ? {} : { updatePolicy }),
    ...(metadata === undefined ? {} : { metadata }),
  };
  const known = resourceTypes.get(type);
  if (known === undefined) {
    scope.warn(notModelled(type, path));
    return {
      region,
      resource: {
        ...common,
        physicalId: nameOf(context),
        attributes: standInAttributes(type, attributesAsked, context),
        entries: [],
        status: 'recorded',
      },
    };
  }
  const { real = [], recorded = [], rejected = [] } = known.properties ?? {};
  const names =
    known.properties === undefined ? Object.keys(value) : [...real, ...recorded, ...rejected];
  const taken = Object.entries(value).filter(([name]) => names.includes(name));
  const properties = new Properties(Object.fromEntries(taken), `${path}.Properties`);
  properties.ignore(...recorded);
  const made = refusedIf(
    () => true,
    common,
    () => {
      const result = known.create(region, properties, context);
      properties.check();
      return result;
    },
  );
  const status = made.status ?? 'modelled';
  if (known.recorded === true) scope.warn(notModelled(type, path));
  for (const warning of properties.warnings) scope.warn(warning);
  // Nothing of a recorded resource has an effect; naming every property would only hide that.
  const others = Object.keys(value).filter((name) => !names.includes(name));
  const unknown = others.map((name) => `${path}.Properties.${name}`);
  for (const unread of status === 'modelled' ? [...unknown, ...properties.unread()] : []) {
    const name = unread.slice(unread.lastIndexOf('.') + 1);
    const message = `${name} of ${type} is not modelled: it has no effect here.`;
    scope.warn({ severity: 'warning', path: unread, message });
  }
  const { physicalId } = made;
  const attributes =
    status === 'recorded'
      ? { ...standInAttributes(type, attributesAsked, context), ...made.attributes }
      : made.attributes;
  const entries = addedEntries(region, made.region);
  const logicalIds = { ...made.region.logicalIds, [physicalId]: logicalId };
  return {
    region: { ...made.region, logicalIds },
    resource: { ...common, physicalId, attributes, entries, status },
  };
}

/** Throws RefusedError in the place of problems that only the service can have. */
function refusedIf<T>(
  holds: (error: ProblemsError) => boolean,
  known: ConstructorParameters<typeof RefusedError>[1],
  step: () => T,
): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof ProblemsError && holds(error)) throw new RefusedError(error, known);
    throw error;
  }
}

/**
 * Whether all problems are of values that are known only when other resources are there. What
 * CloudFormation says as a "Template error" it says of the template.
 */
function isKnownAtCreation(
  { problems }: ProblemsError,
  { template }: Pick<Scope, 'template'>,
  logicalId: string,
): boolean {
  const prefix = `Resources.${logicalId}.Properties.`;
  return problems.every(({ path, says }) => {
    if (says !== undefined) return false;
    const [name = ''] = path.slice(prefix.length).split(/[.[]/);
    const declared = template.resources[logicalId]?.properties[name] ?? null;
    return referencesOf(declared, '').some((each) => template.resources[each.name] !== undefined);
  });
}

function notModelled(type: string, path: string): Problem {
  if (type === 'AWS::CloudFormation::Stack') {
    const message = `The template of the nested stack is not at hand: ${type} is recorded, not run.`;
    return { severity: 'warning', path, message };
  }
  const custom = type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
  return {
    severity: 'warning',
    path,
    message: custom
      ? `${type} is made by code that runs in AWS: it is recorded, not run.`
      : `${type} is not modelled: it is recorded, not run.`,
  };
}
