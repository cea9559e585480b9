/** What differs between two states of a stack, resource by resource. */
import type { Json, JsonMap } from '../region/json.ts';
import { isEqual } from '../region/merge.ts';
import type { StackResource } from './create-resource.ts';
import { referencesOf } from './references.ts';
import type { Stack } from './stack.ts';
import type { Template } from './template.ts';

/** Whether a change of a property means a new resource, as the published specification says. */
export type Recreation = 'Never' | 'Conditionally' | 'Always';
export type CausesReplacement = (type: string, property: string) => Recreation;

export type ChangeScope =
  | 'Properties'
  | 'Metadata'
  | 'CreationPolicy'
  | 'UpdatePolicy'
  | 'DeletionPolicy'
  | 'UpdateReplacePolicy'
  | 'Tags';

export interface PropertyChange {
  /** The top-level property. */
  readonly property: string;
  readonly requiresRecreation: Recreation;
  /** As JSON. */
  readonly before?: string;
  readonly after?: string;
  /** The parameter, resource or attribute whose change is the cause, where it is no direct one. */
  readonly causingEntity?: string;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html */
export interface ResourceChange {
  readonly action: 'Add' | 'Modify' | 'Remove';
  readonly logicalId: string;
  readonly type: string;
  /** Absent for what is not there yet. */
  readonly physicalId?: string;
  /** For Modify only. */
  readonly replacement?: 'True' | 'False' | 'Conditional';
  readonly scope: readonly ChangeScope[];
  readonly details: readonly PropertyChange[];
  /** Of a nested stack: what changes in it. */
  readonly nested?: readonly ResourceChange[];
}

/** A state of a stack and the template that it is of. */
export interface Side {
  readonly template: Template;
  readonly stack: Stack;
}

/** Every resource that differs: modified and added ones in the order of creation, then removed ones. */
export function resourceChanges(
  before: Side | undefined,
  after: Side,
  causesReplacement: CausesReplacement,
): readonly ResourceChange[] {
  const old = before?.stack.resources ?? {};
  const now = after.stack.resources;
  const here = Object.values(now).flatMap((resource) => {
    const former = old[resource.logicalId];
    if (former === undefined || before === undefined) return [added(resource, causesReplacement)];
    return modified(former, resource, before, after, causesReplacement) ?? [];
  });
  const gone = Object.values(old).filter(({ logicalId }) => now[logicalId] === undefined);
  return [...here, ...gone.toReversed().map(removed)];
}

/** A nested stack as a side of its own. */
function sideOf({ nested }: StackResource): Side | undefined {
  return nested === undefined ? undefined : { template: nested.source.template, stack: nested };
}

/** The top-level properties that differ, in the order of the new ones. */
export function propertyChanges(
  before: StackResource,
  after: StackResource,
  causesReplacement: CausesReplacement,
): readonly PropertyChange[] {
  const [old, now] = [before.properties, after.properties];
  const names = new Set([...Object.keys(now), ...Object.keys(old)]);
  return [...names]
    .filter((name) => !isEqual(old[name], now[name]))
    .map((property) => ({
      property,
      requiresRecreation: causesReplacement(after.type, property),
      ...shown('before', old[property]),
      ...shown('after', now[property]),
    }));
}

/**
 * Whether the changes make a new resource. Of properties that replace under conditions only, AWS's
 * pages say which: an instance in a VPC keeps its id over a new type, groups or user data, which
 * need a stop and a start at most.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-instance.html
 */
export function isReplaced(type: string, changes: readonly PropertyChange[]): boolean {
  return changes.some(
    ({ property, requiresRecreation }) =>
      requiresRecreation === 'Always' ||
      (requiresRecreation === 'Conditionally' && REPLACING.has(`${type}.${property}`)),
  );
}

const REPLACING: ReadonlySet<string> = new Set([
  'AWS::EC2::Instance.BlockDeviceMappings',
  'AWS::EC2::Instance.AdditionalInfo',
  'AWS::EC2::VPCPeeringConnection.PeerRoleArn',
]);

function modified(
  former: StackResource,
  resource: StackResource,
  before: Side,
  after: Side,
  causesReplacement: CausesReplacement,
): ResourceChange | undefined {
  const changes = propertyChanges(former, resource, causesReplacement).map((change) => ({
    ...change,
    ...causeOf(change.property, resource.logicalId, before, after),
  }));
  const scope: ChangeScope[] = [];
  const [outer, own] = [sideOf(former), sideOf(resource)];
  const isSame = former.generation === resource.generation;
  const nested =
    own === undefined
      ? undefined
      : resourceChanges(isSame ? outer : undefined, own, causesReplacement);
  const inner = (nested?.length ?? 0) > 0 || !isEqual(outer?.stack.outputs, own?.stack.outputs);
  if (inner || changes.some(({ property }) => property !== 'Tags')) scope.push('Properties');
  if (changes.some(({ property }) => property === 'Tags')) scope.push('Tags');
  const attributes = [
    ['Metadata', former.metadata, resource.metadata],
    ['CreationPolicy', former.creationPolicy, resource.creationPolicy],
    ['UpdatePolicy', former.updatePolicy, resource.updatePolicy],
    ['DeletionPolicy', former.deletionPolicy, resource.deletionPolicy],
    ['UpdateReplacePolicy', former.updateReplacePolicy, resource.updateReplacePolicy],
  ] as const;
  for (const [name, old, now] of attributes) if (!isEqual(old, now)) scope.push(name);
  if (resource.refused !== undefined && scope.length === 0) scope.push('Properties');
  if (scope.length === 0) return undefined;
  const { logicalId, type } = resource;
  return {
    ...{ action: 'Modify', logicalId, type, physicalId: former.physicalId },
    replacement: replacementOf(former, resource, changes),
    scope,
    details: changes,
    ...(nested === undefined ? {} : { nested }),
  };
}

function replacementOf(
  former: StackResource,
  resource: StackResource,
  changes: readonly PropertyChange[],
): 'True' | 'False' | 'Conditional' {
  if (former.generation !== resource.generation) return 'True';
  const conditional = changes.some((change) => change.requiresRecreation === 'Conditionally');
  return conditional ? 'Conditional' : 'False';
}

/** What a property that is written as before refers to, and that has another value now. */
function causeOf(
  property: string,
  logicalId: string,
  before: Side,
  after: Side,
): { readonly causingEntity?: string } {
  const declared = ({ template }: Side): Json | undefined =>
    template.resources[logicalId]?.properties[property];
  const written = declared(after);
  if (written === undefined || !isEqual(declared(before), written)) return {};
  const cause = referencesOf(written, '').find(({ name, attribute }) => {
    const value = ({ stack }: Side): Json | undefined =>
      attribute === undefined
        ? (stack.parameters[name] ?? stack.resources[name]?.physicalId)
        : stack.resources[name]?.attributes[attribute];
    return !isEqual(value(before), value(after));
  });
  if (cause === undefined) return {};
  const { name, attribute } = cause;
  return { causingEntity: attribute === undefined ? name : `${name}.${attribute}` };
}

function added(resource: StackResource, causesReplacement: CausesReplacement): ResourceChange {
  const { logicalId, type } = resource;
  const own = sideOf(resource);
  const nested = own && resourceChanges(undefined, own, causesReplacement);
  return {
    ...{ action: 'Add', logicalId, type, scope: [], details: [] },
    ...(nested === undefined ? {} : { nested }),
  };
}

function removed({ logicalId, type, physicalId, nested }: StackResource): ResourceChange {
  return {
    ...{ action: 'Remove', logicalId, type, physicalId, scope: [], details: [] },
    ...(nested === undefined
      ? {}
      : { nested: Object.values(nested.resources).toReversed().map(removed) }),
  };
}

function shown<K extends 'before' | 'after'>(
  key: K,
  value: JsonMap[string] | undefined,
): { [P in K]?: string } {
  if (value === undefined) return {};
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return { [key]: text } as { [P in K]?: string };
}
