/**
 * Plans what a new template or new parameters do to a stack and its region: which resources
 * change in place, which are replaced, and the states that the region goes through.
 */
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
import { createStack, type Stack, type StackOptions } from './stack.ts';
import type { Template } from './template.ts';
import { TemplateError } from './template-error.ts';

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
  options: Omit<StackOptions, 'generations'>,
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
  const generations = settle(without, former?.stack, template, options, causesReplacement);
  const made = { ...options, generations };
  const first = createStack(without, template, made);
  const gone = former === undefined ? [] : addedEntries(first.region, former.region);
  // What will go is in the way until it has gone: names and addresses that are taken are told.
  const result =
    gone.length === 0 || former === undefined
      ? first
      : createStack(withEntries(without, former.region, gone), template, made);
  const kept = retained(former?.stack, result.stack, now);
  const within = withNames(withoutEntries(result.region, gone), first.region, now, kept);
  const target =
    former === undefined
      ? within
      : withEntries(mergeRegions(former.region, within, now), now, kept);
  const leaving = gone.filter(({ table, id }) => target[table][id] === undefined);
  const side = before === undefined ? undefined : { ...before, stack: before.stack };
  const after = { template, options: made, stack: result.stack, without, within };
  return {
    before,
    after,
    changes: resourceChanges(side, after, causesReplacement),
    changesOutputs: !isEqual(before?.stack.outputs, result.stack.outputs),
    during: withEntries(target, now, leaving),
    target,
    leaving,
    problems: first.problems,
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

/** The template as a stack that does nothing but keep what is to be retained: for a deletion. */
export function retained(
  before: Stack | undefined,
  after: Stack | undefined,
  now: Region,
): readonly Entry[] {
  const leaving = Object.values(before?.resources ?? {}).filter((resource) => {
    const next = after?.resources[resource.logicalId];
    const policy =
      next === undefined
        ? (resource.deletionPolicy ?? 'Delete')
        : next.generation === resource.generation
          ? 'Delete'
          : (next.updateReplacePolicy ?? 'Delete');
    return policy.startsWith('Retain');
  });
  return leaving
    .flatMap(({ entries }) => entries)
    .filter(({ table, id }) => now[table][id] !== undefined);
}

/** Raises the generation of what is replaced, until no replacement causes a further one. */
function settle(
  without: Region,
  former: Stack | undefined,
  template: Template,
  options: Omit<StackOptions, 'generations'>,
  causesReplacement: CausesReplacement,
): Readonly<Record<string, number>> {
  if (former === undefined) return {};
  const old = new Map(flat(former));
  const kept = [...old].filter(([, { generation }]) => generation > 0);
  let generations: Readonly<Record<string, number>> = Object.fromEntries(
    kept.map(([path, { generation }]) => [path, generation]),
  );
  for (;;) {
    const { stack } = createStack(without, template, { ...options, generations });
    const replaced = flat(stack).filter(([path, resource]) => {
      const before = old.get(path);
      if (before === undefined || resource.generation !== before.generation) return false;
      return isReplaced(resource.type, propertyChanges(before, resource, causesReplacement));
    });
    if (replaced.length === 0) return generations;
    const raised = replaced.map(([path, { generation }]) => [path, generation + 1] as const);
    generations = { ...generations, ...Object.fromEntries(raised) };
  }
}

/** All resources by logical id, those of nested stacks as `Nested.LogicalId`. */
function flat(stack: Stack): readonly (readonly [string, StackResource])[] {
  return Object.values(stack.resources).flatMap((resource) => [
    [resource.logicalId, resource] as const,
    ...(resource.nested === undefined
      ? []
      : flat(resource.nested).map(
          ([path, inner]) => [`${resource.logicalId}.${path}`, inner] as const,
        )),
  ]);
}

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
