/**
 * Plans what a new template or new parameters do to a stack and its region: which resources
 * change in place, which are replaced, and the states that the region goes through.
 */
import { withoutOrphans } from '../region/auto-scaling/launch.ts';
import { addedEntries, type Entry, withEntries, withoutEntries } from '../region/entry.ts';
import { isEqual, mergeRegions } from '../region/merge.ts';
import { list, type Problem, problem } from '../region/problem.ts';
import type { Region } from '../region/region.ts';
import {
  type CausesReplacement,
  isReplaced,
  propertyChanges,
  type ResourceChange,
  resourceChanges,
} from './change.ts';
import type { StackResource } from './create-resource.ts';
import { flatResources } from './flat.ts';
import { type Held, heldPaths, holdBack } from './held.ts';
import { createStack, type Stack, type StackResult } from './stack.ts';
import type { StackOptions } from './stack-options.ts';
import type { Template } from './template.ts';
import { TemplateError } from './template-error.ts';
import { isReplacedByPolicy } from './update-policy.ts';

/** A stack that is there, with all that it takes to make it again. */
export interface StackState {
  readonly template: Template;
  readonly options: StackOptions;
  readonly stack: Stack;
  /** The region without it and with it, when it was made: the difference is its own doing. */
  readonly without: Region;
  readonly within: Region;
}

export interface StackPlan {
  readonly before: StackState | undefined;
  readonly after: StackState;
  readonly changes: readonly ResourceChange[];
  /** Outputs may change without any resource. */
  readonly changesOutputs: boolean;
  /** The region while the plan is carried out: with what is new and with what will go. */
  readonly during: Region;
  /** The region in the end. */
  readonly target: Region;
  /** What is there in `during` only. */
  readonly leaving: readonly Entry[];
  readonly problems: readonly Problem[];
  /** Paths of what goes out of the stack and stays in the region. */
  readonly retained: ReadonlySet<string>;
  /** What is there from the beginning, and what waits for its turn. */
  readonly held: Held;
  /** Why the plan as a whole cannot be carried out. */
  readonly refusal?: StackResult['refusal'];
}

/** The region as it would be had the stack never been made; what others did stays. */
export function regionWithout(now: Region, state: StackState): Region {
  return mergeRegions(state.within, state.without, now);
}

/**
 * Plans the creation of a stack (`before` absent) or its update. Nothing is changed. Throws
 * TemplateError with all problems that can be told.
 * @param now the region as it is, the stack in it
 */
export function planStack(
  now: Region,
  before: StackState | undefined,
  template: Template,
  options: Omit<StackOptions, 'generations' | 'formerVersions'>,
  causesReplacement: CausesReplacement,
): StackPlan {
  if (before !== undefined) checkTypes(before.stack, template);
  const without = before === undefined ? now : regionWithout(now, before);
  const former =
    before === undefined
      ? undefined
      : createStack(without, before.template, {
          ...before.options,
          exports: options.exports ?? {},
        });
  const made = settle(without, former, template, options, causesReplacement);
  const first = createStack(without, template, made);
  const gone = former === undefined ? [] : addedEntries(first.region, former.region);
  // What will go is in the way until it has gone: names and addresses that are taken are told.
  const result =
    gone.length === 0 || former === undefined
      ? first
      : createStack(withEntries(without, former.region, gone), template, made);
  const retained = retainedOf(former?.stack, result.stack);
  const kept = retained
    .flatMap(({ entries }) => entries)
    .filter(({ table, id }) => now[table][id] !== undefined);
  const within = withNames(withoutEntries(result.region, gone), first.region, now, kept);
  const merged =
    former === undefined
      ? within
      : withEntries(mergeRegions(former.region, within, now), now, kept);
  const target = withoutOrphans(now, merged);
  // With a group go the instances that it has now.
  const leaving = [...gone, ...addedEntries(target, merged)].filter(
    ({ table, id }) => target[table][id] === undefined,
  );
  const side = before === undefined ? undefined : { ...before, stack: before.stack };
  const after = { template, options: made, stack: result.stack, without, within };
  const { stack, blocked, problems, refusal } = result;
  // What waits for a refused resource is neither changed nor removed.
  const changes = resourceChanges(side, after, causesReplacement).filter(
    ({ action, logicalId }) => action !== 'Remove' || !blocked.has(logicalId),
  );
  const during = withEntries(target, now, leaving);
  const paths = new Set(heldPaths(template, stack, changes));
  return {
    ...{ before, after, changes, during, target, leaving, problems },
    retained: new Set(retained.map(({ logicalId }) => logicalId)),
    changesOutputs: !isEqual(before?.stack.outputs, stack.outputs),
    held: holdBack(now, during, former, result, paths),
    ...(refusal === undefined ? {} : { refusal }),
  };
}

/**
 * The instances are called as in `named`: what takes the place of another one has its name, though
 * both are there for a while. Not where the other one is kept.
 */
function withNames(region: Region, named: Region, now: Region, kept: readonly Entry[]): Region {
  const taken = kept.flatMap(({ table, id }) =>
    table === 'instances' ? (now.instances[id]?.name ?? []) : [],
  );
  const instances = Object.entries(region.instances).map(([id, instance]) => {
    const { name } = named.instances[id] ?? instance;
    const stays = name === instance.name || taken.includes(name);
    return [id, stays ? instance : { ...instance, name }] as const;
  });
  return { ...region, instances: Object.fromEntries(instances) };
}

/** What is to be retained of the resources that `after` has no more; see flatResources. */
function retainedOf(before: Stack | undefined, after: Stack): readonly StackResource[] {
  if (before === undefined) return [];
  const next = byPath(after);
  return flatResources(before).filter((resource) => {
    const own = next.get(resource.logicalId);
    if (own === undefined) return resource.deletionPolicy?.startsWith('Retain');
    const isReplaced = own.generation !== resource.generation;
    return isReplaced && own.updateReplacePolicy?.startsWith('Retain') === true;
  });
}

/** Raises the generation of what is replaced, until no replacement causes a further one. */
function settle(
  without: Region,
  former: StackResult | undefined,
  template: Template,
  options: Omit<StackOptions, 'generations' | 'formerVersions'>,
  causesReplacement: CausesReplacement,
): StackOptions {
  if (former === undefined) return options;
  const old = byPath(former.stack);
  const kept = [...old].filter(([, { generation }]) => generation > 0);
  let generations: Readonly<Record<string, number>> = Object.fromEntries(
    kept.map(([path, { generation }]) => [path, generation]),
  );
  for (;;) {
    const made = {
      ...options,
      generations,
      formerVersions: versionsOf(former.region, old, generations),
    };
    const { stack } = createStack(without, template, made);
    const replaced = [...byPath(stack)].filter(([path, resource]) => {
      const before = old.get(path);
      if (before === undefined || resource.generation !== before.generation) return false;
      const changes = propertyChanges(before, resource, causesReplacement);
      return isReplaced(resource.type, changes) || isReplacedByPolicy(resource, changes);
    });
    if (replaced.length === 0) return made;
    const raised = replaced.map(([path, { generation }]) => [path, generation + 1] as const);
    generations = { ...generations, ...Object.fromEntries(raised) };
  }
}

/** What launch templates had so far; one that is replaced begins anew. */
function versionsOf(
  region: Region,
  old: ReadonlyMap<string, StackResource>,
  generations: Readonly<Record<string, number>>,
): NonNullable<StackOptions['formerVersions']> {
  return Object.fromEntries(
    [...old].flatMap(([path, { physicalId, generation }]) => {
      const template = region.launchTemplates[physicalId];
      if (template === undefined || (generations[path] ?? 0) !== generation) return [];
      return [[path, template.versions.map(({ data }) => data)] as const];
    }),
  );
}

const byPath = (stack: Stack) =>
  new Map(flatResources(stack).map((each) => [each.logicalId, each] as const));

function checkTypes(before: Stack, template: Template): void {
  const changed = Object.values(before.resources)
    .filter(({ logicalId, type }) => (template.resources[logicalId]?.type ?? type) !== type)
    .map(({ logicalId }) => logicalId);
  if (changed.length === 0) return;
  const { problems } = problem(
    `Resources.${changed[0]}.Type`,
    'Update of resource type is not permitted. The new template modifies resource type of the ' +
      `following resources: [${list(changed)}]`,
    'Give the resource of the new type another logical id.',
  );
  throw new TemplateError(template, problems);
}
