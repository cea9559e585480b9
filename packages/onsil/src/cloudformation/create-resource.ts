import { addedEntries, type Entry } from '../region/entry.ts';
import type { Json, JsonMap } from '../region/json.ts';
import { type Problem, problem } from '../region/problem.ts';
import type { Region } from '../region/region.ts';
import { Properties } from '../region/resources/properties.ts';
import { standInAttributes } from '../region/resources/recorded.ts';
import { nameOf, type ResourceContext } from '../region/resources/resource-type.ts';
import { resourceTypes } from '../region/resources/resource-types.ts';
import { evaluate, evaluateMap } from './evaluate.ts';
import { stackIdOf } from './pseudo-parameters.ts';
import { NO_VALUE, type Scope } from './scope.ts';
import type { Stack, StackOptions } from './stack.ts';

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
  readonly nested?: Stack;
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
  const value = evaluateMap(declaration.properties, scope, `${path}.Properties`);
  const part = (name: string, given: Json | undefined): Json | undefined => {
    const result = given === undefined ? NO_VALUE : evaluate(given, scope, `${path}.${name}`);
    return result === NO_VALUE ? undefined : result;
  };
  const creationPolicy = part('CreationPolicy', declaration.creationPolicy);
  const updatePolicy = part('UpdatePolicy', declaration.updatePolicy);
  const metadata = part('Metadata', declaration.metadata);
  const { stackName, secret, generations, formerVersions, launchesLater = false } = options;
  const generation = generations?.[logicalId] ?? 0;
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
  const made = known.create(region, properties, context);
  properties.check();
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
